"""Installing hooks leaves everything else alone, and taking them out leaves no trace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referee.adapters.hooks.settings import EVENTS, SettingsError, install, installed, uninstall

COMMAND = "/opt/venv/bin/referee hook claude-code --policy /home/dev/policy.yaml"
FOREIGN = {"type": "command", "command": "notify-send done"}


def test_new_settings_hold_the_hooks_and_block_on_failure(tmp_path: Path) -> None:
    path = tmp_path / ".claude" / "settings.json"
    assert install(path, COMMAND) == "installed"
    settings = json.loads(path.read_text())
    assert set(settings["hooks"]) == set(EVENTS)
    for event in EVENTS:
        (entry,) = settings["hooks"][event]
        (handler,) = entry["hooks"]
        assert handler["onFailure"] == "block"
        assert handler["command"] == COMMAND
        assert entry.get("matcher") == ("*" if "Tool" in event else None)
    assert installed(path)


def test_uninstall_removes_a_file_that_was_not_there(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    install(path, COMMAND)
    assert uninstall(path) == "restored"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "original",
    [
        b'{"model":"opus",  "hooks":{"Stop":[{"hooks":[{"type":"command","command":"x"}]}]}}',
        b'{\r\n\t"permissions": {"deny": ["Read(./secrets)"]}\r\n}\r\n',
        b"{}",
        b"",
        b"  \n",
        '{"env": {"GREETING": "grüß dich"}}'.encode(),
    ],
)
def test_uninstall_restores_byte_for_byte(tmp_path: Path, original: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(original)
    path.chmod(0o640)
    assert install(path, COMMAND) == "installed"
    assert path.read_bytes() != original
    assert uninstall(path) == "restored"
    assert path.read_bytes() == original
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_installing_twice_is_installing_once_and_still_restores(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    original = b'{"model": "opus"}'
    path.write_bytes(original)
    install(path, COMMAND)
    assert install(path, COMMAND) == "unchanged"
    assert install(path, COMMAND + " --policy /other.yaml") == "installed"
    assert path.read_text().count("hook claude-code") == len(EVENTS)
    assert uninstall(path) == "restored"
    assert path.read_bytes() == original


def test_settings_changed_since_keep_their_changes(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [FOREIGN]}]}}))
    install(path, COMMAND)
    settings = json.loads(path.read_text())
    settings["model"] = "opus"
    settings["hooks"]["PreToolUse"][-1]["hooks"].append(FOREIGN)
    path.write_text(json.dumps(settings))
    assert uninstall(path) == "removed"
    left = json.loads(path.read_text())
    assert left == {
        "model": "opus",
        "hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [FOREIGN]}, {"matcher": "*", "hooks": [FOREIGN]}]},
    }
    assert not installed(path)
    assert uninstall(path) == "absent"


def test_foreign_hooks_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [FOREIGN]}]}}))
    install(path, COMMAND)
    entries = json.loads(path.read_text())["hooks"]["PreToolUse"]
    assert entries[0] == {"matcher": "Bash", "hooks": [FOREIGN]}
    assert len(entries) == 2


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '"x"', '{"hooks": []}', '{"hooks": {"PreToolUse": {}}}', '{"hooks": {"PreToolUse": [{"a": 1}]}}'],
)
def test_settings_that_are_not_understood_are_not_touched(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"is not valid JSON|form this version"):
        install(path, COMMAND)
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.json"
    real.write_text("{}")
    path = tmp_path / "settings.json"
    path.symlink_to(real)
    install(path, COMMAND)
    assert path.is_symlink()
    assert "hook claude-code" in real.read_text()


def test_a_folder_in_place_of_settings_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        install(tmp_path, COMMAND)
