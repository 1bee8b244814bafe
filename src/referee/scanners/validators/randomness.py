"""What tells a random text from words, forms to be filled in and numbers that anybody may see.

Rule 1: a placeholder, a variable and an example of a manual are no secrets.
Rule 2: every judgement reads its text a bounded number of times.
"""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

_TEMPLATE = re.compile(
    r"\$\{[^}\s]{1,80}\}|\A\$\{|(?<![A-Za-z0-9])\$[A-Z][A-Z0-9_]{3,60}|\$\([^)]{0,80}\)|\{\{.{0,80}?\}\}|%\([^)]{1,40}\)s|<[A-Za-z_/$%{!?][^<>]{0,60}>|#\{[^}]{1,60}\}"
    r"|\A(?:\$[A-Za-z_]\w{0,60}|%[A-Za-z_]{1,40}%|@[A-Za-z_]{1,40}@|__\w{1,40}__|\[[\w \-]{1,40}\]|\{\w{0,40}\}|%[sdv])\Z"
)
_FORM_WORDS = re.compile(
    r"example|your[_\- ]|\Ayour|[_\-]your|yourpass|yourkey|yoursecret|yourtoken|x{4}|change.?me|change.?it|placeholder|dummy"
    r"|sample|redacted|insert|replace|\*{3}|\.{3}|\u2026|987654321|fake|foobar|lorem|not.?a.?real|not.?real|secret.?here"
    r"|goes.?here|key.?here|token.?here|masked|obfuscated|truncated|to-?be-?(?:set|filled)|fill.?me|\Atodo|fixme"
    r"|\A[a-z_]{2,40}_[0-9a-f]{8}\Z|qwertyuiop|deadbeef|cafebabe|badc0ffee",
    re.IGNORECASE,
)
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MARKS = re.compile(r"[-.:_]")
_RUNS = re.compile(r"[A-Z][a-z]{2,300}|[a-z]{3,300}|[A-Z]{3,300}")
_PLAIN = re.compile(
    r"\d{4}-\d\d-\d\d[T ].*|v?\d{1,4}(?:\.\d{1,6}){1,4}[-+.\w]{0,40}|(?:https?|s3|gs|file|arn|urn)[:/].*|[./~].*/.*"
    r"|[\w-]{1,40}(?:\.[A-Za-z_][\w-]{0,40}){1,8}(?:\.(?:com|org|net|io|dev|json|py|js|ts|ya?ml|pem|key|crt))|data:.*|[A-Za-z]{1,14}\d{0,2}(?:[_-][A-Za-z]{1,14}\d{0,2}|[_-]\d{1,3}){2,12}|_?[a-z\d]{1,14}(?:_[a-z]{1,14}\d{0,2}){2,8}|0x[0-9a-fA-F]{38,42}"
)
_FOLLOWERS: Final = (
    "a:bcdgiklmnprstuvy b:aeiloru c:acehiklortu d:adeiosu e:abcdefgilmnpqrstvx f:aefiortu g:aehinru h:aeiot "
    "i:abcdefglmnoprstvz j:eos k:ei l:adeilostuy m:abeimops n:acdefginostu o:bcdfglmnoprstuvw p:aeiloprstuy q:u "
    "r:acdegikmnorstuy s:acehiopstuy t:acehiloprstuy u:abcdegilmnprst v:aei w:aehior x:pt y:ps z:e"
)
_WORD_PAIRS: Final = frozenset(pair[0] + second for pair in _FOLLOWERS.split(" ") for second in pair[2:])


def entropy(text: str) -> float:
    """Measure the bits a character of a text.

    >>> entropy("aaaa"), entropy("abab")
    (0.0, 1.0)
    """
    counts = Counter(text).values()
    return sum(n / len(text) * math.log2(len(text) / n) for n in counts) if text else 0.0


def wordiness(text: str) -> float:
    """Measure the part of a text that reads as words, by its pairs of letters.

    >>> wordiness("getSecretValue"), wordiness("zk3vq9wlx7")
    (1.0, 0.0)
    """
    words = 0
    for run in _RUNS.findall(text):
        low = run.lower()
        known = sum(low[at : at + 2] in _WORD_PAIRS for at in range(len(low) - 1))
        if known >= 0.75 * (len(low) - 1):
            words += len(run)
    return words / max(1, sum(c.isalpha() for c in text))


def orderly(text: str) -> float:
    """Measure the part of a text that counts up or down, or says one character over and over.

    >>> orderly("abcdef123456"), orderly("a8Fk20sL")
    (1.0, 0.0)
    """
    held = run = 0
    last = 9
    for left, right in pairwise(text):
        step = ord(right) - ord(left)
        run = run + 1 if step == last and step in {-1, 0, 1} else 1 if step in {-1, 0, 1} else 0
        last = step
        if run == 2:
            held += 3
        elif run > 2:
            held += 1
    return min(1.0, held / max(1, len(text)))


