r"""Spellings of one word: what bash makes the same word of.

Rule 1: a spelling may need statements before it (``Spelled.setup``); they set names that no other spelling uses.
Rule 2: every spelling gives exactly one field, whatever is in the word.
Rule 3: a word that a spelling cannot say (an empty one, one with a newline) is left as it is: the spelling returns ``None``.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Final

import msgspec


class Spelled(msgspec.Struct, frozen=True):
    """A word as written, and the statements that have to come before it."""

    text: str
    setup: tuple[str, ...] = ()


Speller = Callable[[Random, str], Spelled | None]


def quote(text: str) -> str:
    r"""Quote a text so that it is one word.

    >>> quote("it's")
    '\'it\'"\'"\'s\''
    """
    return shlex.quote(text)


def name(dice: Random) -> str:
    """Make up a variable or function name that nothing else uses."""
    return "".join(dice.choice("abcdefghjkmnpqstuvwxyz") for _ in range(3)) + f"_{dice.randrange(10_000)}"


def _pieces(dice: Random, word: str) -> list[str]:
    cuts = sorted({0, len(word), *(dice.randrange(len(word) + 1) for _ in range(dice.randint(1, 3)))})
    return [word[a:b] for a, b in pairwise(cuts)]


def _double_quoted(text: str) -> str:
    return '"' + "".join("\\" + letter if letter in '$`"\\' else letter for letter in text) + '"'


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _backslashed(text: str) -> str:
    return "".join("\\" + letter for letter in text)


def split_quotes(dice: Random, word: str) -> Spelled | None:
    """Cut the word and quote each piece in its own way: ``r"m"``, ``'r'm``."""
    if not word:
        return Spelled(dice.choice(["''", '""', "$''"]))
    quotes: tuple[Callable[[str], str], ...] = (quote, _double_quoted, _single_quoted, _ansi_hex)
    return Spelled("".join(dice.choice(quotes)(piece) for piece in _pieces(dice, word)))


def backslashes(dice: Random, word: str) -> Spelled | None:
    r"""Put a backslash before letters: ``\r\m``."""
    if not word or "\n" in word:
        return None
    if quote(word) != word:
        return Spelled(_backslashed(word))
    return Spelled("".join("\\" + letter if dice.random() < 0.6 else letter for letter in word))


def _ansi_hex(text: str) -> str:
    return "$'" + "".join(f"\\x{byte:02x}" for byte in text.encode()) + "'"


def ansi_c(dice: Random, word: str) -> Spelled | None:
    r"""Write the word as ``$'…'``: hexadecimal, octal, Unicode, or a mixture with letters as they are."""
    forms: tuple[Callable[[int], str], ...] = (
        lambda byte: f"\\x{byte:02x}",
        lambda byte: f"\\{byte:03o}",
        lambda byte: f"\\u{byte:04x}" if byte < 128 else f"\\x{byte:02x}",
        lambda byte: f"\\U{byte:08x}" if byte < 128 else f"\\x{byte:02x}",
        lambda byte: chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\{byte:03o}",
    )
    return Spelled("$'" + "".join(dice.choice(forms)(byte) for byte in word.encode()) + "'")


def locale_quotes(_dice: Random, word: str) -> Spelled | None:
    """Write the word as ``$"…"``."""
    return Spelled("$" + _double_quoted(word))


def nothing_between(dice: Random, word: str) -> Spelled | None:
    """Put what expands to nothing between the letters: ``r''m``, ``r$@m``."""
    if len(word) < 2:
        return None
    at = dice.randrange(1, len(word))
    empty = dice.choice(["''", '""', "$''", '"$@"', "$@", "${@}", "$*", "$(:)", "`:`", "$(true)", "${@:99}", "$''\"\""])
    return Spelled(quote(word[:at]) + empty + quote(word[at:]))


def continued_line(dice: Random, word: str) -> Spelled | None:
    """Break the line inside the word with a backslash."""
    if len(word) < 2 or quote(word) != word:
        return None
    at = dice.randrange(1, len(word))
    return Spelled(f"{word[:at]}\\\n{word[at:]}")


def variable(dice: Random, word: str) -> Spelled | None:
    """Put the word into a variable, in one of the ways a variable is set."""
    if "\n" in word:
        return None
    it, q = name(dice), quote(word)
    sets = [
        f"{it}={q}",
        f"declare {it}={q}",
        f"export {it}={q}",
        f"printf -v {it} %s {q}",
        f"readonly {it}={q}",
        f"typeset {it}={q}",
    ]
    if word and word.strip() == word:
        sets += [f"read -r {it} <<< {q}", f"IFS= read -r {it} <<< {q}", f"mapfile -t {it} <<< {q}"]
    if not set(word) & _AWKWARD:
        sets.append(f': "${{{it}:={word}}}"')
    return Spelled(dice.choice([f'"${it}"', f'"${{{it}}}"', f'"${{{it}:0}}"', f'"${{{it}[0]}}"']), (dice.choice(sets),))


_AWKWARD: Final = frozenset("'\"`$\\}{!")
"""What is read in its own way inside ``"${x:-…}"`` and backticks."""


def two_variables(dice: Random, word: str) -> Spelled | None:
    """Put two halves of the word into two variables, or append the second to the first."""
    if len(word) < 2:
        return None
    at, one, two = dice.randrange(1, len(word)), name(dice), name(dice)
    first, second = quote(word[:at]), quote(word[at:])
    if dice.random() < 0.5:
        return Spelled(f'"${{{one}}}${{{two}}}"', (f"{one}={first} {two}={second}",))
    return Spelled(f'"${one}"', (f"{one}={first}", f"{one}+={second}"))


def operated_variable(dice: Random, word: str) -> Spelled | None:
    """Put a changed word into a variable and change it back: ``${x#…}``, ``${x%…}``, ``${x:2:2}``, ``${x//a/b}``, ``${x,,}``."""
    it, junk = name(dice), dice.choice(["qq", "zZ", "_J_", "kk.kk"])
    bare = junk.replace(".", "?")
    forms = [
        (junk + word, f'"${{{it}#{junk}}}"'),
        (word + junk, f'"${{{it}%{junk}}}"'),
        (junk + junk + word, f'"${{{it}#{bare}{bare}}}"'),
        (f"{word}{junk}{junk}", f'"${{{it}%{junk}{junk}}}"'),
        (junk + word + junk, f'"${{{it}:{len(junk)}:{len(word)}}}"'),
        (junk + word, f'"${{{it}:{len(junk)}}}"'),
        (word + junk, f'"${{{it}:0:{len(word)}}}"'),
        (word + junk, f'"${{{it}:0:-{len(junk)}}}"'),
    ]
    if word:
        forms.append((junk + word, f'"${{{it}: -{len(word)}}}"'))
        letter = dice.choice(word)
        if letter.isalnum() and "@" not in word:
            forms.append((word.replace(letter, "@"), f'"${{{it}//@/{letter}}}"'))
    if word == word.lower() and word.isascii():
        forms.append((word.upper(), f'"${{{it},,}}"'))
        forms.append((word[:1].upper() + word[1:], f'"${{{it},}}"'))
    if word == word.upper() and word.isascii():
        forms.append((word.lower(), f'"${{{it}^^}}"'))
    value, text = dice.choice(forms)
    return Spelled(text, (f"{it}={quote(value)}",))


def indirect(dice: Random, word: str) -> Spelled | None:
    """Reach the word by another name: indirection, an array, an associative array, a default, an alternative."""
    it, other, q = name(dice), name(dice), quote(word)
    forms = [
        (f'"${{!{other}}}"', (f"{it}={q}", f"{other}={it}")),
        (f'"${{{it}[1]}}"', (f"{it}=(x {q} y)",)),
        (f'"${{{it}[-1]}}"', (f"{it}=(x y {q})",)),
        (f'"${{{it}[1]}}"', (f"{it}=(x)", f"{it}[1]={q}")),
        (f'"${{{it}[1]}}"', (f"{it}=(x)", f"{it}+=({q})")),
        (f'"${{{it}[@]:1:1}}"', (f"{it}=(x {q} y)",)),
        (f'"${{{it}[key]}}"', (f"declare -A {it}=([key]={q} [other]=x)",)),
        (f'"${{{it}[key]}}"', (f"declare -A {it}", f"{it}[key]={q}")),
        (f'"${other}"', (f"declare -n {other}={it}", f"{it}={q}")),
    ]
    if not set(word) & _AWKWARD:
        forms += [(f'"${{{it}:-{word}}}"', (f"unset {it}",)), (f'"${{{it}:+{word}}}"', (f"{it}=1",))]
    text, setup = dice.choice(forms)
    return Spelled(text, setup)


def _octal(text: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def _hexes(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def encoded(dice: Random, text: str) -> str | None:
    """Return a command that prints a text of one line, which must not end in a newline."""
    if "\n" in text or not text.isascii() or not text:
        return None
    q, data = quote(text), text.encode()
    rot = text.translate({ord(a): b for a, b in zip(_ABC + _ABC.upper(), _ROT + _ROT.upper(), strict=True)})
    forms = [
        f"echo {base64.b64encode(data).decode()} | base64 -d",
        f"base64 --decode <<< {base64.b64encode(data).decode()}",
        f"printf %s {base64.b64encode(data).decode()} | base64 -di",
        f"echo {base64.b32encode(data).decode()} | base32 -d",
        f"echo {data.hex()} | xxd -r -p",
        f"xxd -ps -r <<< {data.hex().upper()}",
        f"echo {base64.b64encode(data).decode()} | openssl base64 -d",
        f"echo {base64.b64encode(data).decode()} | openssl enc -base64 -d",
        f"echo {quote(text[::-1])} | rev",
        f"rev <<< {quote(text[::-1])}",
        f"echo {quote(rot)} | tr A-Za-z N-ZA-Mn-za-m",
        f"tr 'n-za-mN-ZA-M' 'a-zA-Z' <<< {quote(rot)}",
        f"printf {quote(_octal(text))}",
        f"printf {quote(_hexes(text))}",
        f"printf %b {quote(_octal(text).replace(chr(92), chr(92) + '0'))}",
        f"printf '%b' {quote(_hexes(text))}",
        f"echo -e {quote(_hexes(text))}",
        f"echo -ne {quote(_octal(text).replace(chr(92), chr(92) + '0'))}",
        f"printf %s {' '.join(quote(piece) for piece in _pieces(dice, text))}",
        f"printf '%s' {q}",
        f"echo -n {q}" if not text.startswith("-") else f"printf %s {q}",
        f"cat <<< {q}",
        f"echo {quote('qx' + text)} | sed 's/qx//'",
        f"echo {quote('@@' + text)} | sed -e 's/^@@//'",
        f"echo {quote('@@' + text)} | cut -c3-",
        f"echo {quote(text + 'qqq')} | head -c {len(text)}",
        f"echo {quote('qqq' + text)} | tail -c {len(text) + 1}",
        f"printf '%s\\n' x {q} | tail -n1",
        f"printf '%s\\n' {q} x | head -1",
        f"printf '%s\\n' x {q} | sed -n 2p",
        f"printf '%s\\n' x {q} y | awk 'NR==2'",
        f"echo {quote('-'.join(text))} | tr -d -" if "-" not in text and len(text) > 1 else f"echo {quote(text)}",
        f"awk 'BEGIN{{print \"{_escaped(text)}\"}}'",
        f"echo {quote(text.replace('e', '3'))} | tr 3 e" if "3" not in text else f"echo {q}",
        f"echo {quote(':x:' + text)} | cut -d: -f3-",
        f"cat <(echo {q})",
        f"tac <<< {q}",
        f"{{ echo {q}; }}",
        f"( printf {quote('%s')} {q} )",
        f"if true; then echo {q}; fi",
    ]
    return dice.choice(forms)


_ABC: Final = "abcdefghijklmnopqrstuvwxyz"
_ROT: Final = "nopqrstuvwxyzabcdefghijklm"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "'\"'\"'")


def substituted(dice: Random, word: str) -> Spelled | None:
    """Let a command print the word: ``$(…)``, or backticks where nothing has to be escaped."""
    command = encoded(dice, word)
    if command is None or word.endswith("\n") or word.startswith("-"):
        return None
    if not set('\\`$"') & set(command) and dice.random() < 0.3:
        return Spelled(f'"`{command}`"')
    return Spelled(f'"$( {command} )"' if quote(word) != word or dice.random() < 0.5 else f"$( {command})")


WORDS: Final[dict[str, Speller]] = {
    "split quotes": split_quotes,
    "backslashes": backslashes,
    "ANSI-C quotes": ansi_c,
    "locale quotes": locale_quotes,
    "nothing between": nothing_between,
    "continued line": continued_line,
    "variable": variable,
    "two variables": two_variables,
    "operated variable": operated_variable,
    "indirect": indirect,
    "substitution": substituted,
}
