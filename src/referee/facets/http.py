"""URLs and hosts, reduced to the one spelling that a browser would act on.

Rule 1: a URL that two careful parsers read differently is ambiguous, and ambiguous is failed.
Rule 2: every spelling of an IP address becomes one; an IPv6 address that only wraps an IPv4 address becomes that one.
Rule 3: the reason of a failure never quotes the URL, for it may carry a password.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import can_ada

from referee.model.facts import Failed, HttpFacet

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST: Final = 64 * 1024
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_PLAIN: Final = re.compile(r"(?:[a-z0-9][a-z0-9\-]*\.)*[a-z][a-z\-]*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_ODD: Final = re.compile(r"[\x00-\x20\x7f\\]")
_METADATA: Final = frozenset(
    {
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    }
)
_WRAPPED: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parse_url(url: str, method: str = "") -> HttpFacet | Failed:
    r"""Say where a request for ``url`` goes.

    >>> parse_url("HTTP://user@0x7f.1:80/a/../b").host
    '127.0.0.1'
    >>> parse_url("http://evil.com\\@good.com/").reason
    'the URL is ambiguous: its host depends on who reads it'
    """
    if not isinstance(url, str) or not url:
        return Failed("the URL is not a text")
    if len(url) > _LONGEST:
        return Failed("the URL is too long")
    facet = _parse(url)
    return facet if isinstance(facet, Failed) or not method else _with_method(facet, method)


@lru_cache(maxsize=2048)
def _parse(url: str) -> HttpFacet | Failed:
    text = url.strip()
    if not _SCHEME.match(text):
        return Failed("the URL has no scheme")
    if _CONTROL.search(text):
        return Failed("the URL is ambiguous: it contains control characters")
    try:
        seen = can_ada.parse(text)
        scheme, name, port, path, href = seen.protocol[:-1], seen.hostname, seen.port, seen.pathname, _bare(seen)
    except (ValueError, UnicodeError):
        return Failed("the URL is not valid")
    if not name:
        return Failed("the URL has no host")
    host = normal_host(name)
    if host is None:
        return Failed("the host of the URL is not valid")
    if _other_host(text) != host:
        return Failed("the URL is ambiguous: its host depends on who reads it")
    number = int(port) if port else _DEFAULT_PORTS.get(scheme)
    return HttpFacet(
        url=href, scheme=scheme, host=host, domain=_domain(host), port=number, path=path, method="", address=_kind(host)
    )


def _bare(seen: object) -> str:
    """Write the URL without user and password."""
    href: str = seen.href  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    scheme, mark, rest = href.partition("://")
    end = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    authority = rest[:end]
    return f"{scheme}{mark}{authority.rpartition('@')[2]}{rest[end:]}"


def _with_method(facet: HttpFacet, method: str) -> HttpFacet:
    return HttpFacet(
        url=facet.url,
        scheme=facet.scheme,
        host=facet.host,
        domain=facet.domain,
        port=facet.port,
        path=facet.path,
        method=method.strip().upper(),
        address=facet.address,
        region=facet.region,
    )


def _other_host(text: str) -> str | None:
    """Read the host as the standard library does; ``None`` where it reads none or something odd."""
    try:
        split = urlsplit(text)
        if _ODD.search(split.netloc):
            return None
        name = split.hostname
        split.port  # noqa: B018 - raises ValueError for a port that is no number
    except ValueError:
        return None
    return None if name is None else normal_host(f"[{name}]" if ":" in name else name)


@lru_cache(maxsize=2048)
def normal_host(text: str) -> str | None:
    """Write a bare host, or ``None`` if it is none, in the one spelling rules are matched against.

    >>> normal_host("Example.COM."), normal_host("0x7f000001"), normal_host("[::ffff:10.0.0.1]")
    ('example.com', '127.0.0.1', '10.0.0.1')
    """
    if not isinstance(text, str) or len(text) > 1024:
        return None
    if _PLAIN.fullmatch(text) and "xn--" not in text:
        return None if _too_long(text) else text
    name = text.strip()
    if ":" in name:
        return _six(name)
    return _four_or_name(unquote(name, errors="strict") if "%" in name and _decodes(name) else name)


def _decodes(name: str) -> bool:
    try:
        unquote(name, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _six(name: str) -> str | None:
    inner = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        address = ipaddress.IPv6Address(inner.partition("%")[0])
    except ValueError:
        return None
    return str(_unwrapped(address))


def _unwrapped(address: ipaddress.IPv6Address) -> _Address:
    """Return the IPv4 address that an IPv6 address carries, if it carries one."""
    four = address.ipv4_mapped or address.sixtofour
    if four is None and address.teredo is not None:
        four = address.teredo[1]
    if four is None and int(address) > 1 and any(address in network for network in _WRAPPED):
        four = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address if four is None else four


def _four_or_name(name: str) -> str | None:
    """Let the WHATWG parser reduce every spelling of an IPv4 address and encode a name."""
    if not name or _ODD.search(name) or any(mark in name for mark in "/?#@:"):
        return None
    try:
        host = can_ada.parse(f"http://{name}/").hostname
    except (ValueError, UnicodeError):
        return None
    host = host.rstrip(".")
    if not host or ".." in host or host.startswith(".") or _too_long(host):
        return None
    return host if _encodes(host) else None


def _encodes(host: str) -> bool:
    """Check the labels of an internationalised name strictly; WHATWG lets bad ones pass."""
    if "xn--" not in host:
        return True
    import idna  # start-up time: few hosts are internationalised

    try:
        idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def _too_long(host: str) -> bool:
    return len(host) > 253 or any(len(label) > 63 for label in host.split("."))


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # start-up time: the list takes 20 ms to read

    return PublicSuffixList()


@lru_cache(maxsize=2048)
def _domain(host: str) -> str:
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=2048)
def _kind(host: str) -> str:
    """Name the class of an address; ``name`` for a name, ``loopback`` for the names that always mean this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "loopback" if host == "localhost" or host.endswith(".localhost") else "name"
    if host in _METADATA:
        return "metadata"
    return next((kind for kind, holds in _KINDS if holds(address)), "public")


_KINDS: Final[tuple[tuple[str, Callable[[_Address], bool]], ...]] = (
    ("loopback", lambda address: address.is_loopback or address.is_unspecified),
    ("link_local", lambda address: address.is_link_local),
    ("reserved", lambda address: address.is_multicast or address.is_reserved),
    ("private", lambda address: address.is_private and not _documentation(address)),
    ("reserved", lambda address: not address.is_global),
)
_DOCUMENTATION: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "198.18.0.0/15", "0.0.0.0/8")
)


def _documentation(address: _Address) -> bool:
    return any(address.version == network.version and address in network for network in _DOCUMENTATION)
