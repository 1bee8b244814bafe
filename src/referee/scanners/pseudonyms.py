"""Names that stand for values within one session, and the vault that gives the values back to whoever has the key.

Rule 1: a value has one pseudonym in a session, whatever the place it is met at; another session gives it another one.
Rule 2: nothing of the value is in its pseudonym: it is made from a keyed digest, in the shape that tools expect of its kind.
Rule 3: the vault keeps values sealed. Without the key they cannot be read, and a sealed value that was changed is noticed.
Rule 4: the vault is bounded; a value that no longer fits into it is refused, and its redaction fails.

A value is sealed by a synthetic initialisation vector (as in RFC 5297, with keyed BLAKE2b in place of AES): the keyed digest
of the value is both what authenticates it and where the key stream begins, so that there is no nonce that could repeat.

An address is of ``example.com`` (RFC 2606), a telephone number of the exchange 555 and line 01xx, an IP address of the nets
for benchmarks and documentation (RFC 2544, RFC 3849), a MAC address locally administered: none is anybody's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from threading import Lock
from typing import Final

MAX_VALUES: Final = 100_000
_DOMAIN: Final = "pseudonym.example.com"
_LETTERS: Final = "abcdefghjkmnpqrstvwxyz23456789"
_TRIES: Final = 64
_LONGEST: Final = 96
_TAG: Final = 16


class Vault:
    """The pseudonyms of one session. ``key`` seals the values, ``session`` makes its pseudonyms its own.

    >>> vault = Vault(b"sixteen bytes ...", "s1")
    >>> name = vault.name("city", "Turin")
    >>> vault.name("city", "Turin") == name, vault.reveal(f"to {name}!", b"sixteen bytes ...")
    (True, 'to Turin!')
    """

    def __init__(self, key: bytes, session: str = "") -> None:
        self._names = derived(key, f"names {session}")
        self._seal = derived(key, f"seal {session}")
        self._session = session
        self._sealed: dict[str, bytes] = {}
        self._known: dict[bytes, str] = {}
        self._kinds: set[str] = set()
        self._named: tuple[int, re.Pattern[str]] | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._sealed)

    def __repr__(self) -> str:
        return f"<Vault of {len(self._sealed)} values>"

    def name(self, kind: str, value: str) -> str:
        """Return the pseudonym of a value.

        Raises:
            ValueError: the vault is full.
        """
        digest = _digest(self._names, kind, value)
        with self._lock:
            known = self._known.get(digest)
            if known is not None:
                return known
            if len(self._known) >= MAX_VALUES:
                raise ValueError("there are too many pseudonyms in this session")
            name = self._unused(kind, value, digest)
            self._known[digest] = name
            self._sealed[name] = _sealed(self._seal, value)
            return name

    def number(self, kind: str, value: str) -> int:
        """Return the pseudonym of a number: twelve digits, whatever the length of the number.

        Raises:
            ValueError: the vault is full.
        """
        return int(self.name(f"{kind}{_NUMBER}", value))

    def knows(self, text: str, start: int, end: int) -> bool:
        """Tell whether what stands between two characters is a pseudonym of this session, or a part of one."""
        if not self._sealed or end - start > _LONGEST:
            return False
        near = max(0, start - _LONGEST)
        return any(
            near + found.start() <= start and end <= near + found.end() and found.group() in self._sealed
            for found in self._pattern().finditer(text[near : end + _LONGEST])
        )

    def reveal(self, text: str, key: bytes) -> str:
        """Return the text with the value in place of each pseudonym of this session.

        Raises:
            ValueError: this is not the key.
        """
        seal = derived(key, f"seal {self._session}")
        if not hmac.compare_digest(seal, self._seal):
            raise ValueError("this is not the key of the pseudonyms")
        with self._lock:
            sealed = dict(self._sealed)
        if not sealed:
            return text
        return self._pattern().sub(lambda found: _opened(seal, sealed, found.group()), text)

    def _pattern(self) -> re.Pattern[str]:
        """Make the pattern of everything that may be a pseudonym of this session."""
        held = self._named
        if held is None or held[0] != len(self._kinds):
            plain = "|".join(map(re.escape, sorted(self._kinds, key=len, reverse=True)))
            made = f"{_NAMED}|(?:{plain})_[{_LETTERS}]{{12}}(?![A-Za-z0-9])" if plain else _NAMED
            held = self._named = (len(self._kinds), re.compile(made))
        return held[1]

    def _unused(self, kind: str, value: str, digest: bytes) -> str:
        """Make a pseudonym that is not taken: the shape of the kind, or a plain one when that shape has no room left."""
        plain = kind.removesuffix(_NUMBER)
        shape = _whole if plain != kind else _SHAPES.get(kind)
        for attempt in range(_TRIES):
            digest = hashlib.blake2b(digest, key=self._names, digest_size=32).digest()
            if shape is not None and attempt < _TRIES // 2:
                name = shape(value, digest)
            else:
                self._kinds.add(plain)
                name = f"{plain}_{_spelled(digest, 12)}"
            if name not in self._sealed:
                return name
        raise ValueError("there is no pseudonym left of this kind")


def derived(key: bytes, purpose: str) -> bytes:
    """Make a key for one purpose from a key."""
    return hashlib.blake2b(purpose.encode("utf-8", "surrogatepass"), key=hashlib.blake2b(key).digest()).digest()


def _digest(key: bytes, kind: str, value: str) -> bytes:
    return hashlib.blake2b(f"{kind}\0{value}".encode("utf-8", "surrogatepass"), key=key, digest_size=32).digest()


def _stream(key: bytes, tag: bytes, length: int) -> bytes:
    blocks = (
        hashlib.blake2b(tag + at.to_bytes(8, "big"), key=key, person=b"stream").digest()
        for at in range(length // 64 + 1)
    )
    return b"".join(blocks)[:length]


def _sealed(key: bytes, value: str) -> bytes:
    plain = value.encode("utf-8", "surrogatepass")
    tag = hashlib.blake2b(plain, key=key, digest_size=_TAG, person=b"tag").digest()
    return tag + bytes(a ^ b for a, b in zip(plain, _stream(key, tag, len(plain)), strict=True))


def _opened(key: bytes, sealed: dict[str, bytes], name: str) -> str:
    """Return the value behind a pseudonym; what is none stays.

    Raises:
        ValueError: what is sealed was changed.
    """
    known = sealed.get(name)
    if known is None:
        return name
    tag, hidden = known[:_TAG], known[_TAG:]
    plain = bytes(a ^ b for a, b in zip(hidden, _stream(key, tag, len(hidden)), strict=True))
    if not hmac.compare_digest(hashlib.blake2b(plain, key=key, digest_size=_TAG, person=b"tag").digest(), tag):
        raise ValueError("a sealed value was changed")
    return plain.decode("utf-8", "surrogatepass")


def _spelled(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest, "big")
    letters: list[str] = []
    for _ in range(length):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def _email(_value: str, digest: bytes) -> str:
    return f"u{_spelled(digest, 11)}@{_DOMAIN}"


def _phone(_value: str, digest: bytes) -> str:
    number = int.from_bytes(digest[:8], "big")
    number, line = divmod(number, 100)
    number, last = divmod(number, 10)
    number, middle = divmod(number, 9)  # no area code has a 9 in the middle
    last += (middle == last == 1) or 0  # N11 is a service
    return f"+1-{2 + number % 8}{middle}{last}-555-01{line:02d}"


def _address(value: str, digest: bytes) -> str:
    if ":" in value:
        return "2001:db8:" + ":".join(
            f"{int.from_bytes(digest[at : at + 2], 'big') | 0x1000:x}" for at in range(0, 12, 2)
        )
    return f"198.{18 + digest[0] % 2}.{digest[1]}.{digest[2]}"


def _device(_value: str, digest: bytes) -> str:
    return "02:" + ":".join(f"{byte:02x}" for byte in digest[:5])


def _whole(_value: str, digest: bytes) -> str:
    return f"1{int.from_bytes(digest[:8], 'big') % 10**11:011d}"


_NUMBER: Final = "\0number"
_SHAPES: Final[dict[str, Callable[[str, bytes], str]]] = {
    "email": _email,
    "phone_number": _phone,
    "ip_address": _address,
    "mac_address": _device,
}
_NAMED: Final = (
    rf"u[{_LETTERS}]{{11}}@{re.escape(_DOMAIN)}|\+1-\d{{3}}-555-01\d\d(?!\d)|198\.1[89]\.\d{{1,3}}\.\d{{1,3}}(?!\d)"
    r"|2001:db8(?::[0-9a-f]{4}){6}(?![0-9a-f])|02(?::[0-9a-f]{2}){5}(?![0-9a-f])|(?<!\d)1\d{11}(?!\d)"
)
"""What a pseudonym in the shape of its kind looks like; whether it is one, the vault says."""
