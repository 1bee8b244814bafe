"""Secrets with an inside: passwords, signed tokens, key blocks, pairs of a name and a password, checksums.

Rule 1: the word for a password, a variable, a type and a label of a form are no passwords.
Rule 2: what has an inside is opened; what cannot be opened is not what it seems.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Final

import msgspec

from referee.scanners.validators.randomness import entropy, form, orderly, placeholder, random_text, repeats

_WORDS: Final = (
    r"none|null|nil|true|false|undefined|required|optional|string|str|bytes|int(?:eger)?|bool(?:ean)?|object|any|char|varchar|array"
    r"|user(?:name)?|admin|root|hidden|empty|default|prompt|text|value|env|self|this|test(?:ing)?|input|type|name|email|login|form|label"
    r"|changeit|masked|encrypted|plain|hash(?:ed)?|bcrypt|raw|basic|bearer|public|private|file|vault|example|xxx+|abc|foo|bar|baz|blah|asdf"
    r"|new|old|current|confirm(?:ation)?|reset|forgot(?:ten)?|invalid|valid|missing|wrong|incorrect|unset|unknown|manager|field|policy"
    r"|const|let|var|return|await|function|lambda|async|import|from|not|and|or|is|was|has|must|should|will|can|for|with|the|your|must"
    r"|passwort|kennwort|wachtwoord|contrase.a|senha|mot.?de.?passe|has[lł]o|parola|пароль|密码|パスワード"
)
_VARIABLE = re.compile(
    rf"[$%&{{<(#\\]\w*|\$[\w.>\[\]'\"-]+|arn:.*|\*.*|![A-Za-z_:]+|\s*[+.&]\s*[\w$\'].*|\\+\$.*|.*\(\)?|\[.*\]|/.*/.*|.*[:]|[A-Za-z_]\w*(?:(?:\.|->|::)[A-Za-z_]\w*)+|(?:{_WORDS})"
    r"|(?:the|your|some|a|new|old|db|user|edit|confirm|reset|forgot|change|current|cms|enter|insert|get|set|is|no|invalid|smtp|admin)?"
    r"[_-]?(?:\w{1,12}[_-])?(?:pass|password|passwd|pwd|secret|passphrase|passcode|token|key|credentials?)(?:[_-]?\d{0,3}|[_-](?:hash|field|input|file|env|name|here))",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"[\W_]*(?:[A-Za-z]+[\W_]+){0,8}(?:pass(?:word|wd|phrase)|secret|token)s?(?:[\W_]+[A-Za-z]+){0,8}[\W_]*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"[^\W\d_]+(?:['\u2019][a-z]+)?(?:[,.:;!?&/-]*[ ][,.:;!?&/-]*[^\W\d_]+(?:['\u2019][a-z]+)?)+[ .:!?…*]*"
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
    """Tell whether a text may be a password: no form, no variable, not the word itself, no sentence.

    >>> password("tr0ub4dor&3"), password("password"), password("$DB_PASS"), password("config.password")
    (True, False, False, False)
    """
    return (
        len(text) >= 4
        and len(set(text)) >= 4
        and _VARIABLE.fullmatch(text) is None
        and _SENTENCE.fullmatch(text) is None
        and not (text.isalpha() and not text.isascii())
        and not form(text)
        and not repeats(text)
        and orderly(text) < 0.9
        and _ABOUT.fullmatch(text) is None
    )


def strong_password(text: str) -> bool:
    """Tell whether an unquoted text may be a password: more than a word."""
    return (
        password(text)
        and any(c.isalpha() for c in text)
        and any(not c.isalpha() and c not in "_-./:,?|'\u2019" for c in text)
        and text[-1] not in ".:,"
    )


def quoted_password(text: str) -> bool:
    """Tell whether a text in quotes may be a password: one of several words needs a figure or a sign.

    >>> quoted_password("mellon"), quoted_password("Enter your password!"), quoted_password("h0rse staple")
    (True, False, True)
    """
    return password(text) and (" " not in text.strip() or re.search(r"[0-9@#$%^&*=~+]", text) is not None)


def bare_password(text: str) -> bool:
    """Tell whether a text without quotes, in a line of settings, may be a password: no name of code.

    >>> bare_password("whiteduke"), bare_password("new_password"), bare_password("user.name"), bare_password("a_b")
    (True, False, False, False)
    """
    return password(text) and re.fullmatch(r"[a-z]+(?:[_.-][a-z]+)+|[A-Za-z][a-z]*(?:[A-Z][a-z]+)+", text) is None


def login_password(text: str) -> bool:
    """Tell whether the text after a user's name and a word for passwords is one.

    >>> login_password("biggreenhat"), login_password("authentication"), login_password("required")
    (True, False, False)
    """
    return bare_password(text) and re.fullmatch(r"[a-z]{3,20}(?:ion|ions|ing|ed|ties|ty|ment|ble|ers)", text) is None


def url_password(text: str) -> bool:
    """Tell whether what stands between ``:`` and ``@`` in a URL is a password, and no word of a manual.

    >>> url_password("s3cr3t"), url_password("password"), url_password("hunter")
    (True, False, True)
    """
    return (
        password(text)
        and re.fullmatch(r"(?i:pass(?:w(?:or)?d)?|pwd|secret|p4ss|user|name|host|port|\d{2,5}(?:/.*)?)", text) is None
    )


def key_block(text: str) -> bool:
    """Tell whether a key block has a body that is more than a form."""
    inner = text.split("-----")[2] if text.count("-----") >= 2 else text
    if re.search(r"[A-Za-z0-9+/=]{16}", inner) is None:
        return False
    return not re.search(r"\.{3}|x{8}|<[a-z]|\bYOUR|EXAMPLE|REDACTED|\$\{|\{\{", inner)


def pair(text: str) -> bool:
    """Tell whether a base64 text holds a name and a password, as headers and docker's settings write them."""
    try:
        inner = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    name, colon, secret = inner.partition(":")
    return bool(colon) and inner.isprintable() and ((len(secret) > 3 and not form(secret)) or random_text(name))


