"""Secrets: randomness, forms to be filled in, tokens with an inside.

Rule 1: a placeholder, a variable and an example of a manual are no secrets.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

_FORM_WORDS = re.compile(
    r"example|your|x{4}|change.?me|placeholder|dummy|sample|redacted|insert|replace|\*{3}|\.{3}|<|>|\$\{|\$\(|\{\{|%[({]"
    r"|987654321|1234567890|0123456789|abcdefgh|qwerty|fake|foobar|lorem|not.?a.?real|secret.?here|goes.?here|key.?here|masked|\A[a-z_]{2,40}_[0-9a-f]{8}\Z",
    re.IGNORECASE,
)
_VARIABLE = re.compile(
    r"[$%&{<(#\\].*|arn:.*|\*.*|.*(?:\$\{|\$\(|#\{|\{\{|\(\)).*|\[.*\]|/.*|.*[:#]|[a-z_]+(?:\.[a-z_]+)+|(?:none|null|nil|true|false|undefined|required|optional|string|str|bytes"
    r"|password|passwd|pass|pwd|secret|token|user(?:name)?|admin|root|hidden|empty|default|prompt|text|value|env|self|test(?:ing)?"
    r"|(?:the|your|some|a|new|old|db|user|edit|confirm|reset|forgot|change|current|cms)?[_-]?(?:\w{1,12}_)?(?:pass|password|passwd|pwd|secret|passphrase|token|key)[_-]?\d{0,3})",
    re.IGNORECASE,
)


def entropy(text: str) -> float:
    """Measure the bits a character of a text.

    >>> entropy("aaaa"), entropy("abab")
    (0.0, 1.0)
    """
    counts = Counter(text).values()
    return sum(n / len(text) * math.log2(len(text) / n) for n in counts) if text else 0.0


def placeholder(text: str) -> bool:
    """Tell whether a value stands for a secret instead of being one.

    >>> placeholder("YOUR_API_KEY"), placeholder("${TOKEN}"), placeholder("a8Fk20sLq")
    (True, True, False)
    """
    return _FORM_WORDS.search(text) is not None or len(set(text)) < 4


@lru_cache(maxsize=1)
def _plain_words() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z]{2,300}(?:[_.\-/ :][A-Za-z]{2,300})+[_.-]?\d{0,9}|[A-Za-z]{2,300}\d{0,2}")


def token(text: str) -> bool:
    """Tell whether the text of a key with a known form is more than a form."""
    return not placeholder(text) and entropy(text) > 2.5


def generic_key(text: str) -> bool:
    """Tell whether a value beside a key's name is random enough to be one: letters and digits in no order."""
    return (
        not placeholder(text)
        and entropy(text) >= (3.0 if set(text) <= set("0123456789abcdefABCDEF") else 3.5)
        and any(c.isdigit() for c in text)
        and any(c.isalpha() for c in text)
        and not _plain_words().fullmatch(text)
    )


def jwt(text: str) -> bool:
    """Tell whether a text is a JSON web token: the header is a JSON object with an algorithm."""
    head = text.split(".", 1)[0]
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        return False
    return isinstance(header, dict) and bool({"alg", "enc", "typ"} & {str(key) for key in header})


def password(text: str) -> bool:
    """Tell whether a text may be a password: no form, no variable, not the word itself.

    >>> password("tr0ub4dor&3"), password("password"), password("$DB_PASS"), password("config.password")
    (True, False, False, False)
    """
    return len(text) >= 4 and _VARIABLE.fullmatch(text) is None and not placeholder(text) and len(set(text)) >= 4


def strong_password(text: str) -> bool:
    """Tell whether an unquoted text may be a password: more than a word."""
    return (
        password(text) and any(c.isalpha() for c in text) and any(not c.isalpha() and c not in "_-./:," for c in text)
    )


def key_block(text: str) -> bool:
    """Tell whether a key block has a body that is more than a form."""
    inner = text.split("-----")[2] if text.count("-----") >= 2 else text
    return re.search(r"[A-Za-z0-9+/=]{16}", inner) is not None and not re.search(
        r"\.{3}|x{8}|<|\bYOUR|EXAMPLE|REDACTED", inner
    )


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "generic_key": generic_key,
    "jwt": jwt,
    "key_block": key_block,
    "password": password,
    "strong_password": strong_password,
    "token": token,
}
