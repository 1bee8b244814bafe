"""Words, expanded as bash expands them: braces, tilde, parameters, substitutions, splitting, quotes.

Rule 1: what cannot be known becomes ``UNKNOWN`` inside the word, and is named in ``missing``.
Rule 2: file names are not looked up; a glob stays a glob.
"""

from __future__ import annotations

import re
import shlex
from typing import Final

from referee.facets.shell import arrays
from referee.facets.shell.braces import expand_braces
from referee.facets.shell.lexing import Unreadable, skip
from referee.facets.shell.parameters import arithmetic, parameter, variable
from referee.facets.shell.quotes import ZERO, ansi
from referee.facets.shell.scope import IFS, Runner
from referee.facets.shell.trace import FIELD_LIMIT, UNKNOWN, WORD_LIMIT, Exhausted

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@%+,=^*?\[\]-]+")
_NAME: Final = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!_-]")
_SPECIAL: Final = re.compile(r"[\\'\"$`<>=~]")
_DOUBLE: Final = re.compile(r"[\\$`]")
_ALL_POSITIONAL: Final = ('"$@"', '"${@}"')
_ALL: Final = re.compile(r"(?:@|([A-Za-z_]\w*)\[@\])(:[^:]*(?::[^:]*)?)?(@Q)?")
_TILDE: Final = re.compile(r"~(?=/|$)")
_CONTINUED: Final = re.compile(r"(\\[^\n])|\\\n")


class _Fields:
    """The fields that one word becomes, under construction."""

    __slots__ = ("_ifs", "_open", "_parts", "done")

    def __init__(self, ifs: str) -> None:
        self.done: list[str] = []
        self._parts: list[str] = []
        self._open = False
        self._ifs = ifs

    def add(self, text: str) -> None:
        self._parts.append(text)
        self._open = True

    def split(self, text: str) -> None:
        if not text:
            return
        if not self._ifs or not any(letter in self._ifs for letter in text):
            self.add(text)
            return
        pieces = re.split(f"[{re.escape(self._ifs)}]+", text)
        for place, piece in enumerate(pieces):
            if place:
                self.close()
            if piece:
                self.add(piece)

    def close(self) -> None:
        if self._open:
            self.done.append("".join(self._parts))
        self._parts, self._open = [], False


def expand(raw: str, run: Runner, *, split: bool = True) -> list[str]:
    """Return the fields of a word as written; without ``split``, as in an assignment, always one."""
    if _PLAIN.fullmatch(raw):
        return [raw]
    run.trace.step()
    if "\\\n" in raw and "'" not in raw:
        raw = _CONTINUED.sub(r"\1", raw)
    fields: list[str] = []
    for part in expand_braces(raw, run.trace) if split and "{" in raw else [raw]:
        fields += _expand_one(part, run, split=split)
        if len(fields) > FIELD_LIMIT:
            run.trace.miss("word: more words than are followed")
            break
    return fields


def expand_text(raw: str, run: Runner) -> str:
    """Return the text of a word that is not split."""
    return "".join(expand(raw, run, split=False))


def expand_document(body: str, run: Runner) -> str:
    """Expand the text of a here-document whose name is not quoted."""
    fields = _Fields("")
    try:
        _double(body, run, fields, quotes=True)
    except Unreadable:
        run.trace.miss("effect: a substitution in a here-document that does not end")
        fields.add(UNKNOWN)
    fields.close()
    return "".join(fields.done)


