"""Other spellings of a command: texts that run the same program with the same words.

Rule 1: a command is a list of words; a spelling is a text. ``evasions`` spells the words, joins them, and wraps the text.
Rule 2: the words a program is started with stay the same, but for the options of a program whose options are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

import msgspec

from referee.testing.spelling import WORDS, name, quote
from referee.testing.wrapping import REMOTE, TEXTS

Joiner = Callable[[Random, list[str]], str | None]


class Evasion(msgspec.Struct, frozen=True):
    """A text that runs ``argv``, and the names of what was done to it."""

    text: str
    steps: tuple[str, ...]
    argv: tuple[str, ...]


# ── words joined to a command ────────────────────────────────────────────────────────────────────────────────────────


def _spelled(dice: Random, argv: list[str]) -> str:
    setup: list[str] = []
    words: list[str] = []
    for word in argv:
        spelled = None
        if dice.random() < 0.6:
            spelled = dice.choice(list(WORDS.values()))(dice, word)
        words.append(spelled.text if spelled else quote(word))
        setup += spelled.setup if spelled else ()
    return _joined(dice, [*setup, dice.choice([" ", " ", "  ", "\t", " \\\n "]).join(words)])


def _joined(dice: Random, statements: list[str]) -> str:
    return dice.choice(["; ", "\n", " ; ", ";"]).join(statements)


def plain(_dice: Random, argv: list[str]) -> str | None:
    """Write the words, quoted where they must be."""
    return " ".join(map(quote, argv))


def each_word(dice: Random, argv: list[str]) -> str | None:
    """Spell each word in its own way."""
    return _spelled(dice, argv)


def ifs(dice: Random, argv: list[str]) -> str | None:
    """Write ``$IFS`` between the words, or split a variable by another separator."""
    if any(quote(word) != word for word in argv):
        return None
    if dice.random() < 0.6:
        return dice.choice(["${IFS}", "$IFS$@", "${IFS}''", "$IFS$*"]).join(argv)
    sign = next((one for one in ",_%@~" if not any(one in word for word in argv)), None)
    it = name(dice)
    return None if sign is None else f"{it}={sign.join(argv)}; IFS={quote(sign)}; ${it}"


def braces(dice: Random, argv: list[str]) -> str | None:
    """Write the command as a brace list."""
    if len(argv) < 2 or any(quote(word) != word or not word or "{" in word or "," in word for word in argv):
        return None
    at = dice.randrange(0, len(argv) - 1)
    return " ".join([*argv[:at], "{" + ",".join(argv[at:]) + "}"])


def whole_variable(dice: Random, argv: list[str]) -> str | None:
    """Put the whole command into a variable, an array or the positional parameters."""
    it, words = name(dice), " ".join(map(quote, argv))
    forms = [f'{it}=({words}); "${{{it}[@]}}"', f'set -- {words}; "$@"', f'{it}={quote(words)}; eval "${it}"']
    forms += [
        f'{it}=({words}); eval "${{{it}[@]@Q}}"',
        f'{it}=({quote(argv[0])}); {it}+=({" ".join(map(quote, argv[1:]))}); "${{{it}[@]}}"',
    ]
    if all(quote(word) == word for word in argv):
        forms += [f"{it}={quote(' '.join(argv))}; ${it}", f'read -ra {it} <<< {quote(" ".join(argv))}; "${{{it}[@]}}"']
        forms += [f"{it}={quote(' '.join(argv[1:]))}; {argv[0]} ${it}"]
    return dice.choice(forms)


def handed_on(dice: Random, argv: list[str]) -> str | None:
    """Give the words to a function, a loop or a shell as arguments."""
    it, words = name(dice), " ".join(map(quote, argv))
    first, rest = quote(argv[0]), " ".join(map(quote, argv[1:]))
    forms = [
        f'{it}() {{ "$@"; }}; {it} {words}',
        f'{it}() {{ local p=$1; shift; "$p" "$@"; }}; {it} {words}',
        f'function {it} {{ {first} "$@"; }}; {it} {rest}',
        f"bash -c '\"$@\"' x {words}",
        f'sh -c \'"$0" "$@"\' {words}',
        f'for {it} in {first}; do "${it}" {rest}; done',
        f'while read -r {it}; do "${it}" {rest}; done <<< {first}',
        f'case {first} in y) ;; *) {it}={first};; esac; "${it}" {rest}',
        f"until {words}; do break; done",
        f"select {it} in {first}; do {words}; break; done <<< 1",
    ]
    return dice.choice(forms)


def by_wrapper(dice: Random, argv: list[str]) -> str | None:
    """Start the command by another program or builtin."""
    words = " ".join(map(quote, argv))
    forms = [
        "command",
        "command --",
        "exec",
        "exec -a zz",
        "env",
        'env -i PATH="$PATH"',
        "env A=1 B='2 3'",
        "env -u HOME",
        "nohup",
        "nice",
        "nice -n 5",
    ]
    forms += [
        "setsid -w",
        "stdbuf -oL",
        "timeout 9",
        "timeout -k 1 -s KILL 9",
        "timeout --signal=TERM 9s",
        "time",
        "time -p",
        "!",
        "X=1 Y=2",
    ]
    forms += [
        "builtin command",
        "ionice -c 3",
        "env nice nohup",
        "command env",
        "xargs -a /dev/null",
        "time !",
        "env -- ",
        "nice --adjustment=3",
    ]
    tail = dice.choice(
        ["", "", "", " 2>/dev/null", " >/dev/null 2>&1", " || true", " # fine", " &>/dev/null", " < /dev/null", " && :"]
    )
    head = dice.choice(
        ["", "", "", "2>/dev/null ", ">/dev/null ", "  ", "\t", ": ; ", "true && ", "false || ", "# a comment\n", ":\n"]
    )
    start = dice.choice(forms)
    if start in {"!", "time", "time -p", "time !"}:
        head = ""
    return f"{head}{start} {words}{tail}"


def by_xargs(dice: Random, argv: list[str]) -> str | None:
    """Let ``xargs`` append, or put in place, the last word."""
    if len(argv) < 2 or any(quote(word) != word for word in argv[-1:]):
        return None
    first, last = " ".join(map(quote, argv[:-1])), argv[-1]
    forms = [
        f"echo {last} | xargs {first}",
        f"xargs {first} <<< {last}",
        f"printf '%s\\0' {last} | xargs -0 {first}",
        f"echo {last} | xargs -I{{}} {first} {{}}",
        f"echo {last} | xargs -I % {first} %",
        f"echo {last} | xargs -n1 -P 2 {first}",
        f"printf '%s\\n' {last} | xargs -d '\\n' {first}",
        f"echo {last} | xargs --no-run-if-empty {first}",
        f"echo {last} | xargs -r -t {first} 2>/dev/null",
        f"echo {last} | xargs -I@ sh -c {quote(first + ' @')}",
        f'echo {last} | while read -r it; do {first} "$it"; done',
        f"find . -maxdepth 0 -exec {first} {last} \\;",
        f"find . -maxdepth 0 -exec {first} {last} ';' -quit",
        f"find . -maxdepth 0 -exec sh -c {quote(f'{first} {last}')} \\;",
    ]
    return dice.choice(forms)


_OPTIONS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "rm": {"r": ("-r", "-R", "--recursive", "--recurs"), "f": ("-f", "--force", "--forc"), "v": ("-v", "--verbose")},
    "chmod": {"R": ("-R", "--recursive"), "v": ("-v", "--verbose")},
    "chown": {"R": ("-R", "--recursive"), "v": ("-v", "--verbose")},
    "git clean": {"f": ("-f", "--force"), "d": ("-d",), "x": ("-x",)},
    "git push": {"f": ("-f", "--force"), "v": ("-v", "--verbose")},
}


def options(dice: Random, argv: list[str]) -> list[str]:
    """Spell the options of a program whose options are known: apart, clustered, long, shortened, after the operands.

    >>> options(Random(1), ["ls", "-la"])
    ['ls', '-la']
    """
    head = 2 if " ".join(argv[:2]) in _OPTIONS else 1
    known = _OPTIONS.get(" ".join(argv[:head]))
    flags = [word for word in argv[head:] if re.fullmatch(r"-[A-Za-z]+", word)]
    letters = list(dict.fromkeys("".join(flag[1:] for flag in flags)))
    if known is None or not letters or any(letter not in known for letter in letters):
        return argv
    rest = [word for word in argv[head:] if word not in flags]
    if dice.random() < 0.3 and "v" in known and "v" not in letters:
        letters.append("v")
    dice.shuffle(letters)
    apart = [dice.choice(known[letter]) for letter in letters]
    spelled = apart if dice.random() < 0.6 else ["-" + "".join(letters)]
    after = dice.random() < 0.3 and head == 1 and "--" not in rest
    if not after and dice.random() < 0.3 and head == 1 and "--" not in rest:
        spelled.append("--")
    return [*argv[:head], *rest, *spelled] if after else [*argv[:head], *spelled, *rest]


JOINERS: Final[dict[str, Joiner]] = {
    "plain": plain,
    "each word": each_word,
    "IFS": ifs,
    "braces": braces,
    "whole variable": whole_variable,
    "handed on": handed_on,
    "wrapper": by_wrapper,
    "xargs": by_xargs,
}


ABSOLUTE: Final = ("/bin/", "/usr/bin/", "/usr/local/bin/", "//bin/", "/bin/./", "/usr/bin/../bin/")


def evasions(argv: Sequence[str], seed: int, count: int, *, local: bool = False) -> Iterator[Evasion]:
    """Yield ``count`` texts that run ``argv``, the same for the same seed.

    With ``local`` only what this machine's own bash runs by looking up the program's name: no ``sudo``, no other machine,
    no program by its folder.
    """
    dice = Random(seed)  # noqa: S311 - a test has to be repeatable, not secret
    made = 0
    while made < count:
        found = _one(dice, list(argv), local=local)
        if found is not None:
            made += 1
            yield found


def _one(dice: Random, argv: list[str], *, local: bool) -> Evasion | None:
    steps: list[str] = []
    words = options(dice, argv) if dice.random() < 0.5 else argv
    if words != argv:
        steps.append("options")
    started = list(words)
    if not local and dice.random() < 0.15:
        started[0] = dice.choice(ABSOLUTE) + started[0]
        steps.append("folder")
    joiner = dice.choice(list(JOINERS))
    text = JOINERS[joiner](dice, started)
    if text is None:
        return None
    steps.append(joiner)
    wrappings = TEXTS if local else TEXTS | REMOTE
    for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3])):
        wrapping = dice.choice(list(wrappings))
        wrapped = wrappings[wrapping](dice, text)
        if wrapped is None or len(wrapped) > 4_000:
            continue
        text = wrapped
        steps.append(wrapping)
    return Evasion(text, tuple(steps), tuple(words))
