"""Names that look like other names: mixed scripts, and letters of one script that are drawn like those of another.

Rule 1: only names with letters outside of ASCII are looked at; ordinary names of one script are let alone.
Rule 2: scripts that are written together (Han, Kana, Hangul, Bopomofo, each with Latin) do not count as mixed.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
_DRAWN_ALIKE: Final[dict[str, frozenset[str]]] = {
    "CYRILLIC": frozenset("асԁеһіјӏорԛѕтԝхуѵӕӧӓёїґвнкмгпьзꙅ"),
    "GREEK": frozenset("αοινρυχκϲηωγτε"),
    "ARMENIAN": frozenset("օոսհգցզյլք"),
    "CHEROKEE": frozenset("ꭰꭱꮎꮋꮃꭵꮪꮯꭺꮶꮇꮲꮢꮖꮩꮤꮓ"),
    "GEORGIAN": frozenset("ყჿხე"),
}
"""Letters that look like Latin ones, by script (after the table of confusables of Unicode TR 39)."""
_OF_COUNTRIES: Final = {
    "CYRILLIC": ("ru", "su", "ua", "by", "bg", "rs", "mk", "kz", "kg", "mn", "xn--p1ai", "xn--j1amh", "xn--90ais", "xn--90a3ac"),
    "GREEK": ("gr", "cy", "xn--qxam"),
    "ARMENIAN": ("am", "xn--y9a3aq"),
    "GEORGIAN": ("ge", "xn--node"),
}  # fmt: skip
"""Where a whole name of such letters is nothing strange."""
_PHONETIC: Final = ("SMALL CAPITAL", "LETTER ALPHA", "LETTER SCRIPT", "TURNED", "CLICK", "LETTER AFRICAN")
_WITH_DOTLESS_I: Final = ("tr", "az", "ie")


@lru_cache(maxsize=4096)
def is_lookalike(host: str) -> bool:
    """Tell whether a normal host is drawn like another name.

    >>> is_lookalike("xn--pple-43d.com"), is_lookalike("xn--bcher-kva.example"), is_lookalike("example.com")
    (True, False, False)
    """
    if "xn--" not in host:
        return False
    top = host.rpartition(".")[2]
    try:
        labels = [_letters(label) for label in host.split(".")]
    except UnicodeError:
        return True
    return any(_deceives(label, top) for label in labels if not label.isascii())


def _letters(label: str) -> str:
    return label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label


def _deceives(label: str, top: str) -> bool:
    scripts = {_script(letter) for letter in label if letter.isalpha()}
    if len(scripts) > 1:
        return not any(scripts <= together for together in _TOGETHER)
    if any(_strange(letter, top) for letter in label):
        return True
    script = next(iter(scripts), "")
    alike = _DRAWN_ALIKE.get(script)
    return (
        alike is not None
        and top not in _OF_COUNTRIES.get(script, ())
        and alike.issuperset(letter for letter in label if letter.isalpha())
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ", 1)[0].removesuffix("-COMPATIBILITY")


def _strange(letter: str, top: str) -> bool:
    """Tell a letter that no language's names need: small capitals, invisible and combining signs alone, slashes."""
    if letter.isascii():
        return False
    if letter == "\u0131":
        return top not in _WITH_DOTLESS_I
    name = unicodedata.name(letter, "?")
    category = unicodedata.category(letter)
    if category in {"Cf", "Cc", "Co", "Cn"} or (name.startswith("LATIN") and any(word in name for word in _PHONETIC)):
        return True
    return category in {"Sm", "Po", "Pd"} and any(
        word in name for word in ("SLASH", "STOP", "SOLIDUS", "DIVISION", "HYPHEN", "QUOT")
    )
