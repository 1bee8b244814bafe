"""Installing hooks leaves everything else alone, and taking them out leaves no trace, in the settings of every agent."""

from __future__ import annotations

import json
import random
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from referee.adapters.hooks.moments import CALL, HOSTS, PROMPT, RESULT, moment
from referee.adapters.hooks.settings.installing import install, status, uninstall, where
from referee.adapters.hooks.settings.jsonc import NotJson, cut, edited, grow, parse
from referee.adapters.hooks.settings.kept import SettingsError
from referee.adapters.hooks.settings.places import PLACES

JSON_HOSTS = [host for host in HOSTS if PLACES[host].form in ("grouped", "flat")]
GROUPED = [host for host in HOSTS if PLACES[host].form == "grouped"]


class Installed:
    """One agent's settings in a folder, and a command whose program and policy are really there."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder / "project"
        self.folder.mkdir()
        self.path = self.folder / PLACES[host].project
        self.policy = folder / "policy.yaml"
        self.policy.write_text("version: 1\n")

    def command(self, event: str, *more: str) -> str:
        program = str(Path(sys.executable).with_name("referee"))
        return shlex.join([program, "hook", self.host, "--event", event, "--policy", str(self.policy), *more])

    def install(self, *more: str) -> str:
        return install(self.host, self.path, lambda event: self.command(event, *more))

    def write(self, text: str | bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def status(self) -> str:
        return status(self.host, self.path)[0]

    def uninstall(self) -> str:
        return uninstall(self.host, self.path)

    def hooks(self) -> dict[str, Any]:
        found = json.loads(self.path.read_text())["hooks"]
        assert isinstance(found, dict)
        return found

    def foreign(self) -> dict[str, Any]:
        if PLACES[self.host].form == "flat":
            return {"command": "notify-send done"}
        return {"matcher": "Bash", "hooks": [{"type": "command", "command": "notify-send done"}]}


@pytest.fixture
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Installed:
    return Installed(request.param, tmp_path)


def each(hosts: list[str] | tuple[str, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("made", hosts, indirect=True)


@each(HOSTS)
def test_there_and_back_leaves_no_trace(made: Installed) -> None:
    assert made.status() == "absent"
    assert made.install() == "installed"
    assert made.status() == "installed"
    assert made.install() == "unchanged"
    assert made.uninstall() == "restored"
    assert made.status() == "absent"
    assert list(made.folder.iterdir()) == []
    assert made.uninstall() == "absent"


@pytest.mark.parametrize("host", HOSTS)
def test_there_is_a_hook_at_every_moment_a_policy_has_a_say_in(host: str) -> None:
    about = {moment(host, event) for event in PLACES[host].events}
    assert CALL in about
    assert about <= {CALL, RESULT, PROMPT}
    assert (RESULT in about) == (host != "windsurf")
    assert (PROMPT in about) == (host != "opencode")


@each(JSON_HOSTS)
def test_entries_close_what_the_host_leaves_open(made: Installed) -> None:
    made.install()
    for event, entries in made.hooks().items():
        (entry,) = entries
        handler = entry["hooks"][0] if made.host in GROUPED else entry
        command = handler.get("command") or handler["bash"]
        assert f"--event {event}" in command
        if made.host == "claude-code":
            assert handler["onFailure"] == "block"
        elif made.host == "cursor":
            assert handler["failClosed"] is True
        else:
            assert shlex.split(command)[:2] == ["/bin/sh", "-c"]
    if made.host == "claude-code":
        assert [e[0].get("matcher") for e in made.hooks().values()] == ["*", "*", None]


ORIGINALS = [
    b'{"model":"opus",  "hooks":{"Stop":[]}}',
    b'{\r\n\t"permissions": {"deny": ["Read(./secrets)"]}\r\n}\r\n',
    b"{}",
    b"",
    b"  \n",
    '{"env": {"GREETING": "grüß dich"}}'.encode(),
    b'{\n    "hooks": {}\n}',
]


@pytest.mark.parametrize("original", ORIGINALS)
@each(JSON_HOSTS)
def test_uninstall_restores_byte_for_byte(made: Installed, original: bytes) -> None:
    made.write(original)
    made.path.chmod(0o640)
    assert made.install() == "installed"
    assert made.path.read_bytes() != original
    assert made.status() == "installed"
    assert made.uninstall() == "restored"
    assert made.path.read_bytes() == original
    assert made.path.stat().st_mode & 0o777 == 0o640
    assert list(made.path.parent.iterdir()) == [made.path]


@each(JSON_HOSTS)
def test_another_policy_replaces_the_first_and_still_restores(made: Installed) -> None:
    original = b'{"model": "opus"}'
    made.write(original)
    made.install()
    assert made.install("--state", "/tmp/state.json") == "installed"
    assert made.path.read_text().count(f"hook {made.host}") == len(PLACES[made.host].events)
    assert made.uninstall() == "restored"
    assert made.path.read_bytes() == original


@each(JSON_HOSTS)
def test_settings_changed_since_keep_their_changes(made: Installed) -> None:
    event = PLACES[made.host].events[0]
    made.write(json.dumps({"hooks": {event: [made.foreign()]}}))
    made.install()
    settings = json.loads(made.path.read_text())
    settings["model"] = "opus"
    settings["hooks"][event].append(made.foreign())
    made.path.write_text(json.dumps(settings))
    assert made.status() == "installed"
    assert made.uninstall() == "removed"
    left = json.loads(made.path.read_text())
    assert left == {**PLACES[made.host].top, "model": "opus", "hooks": {event: [made.foreign(), made.foreign()]}}
    assert made.uninstall() == "absent"


@each(GROUPED)
def test_a_foreign_handler_in_our_group_keeps_the_group(made: Installed) -> None:
    made.install()
    settings = json.loads(made.path.read_text())
    event = PLACES[made.host].events[0]
    settings["hooks"][event][0]["hooks"].append({"type": "command", "command": "x"})
    made.path.write_text(json.dumps(settings))
    assert made.uninstall() == "removed"
    (entry,) = made.hooks()[event]
    assert entry["hooks"] == [{"type": "command", "command": "x"}]
    assert set(made.hooks()) == {event}


@each(["gemini"])
def test_comments_stay_where_they_are(made: Installed) -> None:
    text = '{\n  // how it looks\n  "theme": "dark", /* not light */\n  "hooks": {\n    // nothing yet\n  },\n}\n'
    made.write(text)
    assert made.install() == "installed"
    assert all(said in made.path.read_text() for said in ("// how it looks", "/* not light */", "// nothing yet"))
    assert made.status() == "installed"
    made.path.write_text(made.path.read_text().replace("dark", "light"))
    assert made.uninstall() == "removed"
    left = made.path.read_text()
    assert all(said in left for said in ("// how it looks", "/* not light */", "light"))
    assert parse(left, comments=True).value == {"theme": "light"}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"x"',
        '{"hooks": []}',
        '{"hooks": {"EVENT": {}}}',
        '{"hooks": {"EVENT": [1]}}',
        '{"a": 1, "a": 2}',
        '{"a": 1,, "b": 2}',
        '{"a": 01}',
        '{"a": NaN}',
        '{"a": "\t"}',
        "[" * 5000,
        '{"a": 1} {"b": 2}',
        b"\xef\xbb\xbf{}",
        b'{"a": "\xff"}',
    ],
)
@each(JSON_HOSTS)
def test_settings_that_are_not_understood_are_not_touched(made: Installed, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.replace("EVENT", PLACES[made.host].events[0]).encode()
    made.write(data)
    with pytest.raises(SettingsError):
        made.install()
    assert made.path.read_bytes() == data
    assert made.status() == "damaged"
    assert list(made.path.parent.iterdir()) == [made.path]


@each([host for host in JSON_HOSTS if host != "gemini"])
def test_comments_are_no_json_where_the_host_does_not_read_them(made: Installed) -> None:
    made.write('{"a": 1 /* one */}')
    with pytest.raises(SettingsError, match="not valid JSON"):
        made.install()


@each(JSON_HOSTS)
def test_a_link_is_followed(made: Installed) -> None:
    real = made.folder / "dotfiles.json"
    real.write_text("{}")
    made.path.parent.mkdir(parents=True)
    made.path.symlink_to(real)
    made.install()
    assert made.path.is_symlink()
    assert f"hook {made.host}" in real.read_text()


@each(JSON_HOSTS)
def test_a_folder_in_place_of_settings_is_an_error(made: Installed) -> None:
    made.path.mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be used"):
        made.install()


@each(JSON_HOSTS)
def test_status_sees_what_was_weakened_or_is_gone(made: Installed) -> None:
    made.install()
    whole = made.path.read_text()
    hooks = made.hooks()
    del hooks[PLACES[made.host].events[1]]
    made.path.write_text(json.dumps({**json.loads(whole), "hooks": hooks}))
    assert made.status() == "damaged"
    for weak in ('"block"', '"failClosed": true', "exit 2", "|| said="):
        if weak in whole:
            made.path.write_text(whole.replace(weak, '"failClosed": false' if "failClosed" in weak else "exit 0", 1))
            assert made.status() == "damaged"
    made.path.write_text(whole)
    assert made.status() == "installed"
    made.policy.unlink()
    assert status(made.host, made.path) == ("damaged", f"`{made.policy}` is gone")


@each(JSON_HOSTS)
def test_what_an_older_version_wrote_is_outdated(made: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referee.adapters.hooks.settings.places.TIMEOUT", 99)
    if made.host == "windsurf":
        return
    made.install()
    monkeypatch.undo()
    assert made.status() == "outdated"
    assert made.install() == "installed"
    assert made.status() == "installed"


@each(["cursor"])
def test_cursor_cannot_read_two_slashes(made: Installed) -> None:
    with pytest.raises(SettingsError, match="//"):
        made.install("--state", "//server/state")


@each(["cline", "opencode"])
def test_files_of_others_are_neither_replaced_nor_removed(made: Installed) -> None:
    file = made.path / "PreToolUse" if made.host == "cline" else made.path
    file.parent.mkdir(parents=True)
    file.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(SettingsError, match="somebody else's"):
        made.install()
    assert made.uninstall() == "absent"
    assert file.read_text() == "#!/bin/sh\nexit 0\n"
    assert made.status() == "absent"


@each(["cline", "opencode"])
def test_files_changed_since_are_seen(made: Installed) -> None:
    made.install()
    file = made.path / "PostToolUse" if made.host == "cline" else made.path
    whole = file.read_text()
    file.write_text(whole + "\nexit 0\n")
    assert made.status() == "outdated"
    assert made.install() == "installed"
    assert file.read_text() == whole
    if made.host == "cline":
        file.chmod(0o644)
        assert made.status() == "damaged"
        file.unlink()
        assert made.status() == "damaged"


TOML = '# mine\nmodel = "gpt-5"\n\n[tui]\nnotifications = true # yes\n'


def test_codex_config_keeps_everything_else(tmp_path: Path) -> None:
    made = Installed("codex", tmp_path)
    made.path = made.folder / "config.toml"
    made.write(TOML)
    assert made.install() == "installed"
    assert made.install() == "unchanged"
    assert made.path.read_text().startswith(TOML)
    hooks = tomllib.loads(made.path.read_text())["hooks"]
    assert set(hooks) == {"PreToolUse", "PostToolUse", "UserPromptSubmit"}
    assert "exit 2" in hooks["PreToolUse"][0]["hooks"][0]["command"]
    assert made.status() == "installed"
    made.path.write_text(made.path.read_text() + "\n[more]\nx = 1\n")
    assert made.uninstall() == "removed"
    assert tomllib.loads(made.path.read_text()) == {**tomllib.loads(TOML), "more": {"x": 1}}
    assert "# mine" in made.path.read_text()
    made.write(TOML)
    made.install()
    assert made.uninstall() == "restored"
    assert made.path.read_text() == TOML
    assert made.status() == "absent"


@pytest.mark.parametrize(
    "text",
    [
        "model = ",
        "hooks = 1\n",
        "hooks = {}\n",
        "hooks.PreToolUse = []\n",
        "[hooks]\nPreToolUse = {}\n",
        "[hooks.PreToolUse]\na = 1\n",
    ],
)
def test_codex_config_in_other_forms_is_not_touched(tmp_path: Path, text: str) -> None:
    made = Installed("codex", tmp_path)
    made.path = made.folder / "config.toml"
    made.write(text)
    with pytest.raises(SettingsError):
        made.install()
    assert made.path.read_text() == text


def test_a_user_has_settings_of_his_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert where("gemini", user=True) == tmp_path / ".gemini/settings.json"
    assert where("gemini", user=False) == Path(".gemini/settings.json")
    with pytest.raises(SettingsError):
        where("cline", user=True)


def scribbled(chance: random.Random, value: Any) -> str:
    """Write a value as JSON with space and comments wherever they may be."""
    gap = chance.choice(["", " ", "\n  ", ' /* a " { */ ', "\n// b } ] ,\n"])
    if isinstance(value, dict):
        pairs = [f"{json.dumps(k)}{gap}:{gap}{scribbled(chance, v)}" for k, v in value.items()]
        return "{" + gap + f"{gap},{gap}".join(pairs) + gap + "}"
    if isinstance(value, list):
        return "[" + gap + f"{gap},{gap}".join(scribbled(chance, one) for one in value) + gap + "]"
    return json.dumps(value)


def grown(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(6 if depth < 3 else 3)
    if kind < 3:
        return chance.choice([1, -2.5, True, None, 'a"b//c', "/*", "grüß", ""])
    if kind < 5:
        return {f"k{n}{chance.choice(['', ' // '])}": grown(chance, depth + 1) for n in range(chance.randrange(4))}
    return [grown(chance, depth + 1) for _ in range(chance.randrange(4))]


def test_json_is_changed_in_place_and_nothing_else_changes() -> None:
    chance = random.Random(7)
    for _ in range(400):
        value = {"first": grown(chance), "list": [grown(chance) for _ in range(chance.randrange(4))]}
        text = scribbled(chance, value)
        assert parse(text, comments=True).value == value
        more = edited(text, grow(text, parse(text, comments=True).at("list"), '{\n  "new": 1\n}'))
        assert parse(more, comments=True).value == {**value, "list": [*value["list"], {"new": 1}]}
        back = edited(more, cut(more, parse(more, comments=True).at("list"), len(value["list"])))
        assert parse(back, comments=True).value == value
        keyed = edited(text, grow(text, parse(text, comments=True), "[]", "other"))
        assert parse(keyed, comments=True).value == {**value, "other": []}
        less = edited(text, cut(text, parse(text, comments=True), "first"))
        assert parse(less, comments=True).value == {"list": value["list"]}


def test_broken_json_is_told_from_json() -> None:
    chance = random.Random(11)
    for _ in range(2000):
        text = json.dumps(grown(chance))
        at = chance.randrange(len(text) + 1)
        broken = (
            text[:at] + chance.choice(["", '"', "{", "]", ",", ":", "\\", "0", "x"]) + text[at + chance.randrange(2) :]
        )
        try:
            wanted = json.loads(broken, object_pairs_hook=lambda pairs: pairs)
        except ValueError:
            wanted = NotJson
        try:
            parse(broken, comments=False)
        except NotJson:
            assert wanted is NotJson or "NaN" in broken or "Infinity" in broken or has_twice(broken)
        else:
            assert wanted is not NotJson


def has_twice(text: str) -> bool:
    seen: list[bool] = []

    def pairs(found: list[tuple[str, Any]]) -> None:
        seen.append(len({key for key, _ in found}) < len(found))

    json.loads(text, object_pairs_hook=pairs)
    return any(seen)
