"""Commands for other machines and containers, beyond those that ``wrappers`` has tables for.

Rule 1: a container runs its words, the program it is told to enter by, and, where its image is named after a program, that
program with these words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from referee.facets.shell import tables
from referee.facets.shell.wrappers import Inner, operands_at, option

_Find = Callable[[list[str]], list[Inner] | None]
_RUN_VALUED: Final = tables.names(
    "-v -e -p -w -u -h -l -m -c -a --name --volume --env --publish --workdir --user --network --net --entrypoint --mount --env-file "
    "--platform --cpus --memory --label --hostname --add-host --restart --pid --ipc --gpus --device --cap-add --cap-drop "
    "--security-opt --tmpfs --ulimit --dns --link --log-driver --pull --volumes-from --cidfile --shm-size"
)
_IMAGE: Final = re.compile(r"(?:.*/)?([A-Za-z][\w.-]*?)(?:-cli|-docker)?(?:[:@].*)?")


def remoted(name: str, words: list[str]) -> list[Inner] | None:
    """Return the commands that run elsewhere, or ``None``."""
    find = _FINDERS.get(name)
    return None if find is None else find(words)


def _container(words: list[str]) -> list[Inner] | None:
    start = operands_at(
        words, frozenset({"-H", "--host", "--context", "-l", "--log-level", "-c", "--config", "-f", "-p", "--file"})
    )
    rest = words[start:]
    if rest[:1] in (["container"], ["compose"]):
        rest = rest[1:]
    if rest[:1] != ["run"]:
        return None
    place = operands_at(rest, _RUN_VALUED)
    image, given = (rest[place] if place < len(rest) else ""), rest[place + 1 :]
    entry = option(rest[:place], "--entrypoint")
    if entry is not None:
        return [Inner(words=[entry, *given])]
    found = [Inner(words=given)] if given else []
    program = _IMAGE.fullmatch(image)
    if program is not None and given and words[start] != "compose":
        found.append(Inner(words=[program[1], *given]))
    return found or None


def _code(*names: str) -> _Find:
    """Make a reader of an option whose value is shell text."""

    def find(words: list[str]) -> list[Inner] | None:
        code = option(words, *names)
        return None if code is None else [Inner(code=code)]

    return find


def _after(*marks: str, valued: str = "", skip: int = 0) -> _Find:
    """Make a reader of ``program … mark … command``; the command is shell text if it is one word with blanks."""
    options = frozenset(valued.split())

    def find(words: list[str]) -> list[Inner] | None:
        at = next((at for at, word in enumerate(words) if at and word in marks), 0 if not marks else None)
        if at is None:
            return None
        place = operands_at(words, options, at + 1) + skip
        place += words[place : place + 1] == ["--"]
        inner = words[place:]
        if not inner:
            return None
        return [Inner(code=inner[0]) if len(inner) == 1 else Inner(words=inner)]

    return find


def _ssm(words: list[str]) -> list[Inner] | None:
    """Read ``aws ssm send-command --parameters commands=…``."""
    if "send-command" not in words:
        return None
    given = option(words, "--parameters") or ""
    found = re.match(r"commands=(\[?)(.*?)\]?$", given, re.DOTALL)
    return None if found is None else [Inner(code=found[2].strip("\"'") if found[1] else found[2])]


def _ansible(words: list[str]) -> list[Inner] | None:
    """Read ``ansible hosts -m shell -a …``; ``command`` is the module if none is named."""
    module = option(words, "-m", "--module-name") or "command"
    code = option(words, "-a", "--args")
    known = module.rpartition(".")[2] in {"shell", "command", "raw", "script"}
    return [Inner(code=code)] if code is not None and known else None


def _heroku(words: list[str]) -> list[Inner] | None:
    if words[1:2] == ["pg:psql"]:
        return [Inner(words=["psql", *words[2:]])]
    if words[1:2] in (["run"], ["run:detached"], ["ps:exec"]):
        return _after("run", "run:detached", "ps:exec", valued="-a --app -r --remote -s --size -d --dyno")(words)
    return None


def _gcloud(words: list[str]) -> list[Inner] | None:
    return _code("--command")(words) if "ssh" in words else None


def _fly(words: list[str]) -> list[Inner] | None:
    return _code("-C", "--command")(words) if "ssh" in words else None


def _machinectl(words: list[str]) -> list[Inner] | None:
    return _after("shell", skip=1, valued="-M --uid -E")(words)


_FINDERS: Final[dict[str, _Find]] = {
    **dict.fromkeys(("docker", "podman", "nerdctl", "docker-compose"), _container),
    "mosh": _after("--"),
    "machinectl": _machinectl,
    "vagrant": _code("-c", "--command"),
    "gcloud": _gcloud,
    "aws": _ssm,
    "ansible": _ansible,
    **dict.fromkeys(("pssh", "parallel-ssh", "pdsh"), _after(valued="-h -H -l -p -o -e -t -x -O -w -f", skip=0)),
    "adb": _after("shell"),
    "heroku": _heroku,
    **dict.fromkeys(("fly", "flyctl"), _fly),
    **dict.fromkeys(("wsl", "wsl.exe"), _after(valued="-d --distribution -u --user --cd")),
    "distrobox": _after("--"),
    "distrobox-enter": _after("--"),
    "toolbox": _after("run", valued="-c --container -d -r"),
    "flatpak-spawn": _after(valued=""),
    "multipass": _after("exec", skip=1),
    "limactl": _after("shell", skip=1),
    "lima": _after(),
    "salt": _after("cmd.run"),
    "az": _code("--command-text"),
    "cf": _code("-c", "--command"),
    "eb": _code("-c", "--command"),
}