def placeholder(text: str) -> bool:
    """Tell whether a value stands for a secret instead of being one.

    >>> placeholder("YOUR_API_KEY"), placeholder("${TOKEN}"), placeholder("a8Fk20sLq")
    (True, True, False)
    """
    return len(set(text)) < 4 or form(text) or orderly(text) > 0.45 or repeats(text)


def form(text: str) -> bool:
    """Tell whether a text is a form to be filled in: a variable of a template, or words that say so."""
    return _TEMPLATE.search(text) is not None or _FORM_WORDS.search(text) is not None


def repeats(text: str) -> bool:
    """Tell whether a text says a few characters again and again."""
    return len(text) >= 12 and any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 9))


def token(text: str) -> bool:
    """Tell whether the text of a key with a known form is more than a form."""
    return not placeholder(text) and entropy(text) > 2.5


def random_text(text: str) -> bool:
    """Tell whether a text has letters and digits in no order: no words, no date, no path, no version."""
    if placeholder(text) or _PLAIN.fullmatch(text) is not None:
        return False
    letters = sum(c.isalpha() for c in text)
    figures = sum(c.isdigit() for c in text)
    if not figures:
        return len(text) >= 20 and _mixed_case(text)
    if not letters:
        return False
    bare = _MARKS.sub("", text)
    if set(bare) <= _HEX:
        return entropy(bare) >= min(3.0, math.log2(len(bare)) - 0.8)
    return entropy(text) >= min(3.5, math.log2(len(text)) - 0.75) and wordiness(text) < 0.6


def _mixed_case(text: str) -> bool:
    """Tell whether capitals and small letters stand in no order, as in no name that somebody chose."""
    changes = sum(left.islower() and right.isupper() for left, right in pairwise(text))
    return changes * 6 >= len(text) and wordiness(text) < 0.3 and not re.search(r"[^A-Za-z0-9+/=]", text)


def generic_key(text: str) -> bool:
    """Tell whether a value beside a key's name is random enough to be one."""
    return random_text(text)


def quoted_key(text: str) -> bool:
    """Tell whether a value in quotes beside a key's name is random enough: a short one has to be more so.

    >>> quoted_key("a8Fk20sLq9"), quoted_key("version-2.1"), quoted_key("page-2-of-17")
    (True, False, False)
    """
    return random_text(text) and (len(text) >= 16 or wordiness(text) < 0.35) and not text.endswith((":", "?", "="))


def bare_key(text: str) -> bool:
    """Tell whether a value without quotes is random enough, for code also stands without them.

    >>> bare_key("zk3vq9wlx7rt2np8"), bare_key("parts[1].token2"), bare_key("self.token_v2")
    (True, False, False)
    """
    return (
        len(text) >= 14
        and random_text(text)
        and (wordiness(text) < 0.45 or set(text) <= _HEX)
        and re.search(r"[A-Za-z_]\w*\.[a-z_]{3,40}\b", text) is None
        and text.count("/") <= max(2, len(text) // 12)
    )


def strict_key(text: str) -> bool:
    """Tell whether a value is a key although little says so: long, of capitals, small letters and digits, and no UUID.

    >>> strict_key("a8Fk20sLq9Zt4Bv7Yw2X"), strict_key("da39a3ee5e6b4b0d3255bfef95601890afd80709")
    (True, False)
    """
    return (
        len(text) >= 18
        and random_text(text)
        and any(c.isupper() for c in text)
        and any(c.islower() for c in text)
        and sum(c.isdigit() for c in text) >= 2
        and not set(text.replace("-", "")) <= _HEX
        and wordiness(text) < 0.4
        and not spells(text)
    )


def spells(text: str) -> bool:
    """Tell whether a text is another one in base64, which is looked at for itself.

    >>> spells("aW1wb3J0IG9zOyBvcy5zeXN0ZW0o"), spells("a8Fk20sLq9Zt4Bv7Yw2X")
    (True, False)
    """
    try:
        inner = base64.b64decode(text[: len(text) // 4 * 4], validate=True)
    except ValueError:
        return False
    return inner.isascii() and inner.decode("ascii").isprintable()


def mixed_token(text: str) -> bool:
    """Tell whether a value of a common form is random: two digits and two letters at least, few words."""
    return (
        random_text(text)
        and sum(c.isdigit() for c in text) >= 2
        and sum(c.isalpha() for c in text) >= 2
        and (wordiness(text) < 0.45 or set(text) <= _HEX)
    )


def hex_key(text: str) -> bool:
    """Tell whether a value is a random number in hexadecimal digits."""
    bare = text.removeprefix("0x").replace("-", "")
    return not placeholder(bare) and set(bare) <= _HEX and entropy(bare) >= 3.0 and not bare.isdigit()


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "bare_key": bare_key,
    "generic_key": generic_key,
    "hex_key": hex_key,
    "mixed_token": mixed_token,
    "quoted_key": quoted_key,
    "strict_key": strict_key,
    "token": token,
}
