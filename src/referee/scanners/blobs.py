"""Texts written as numbers: base64, base32, hexadecimal, character codes, bits, compressed or not.

Rule 1: a run counts when it decodes to text; of one that decodes to something else, the texts inside it count.
Rule 2: a run is one whole: whoever takes a part of it out has to take all of it out.
Rule 3: what unpacks to more than the caller allows is ``TooBig``, never read in part.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from referee.model.value import TooBig
from referee.scanners.rewriting import Run, apart
from referee.scanners.shadow import linear

_B64: Final = "[A-Za-z0-9+/_-]"
_LINE: Final = rf"{_B64}{{16,}}(?:\r?\n[ \t>]{{0,8}}{_B64}{{16,}})*(?:\r?\n[ \t>]{{0,8}}{_B64}{{1,76}})?"
_FIRST, _SECOND, _THIRD = "[A-Za-f]", "[A-HQ-Xg-nw-z0-3]", "[ABEFIJMNQRUVYZcdghklopstwx014589]"
_ASCII: Final = rf"{_FIRST}{_SECOND}{_THIRD}{_B64}"
_IN_STEP: Final = re.compile(rf"(?:{_ASCII}){{4,}}{_B64}{{0,3}}")
_SIGNS_OF_BASE64: Final = (
    rf"(?:{_ASCII}){{3}}{_FIRST}{_SECOND}{_THIRD}"
    rf"|(?:{_B64}[AQgw][AB]{_B64}A[A-H][AEIMQUYcgkosw048]A){{2}}"  # UTF-16
    rf"|(?:[4-7][I-LY-bo-r4-7][CGKOSWaeimquy26+-]{_B64}){{4}}"  # three octets a character
    rf"|0[I-LY-b][DHLPTXbfjnrvz37/_][QR][g-v][Ndt9][CG]{_B64}"  # two octets a character
    rf"|(?:H4sI|e[AFJN]){_B64}{{20}}|{_B64}{{60}}[\r\n]|[A-Za-z0-9+/]{{200}}"
)
_SIGNS_OF_BACKWARDS: Final = rf"={_THIRD}?{_SECOND}{_FIRST}(?:{_B64}{_THIRD}{_SECOND}{_FIRST}){{2}}"
_BASE64: Final = rf"(?:{_LINE}|{_B64}{{14,}})={{0,2}}"
_BACKWARDS: Final = rf"={{1,2}}{_B64}{{14,}}"
_BASE32: Final = r"[A-Z2-7]{24,}={0,6}"
_OCTETS: Final = r"(?:0[xX])?(?:[0-9A-Fa-f]{2}){1,4}"
_SIGNS_OF_HEX: Final = (
    r"(?:[2-7][0-9A-Fa-f]){8}|(?:(?:0[xX])?[2-7][0-9A-Fa-f][ \t,:;\r\n-]{1,4}){6}"
    r"|(?:(?:[2-7][0-9A-Fa-f]){2,4}[ \t,:;\r\n-]){3}"
    r"|[eE][3-9aA](?:[89abAB][0-9a-fA-F]){2}[eE]|1[fF]8[bB]|78(?:01|5[eE]|9[cC]|[dD][aA])"
)
_HEX: Final = (
    r"(?:0[xX])?(?:[0-9A-Fa-f]{2}){8,}(?:\r?\n[ \t]{0,8}(?:[0-9A-Fa-f]{2}){2,})*"
    rf"|(?:{_OCTETS}[ \t,:;\r\n-]{{1,4}}){{3,}}{_OCTETS}"
)
_CODES: Final = r"(?:1?[0-9]{2}[,;\s][ \t]{0,2}){7,}1?[0-9]{2}"
_BITS: Final = r"[01]{8}(?:[ \t,]{0,2}[01]{8}){5,}"
_PACKED: Final = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_STRINGS: Final = re.compile(rb"[\t\n\r -~]{12,}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_SHORTEST, _SURE, _TOLERANT, _LONG = 14, 6, 18, 48
_NO_DIGITS: Final = re.compile(r"0[xX]|[^0-9A-Fa-f]")
_LINES: Final = re.compile(r"[^\s>]+")
_FEED: Final = 1 << 12
_MAX_WRAPS: Final = 4

Unpack = Callable[[int], None]
"""Takes note of so many unpacked bytes; ``TooBig`` when there are too many of them."""


def blobs(text: str, shadow: bytes, unpacked: Unpack, *, numbers: bool) -> list[Run]:
    """Find the runs of a text that stand for another text; ``numbers``: decimal codes and bits too.

    Raises:
        TooBig: something unpacks to more than the caller allows.

    >>> blobs("see c2VlIHlvdSBsYXRlcg==", b"see c2VlIHlvdSBsYXRlcg==", lambda _: None, numbers=True)
    [(4, 24, 'see you later', 0)]
    """
    found: list[Run] = []
    if not linear(signs_of_blobs(numbers=numbers)).search(shadow):
        return found
    for signs, form, read in _FORMS[: None if numbers else -2]:
        if linear(signs).search(shadow):
            for match in linear(form).finditer(shadow):
                start, end = match.span()
                if read is _hexadecimal and text[max(0, start - 1) : start].isalnum():
                    start += _first_group(text[start:end])
                found += read(text[start:end], start, unpacked)
    return apart(found)


def _base64(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    lines = [(line.start(), line.end()) for line in _LINES.finditer(run)]
    while lines:
        size = lines[0][1] - lines[0][0]
        same = next((at for at, (a, b) in enumerate(lines) if b - a != size), len(lines))
        block = lines[: same + 1] if same < len(lines) and lines[same][1] - lines[same][0] < size else lines[:same]
        if len(block) > 1:
            found = _of_lines(run, block, start, unpacked)
            if found is not None:
                yield found
                lines = [line for line in lines if line[0] >= found[1] - start]
                continue
        for a, b in block:
            yield from _of_line(run[a:b], start + a, unpacked)
        lines = lines[len(block) :]


def _of_lines(run: str, block: list[tuple[int, int]], start: int, unpacked: Unpack) -> Run | None:
    """Read lines as one run; the last one belongs to it where it completes the last group of four."""
    shorter, longer = block[:-1], block
    complete = sum(b - a for a, b in longer) % 4 == 0
    for lines in (longer, shorter) if complete or len(block) == 1 else (shorter, longer):
        meant = _meaning(_octets("".join(run[a:b] for a, b in lines)), unpacked)
        if meant:
            return start + lines[0][0], start + lines[-1][1], meant, 0
    return None


def _of_line(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    if len(run) < _SHORTEST:
        return
    meant = _meaning(_octets(run), unpacked)
    if meant:
        yield start, start + len(run), meant, 0
        return
    for part in _IN_STEP.finditer(run):
        yield from _whole(_octets(part.group()), part.group(), start + part.start(), unpacked)


def _octets(run: str) -> bytes:
    letters = run.encode().translate(_URL_SAFE, b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _backwards(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    return _whole(_octets(run[::-1]), run, start, unpacked)


def _base32(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    letters = run.rstrip("=")
    letters = letters[: len(letters) - {1: 1, 3: 1, 6: 1}.get(len(letters) % 8, 0)]
    return _whole(base64.b32decode(letters + "=" * (-len(letters) % 8)), run, start, unpacked)


def _hexadecimal(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    digits = _NO_DIGITS.sub("", run)
    found = [*_whole(bytes.fromhex(digits[: len(digits) & ~1]), run, start, unpacked)]
    lines = [*_LINES.finditer(run)] if not found else []
    for line in lines if 1 < len(lines) <= len(run) // _SHORTEST else ():
        digits = _NO_DIGITS.sub("", line.group())
        found += _whole(bytes.fromhex(digits[: len(digits) & ~1]), line.group(), start + line.start(), unpacked)
    yield from found


def _first_group(run: str) -> int:
    """Measure the group that a run begins with where there are several: it is the end of a word."""
    first = re.match(r"[0-9A-Fa-fxX]+[^0-9A-Fa-fxX]+", run)
    return first.end() if first else 0


def _codes(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    codes = [int(code) for code in re.findall(r"[0-9]+", run)]
    return _whole(bytes(codes), run, start, unpacked)


def _bits(run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    octets = re.findall(r"[01]{8}", run)
    return _whole(bytes(int(digits, 2) for digits in octets), run, start, unpacked)


def _whole(raw: bytes, run: str, start: int, unpacked: Unpack) -> Iterator[Run]:
    meant = _meaning(raw, unpacked)
    if meant:
        yield start, start + len(run), meant, 0


_Reader = Callable[[str, int, Unpack], Iterator[Run]]
_FORMS: Final[tuple[tuple[str, str, _Reader], ...]] = (
    (_SIGNS_OF_HEX, _HEX, _hexadecimal),
    (_SIGNS_OF_BASE64, _BASE64, _base64),
    (_SIGNS_OF_BACKWARDS, _BACKWARDS, _backwards),
    (_BASE32, _BASE32, _base32),
    (_CODES, _CODES, _codes),
    (_BITS, _BITS, _bits),
)


@cache
def signs_of_blobs(*, numbers: bool) -> str:
    """Compose the expression without whose match there is none in a text."""
    return "|".join(signs for signs, *_ in _FORMS[: None if numbers else -2])


def _meaning(raw: bytes, unpacked: Unpack) -> str:
    """Read octets as the text they are, or as the texts in them; nothing if they are none."""
    raw = _unpack(raw, unpacked)
    text = _text(raw)
    if not text and len(raw) >= _LONG:
        return "\n".join(part.decode() for part in _STRINGS.findall(raw))
    return text


def _text(raw: bytes) -> str:
    if len(raw) < _SURE:
        return ""
    for zeros, coding in ((raw[1::2], "utf-16-le"), (raw[::2], "utf-16-be")):
        if zeros.count(0) * 10 >= len(zeros) * 9:
            raw = raw[: len(raw) & ~1].decode(coding, "replace").encode(errors="replace")
            break
    text = raw.decode(errors="replace")
    wrong = len(_UNPRINTABLE.findall(text))
    return text if wrong * 20 <= (len(text) if len(raw) >= _TOLERANT else 0) else ""


def _unpack(raw: bytes, unpacked: Unpack) -> bytes:
    for _ in range(_MAX_WRAPS):
        if not raw.startswith(_PACKED):
            return raw
        whole = b"".join(_fed(raw, unpacked))
        if not whole:
            return raw
        raw = whole
    raise TooBig


def _fed(raw: bytes, unpacked: Unpack) -> Iterator[bytes]:
    """Unpack gzip or zlib, and as much as can be had of what is cut off or spoilt."""
    work = zlib.decompressobj(47)
    for at in range(0, len(raw), _FEED):
        rest = raw[at : at + _FEED]
        while rest:
            try:
                part = work.decompress(rest, _FEED * 16)
            except zlib.error:
                return
            unpacked(len(part))
            yield part
            if work.eof or not part:
                return
            rest = work.unconsumed_tail
