"""Runners of tasks (``make``, ``npm run``) whose tasks the same text has written: what it will run is known.

Rule 1: the tasks that are asked for are followed, and those that they need; if one is not found, all are.
Rule 2: a variable that is not known leaves a hole, never nothing.
Rule 3: tasks that stand in a file from before are the project's own and are not looked at.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any, Final

from referee.facets.file import normal
from referee.facets.shell.rules import operands
from referee.facets.shell.scope import Runner
from referee.facets.shell.trace import UNKNOWN
from referee.facets.shell.wrappers import Inner, option

_MAKERS: Final = frozenset({"make", "gmake"})
_PACKAGERS: Final = frozenset({"npm", "pnpm", "yarn", "bun"})
_MAKEFILES: Final = ("GNUmakefile", "makefile", "Makefile")
_VALUED: Final = frozenset({"-f", "--file", "--makefile", "-C", "--directory", "-j", "-I", "--eval", "-E", "-o", "-W"})
_RULE: Final = re.compile(r"([^\s#:=][^#:=]*)::?(?!=)([^;=]*)(?:;(.*))?")
_SET: Final = re.compile(r"\s*(?:export\s+|override\s+)?([\w.-]+)\s*(?::{0,3}|\?|\+)=\s*(.*)")
_RAN: Final = re.compile(r"\$[({]shell\s+([^()]*)[)}]|^[\w.-]+\s*!=\s*(.+)$", re.MULTILINE)
_NAMED: Final = re.compile(r"\$(?:\(([^()\s]+)\)|\{([^{}\s]+)\}|([@<^?*+%\w]))")
_SCRIPT: Final = re.compile(r"scripts[.\[][\"']?([^=\"'\]]+)[\"']?\]?=(.*)", re.DOTALL)
_OWN: Final = frozenset({"test", "start", "stop", "restart", "install", "i", "ci", "publish", "pack"})
_MOST: Final = 64


def tasks(run: Runner, name: str, words: list[str], stdin: str | None) -> list[Inner] | None:
    """Return the commands that a runner of tasks will run, as far as this text has written them."""
    if name in _MAKERS:
        return _made(run, words, stdin)
    if name in _PACKAGERS:
        return _packaged(run, words)
    return None


def _known(run: Runner, word: str) -> str | None:
    found = run.scope.files.get(word)
    if found is None and UNKNOWN not in word:
        found = run.scope.files.get(normal(word, run.scope.surroundings))
    if found is not None and UNKNOWN in found:
        run.trace.foreign()
        run.trace.miss("effect: the content of a script")
    return found


def _made(run: Runner, words: list[str], stdin: str | None) -> list[Inner] | None:
    told = option(words, "-f", "--file", "--makefile")
    files = _MAKEFILES if told is None else (told,)
    texts = [stdin if file in {"-", "/dev/stdin"} else _known(run, file) for file in files]
    texts += [after for word, after in pairwise(words) if word in {"--eval", "-E"}]
    texts += [word[7:] for word in words if word.startswith("--eval=")]
    text = "\n".join(filter(None, texts))
    if not text.strip():
        return None
    targets = [word for word in operands(words, _VALUED) if "=" not in word]
    values = {found[1]: found[2] for word in words[1:] if (found := _SET.fullmatch(word))}
    codes = [found[1] or found[2] for found in _RAN.finditer(text)]
    codes += _recipes(text.replace("\\\n", " "), targets, values)
    return [Inner(code=code) for code in codes[:_MOST] if code.strip()] or None


def _recipes(text: str, targets: list[str], values: dict[str, str]) -> list[str]:
    """List the commands of the targets that are asked for, of those that they need, and of all if one is not there."""
    rules: dict[str, tuple[list[str], list[str]]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("\t"):
            current.append(line.strip().lstrip("-@+ "))
        elif found := _SET.fullmatch(line):
            values.setdefault(found[1], found[2])
        elif found := _RULE.match(line):
            current = [found[3].strip().lstrip("-@+ ")] if found[3] else []
            for target in found[1].split():
                rules[target] = ([*rules.get(target, ([], []))[0], *found[2].split()], current)
    wanted = targets or [name for name in rules if not name.startswith(".")][:1]
    if any(target not in rules for target in wanted):
        wanted = list(rules)
    for name in wanted:
        wanted += [need for need in rules.get(name, ([], []))[0] if need in rules and need not in wanted]
    lines = dict.fromkeys(line for name in wanted for line in rules[name][1])
    return [_filled(line, values) for line in lines]


def _filled(line: str, values: dict[str, str]) -> str:
    for _ in range(4):
        line = _NAMED.sub(lambda found: values.get(found[1] or found[2] or found[3], UNKNOWN), line.replace("$$", "\1"))
    return line.replace("\1", "$")


def _packaged(run: Runner, words: list[str]) -> list[Inner] | None:
    given = operands(words, frozenset({"--prefix", "-w", "--workspace", "--filter", "-C"}))
    place = normal("package.json", run.scope.surroundings)
    if given[:2] == ["pkg", "set"]:
        scripts = {found[1]: found[2] for word in given[2:] if (found := _SCRIPT.fullmatch(word))}
        if scripts:
            run.scope.files[place] = json.dumps({"scripts": {**_scripts(run.scope.files.get(place)), **scripts}})
        return None
    if not given or (given[0] not in _OWN and given[0] not in {"run", "run-script"} and words[0] == "npm"):
        return None
    scripts = _scripts(_known(run, place))
    named = given[1] if given[0] in {"run", "run-script"} and len(given) > 1 else given[0]
    names = [f"pre{named}", named, f"post{named}"] + (["prepare", "preinstall"] if named in {"i", "ci"} else [])
    return [Inner(code=scripts[name]) for name in names if name in scripts] or None


def _scripts(text: str | None) -> dict[str, str]:
    try:
        found: Any = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    scripts = found.get("scripts") if isinstance(found, dict) else None
    return (
        {str(name): line for name, line in scripts.items() if isinstance(line, str)}
        if isinstance(scripts, dict)
        else {}
    )