def github_checksum(text: str) -> bool:
    """Tell whether the last six characters of a token of GitHub or npm are the checksum of the rest, in base 62."""
    prefix, _, rest = text.rpartition("_")
    value = 0
    for character in rest[-6:]:
        place = _BASE62.find(character)
        if place < 0 or not prefix:
            return False
        value = value * 62 + place
    return zlib.crc32(rest[:-6].encode("utf-8", "replace")) == value


_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def encoded_secret(text: str) -> bool:
    """Tell whether a value in base64, as Kubernetes keeps it, is more than a word or a number."""
    try:
        inner = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    plain = inner.decode("utf-8", "replace").strip()
    return len(inner) >= 6 and (not plain.isprintable() or password(plain) or entropy(plain) > 3.5)


def seed_phrase(text: str) -> bool:
    """Tell whether small words are a recovery phrase: as many as wallets use, and hardly one twice.

    >>> seed_phrase("a b c")
    False
    """
    words = text.split()
    return len(words) in {12, 15, 18, 21, 24} and len(set(words)) >= len(words) - 4


def password_hash(text: str) -> bool:
    """Tell whether the hash of a password is more than a form."""
    return not placeholder(text.rsplit("$", 1)[-1]) and len(set(text)) > 8


def secret_text(text: str) -> bool:
    """Tell whether a value that is called a secret may be one: random, or a password with a figure or a sign in it."""
    return random_text(text) or (len(text) >= 8 and strong_password(text))


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "bare_password": bare_password,
    "encoded_secret": encoded_secret,
    "github_checksum": github_checksum,
    "jwt": jwt,
    "key_block": key_block,
    "login_password": login_password,
    "pair": pair,
    "password": password,
    "password_hash": password_hash,
    "quoted_password": quoted_password,
    "secret_text": secret_text,
    "seed_phrase": seed_phrase,
    "strong_password": strong_password,
    "url_password": url_password,
}