def _expand_one(raw: str, run: Runner, *, split: bool) -> list[str]:
    ifs = run.scope.values.get("IFS", IFS) if split else ""
    fields = _Fields("" if UNKNOWN in ifs else ifs)
    try:
        _scan(raw, run, fields)
    except Unreadable:
        run.trace.miss("effect: a quote or substitution that does not end")
        fields.add(UNKNOWN)
    fields.close()
    done = fields.done
    if sum(map(len, done)) > WORD_LIMIT:
        run.trace.step(len(raw) // 16)
        if sum(map(len, done)) > 16 * WORD_LIMIT:
            raise Exhausted
    return done if split or done else [""]


def _scan(raw: str, run: Runner, fields: _Fields) -> None:
    place = 0
    if raw.startswith("~") and _TILDE.match(raw) and run.scope.surroundings.home is not None:
        fields.add(run.scope.surroundings.home)
        place = 1
    while place < len(raw):
        found = _SPECIAL.search(raw, place)
        if found is None:
            fields.add(raw[place:])
            return
        if found.start() > place:
            fields.add(raw[place : found.start()])
        place = _special(raw, found.start(), run, fields)


def _special(raw: str, place: int, run: Runner, fields: _Fields) -> int:
    letter, after = raw[place], raw[place + 1 : place + 2]
    if letter in "~=" or (letter in "<>" and after != "("):
        fields.add(letter)
        return place + 1
    if letter == "$":
        return dollar(raw, place, run, fields, quoted=False)
    end = skip(raw, place)
    if letter == "\\":
        if after != "\n":
            fields.add(after)
    elif letter == "'":
        fields.add(raw[place + 1 : end - 1])
    elif letter == '"':
        if run.scope.positional or raw[place:end] not in _ALL_POSITIONAL:
            fields.add("")
        _double(raw[place + 1 : end - 1], run, fields)
    elif letter == "`":
        fields.split(_captured(_unescaped(raw[place + 1 : end - 1]), run))
    else:
        fields.add(_process(raw[place + 2 : end - 1], run, letter))
    return end


def dollar(raw: str, place: int, run: Runner, fields: _Fields, *, quoted: bool) -> int:
    """Expand what begins with a dollar at ``place`` and return the place after it."""
    after = raw[place + 1 : place + 2]
    put = fields.add if quoted else fields.split
    if after in {"'", '"'} and not quoted:
        end = skip(raw, place)
        if after == "'":
            fields.add(ansi(raw[place + 2 : end - 1]))
        else:
            fields.add("")
            _double(raw[place + 2 : end - 1], run, fields)
        return end
    if after == "{":
        end = skip(raw, place)
        inner = raw[place + 2 : end - 1]
        if quoted and "@" in inner and _listed(inner, run, fields):
            return end
        put(parameter(inner, run, expand_text))
        return end
    if after == "(":
        end = skip(raw, place)
        if raw.startswith("$((", place) and raw[:end].endswith("))"):
            put(arithmetic(raw[place + 3 : end - 2], run, expand_text))
        else:
            put(_captured(raw[place + 2 : end - 1], run))
        return end
    name = _NAME.match(raw, place + 1)
    if name is None:
        fields.add("$")
        return place + 1
    if not (quoted and name[0] == "@" and _listed("@", run, fields)):
        put(variable(name[0], run))
    return name.end()


def _listed(inner: str, run: Runner, fields: _Fields) -> bool:
    """Expand ``"$@"`` and ``"${name[@]}"`` to one field for each element; tell whether it was one of them."""
    found = _ALL.fullmatch(inner)
    if found is None:
        return False
    held = arrays.elements(run.scope, found[1] or "")
    values: list[str] | None = list(run.scope.positional) if found[1] is None else None
    if held is not None:
        values = [value for _, value in held]
    if values is not None and found[2]:
        values = arrays.sliced([run.scope.name, *values] if found[1] is None else values, found[2][1:])
    if values is None:
        return False
    if found[3]:
        values = [shlex.quote(value) for value in values]
    for place, element in enumerate(values):
        if place:
            fields.close()
        fields.add(element)
    return True


def _double(text: str, run: Runner, fields: _Fields, *, quotes: bool = False) -> None:
    """Expand the inside of double quotes, or a here-document, where a quote is no escape's business."""
    place = 0
    escaped = "$`\\\n" if quotes else '$`"\\\n'
    while place < len(text):
        found = _DOUBLE.search(text, place)
        if found is None:
            fields.add(text[place:])
            return
        if found.start() > place:
            fields.add(text[place : found.start()])
        place = found.start()
        letter, after = text[place], text[place + 1 : place + 2]
        if letter == "\\":
            fields.add("" if after == "\n" else after if after in escaped and after else "\\" + after)
            place += 2
        elif letter == "$":
            place = dollar(text, place, run, fields, quoted=True)
        else:
            end = skip(text, place)
            fields.add(_captured(_unescaped(text[place + 1 : end - 1]).replace('\\"', '"'), run))
            place = end


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\\`$])", r"\1", text)


def _captured(code: str, run: Runner) -> str:
    """Return what a command substitution prints; ``$(< file)`` prints the file."""
    printed = run.apart(code)
    if UNKNOWN in printed:
        run.trace.miss("word: what a command substitution prints")
    return printed.replace(ZERO, "").rstrip("\n")


def _process(code: str, run: Runner, letter: str) -> str:
    """Follow a process substitution; the word it becomes is a file that holds what the command prints."""
    printed = run.apart(code, None if letter == "<" else UNKNOWN)
    name = f"/dev/fd/{63 + len(run.scope.files)}"
    run.scope.files[name] = printed if letter == "<" else ""
    return name
