"""URLs, reduced to the place that a request for them reaches.

Rule 1: a URL is read as a browser reads it (WHATWG). Where another careful reader would reach another host, it is
ambiguous, and ambiguous is failed; a reader that would refuse the URL does not count.
Rule 2: hosts are those of ``hosts``; a name is looked up only through ``Surroundings.resolve_host``.
Rule 3: the reason of a failure never quotes the URL, for it may carry a password.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

import can_ada
import msgspec

from referee.facets.hosts import address_class, address_of, domain_of, normal_host, worst
from referee.facets.lookalikes import is_lookalike
from referee.facets.surroundings import NOWHERE, Surroundings
from referee.model.facts import Failed, HttpFacet

_LONGEST: Final = 64 * 1024
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_BLANK: Final = "".join(map(chr, range(0x21)))
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_SIMPLE: Final = re.compile(r"[a-z]+://[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,}(?::\d{1,5})?(?:/[\x21-\x7e]*)?")
"""A URL whose host no reader can mistake: everything up to the first slash is a plain name."""
_AFTER: Final = re.compile(r"[/\\]*")
_LIKE_HOST: Final = re.compile(r"\[[0-9A-Fa-f:.%]+\]|[^\s\[\]!$&'()*+,;=<>^`{|}\"~\\/?#@:]+")
_TRICK: Final = re.compile(r"[?#][^/=&]*@([^/\\?#]*)")
_PADDED: Final = re.compile(r"\d+(?:\.\d+){3}")
_JUNK: Final = re.compile(r"[\t\r\n]")
_AMBIGUOUS: Final = Failed("the URL is ambiguous: its host depends on who reads it")


def parse_url(url: str, method: str = "", surroundings: Surroundings = NOWHERE) -> HttpFacet | Failed:
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
    if isinstance(facet, Failed):
        return facet
    if method:
        facet = msgspec.structs.replace(facet, method=method.strip().upper())
    return facet if surroundings.resolve_host is None else _looked_up(facet, surroundings)


@lru_cache(maxsize=2048)
def _parse(url: str) -> HttpFacet | Failed:
    simple = _SIMPLE.fullmatch(url) is not None
    text = url if simple else _JUNK.sub("", url.strip(_BLANK))
    if not simple and not _SCHEME.match(text):
        return Failed("the URL has no scheme")
    try:
        seen = can_ada.parse(url)
        scheme, name, port, path, href = seen.protocol[:-1], seen.hostname, seen.port, seen.pathname, seen.href
    except (ValueError, TypeError):  # a lone surrogate is a TypeError to the parser
        return Failed("the URL is not valid")
    if not name:
        return Failed("the URL has no host")
    host = normal_host(name) or _unresolvable(name)
    if host is None:
        return Failed("the host of the URL is not valid")
    if not simple and any(other != host for other in _other_hosts(url.strip(_BLANK), host)):
        return _AMBIGUOUS
    bare = href if name == host and "@" not in href else _bare(href, host, port)
    return HttpFacet(
        bare, scheme, host, domain_of(host), int(port) if port else _DEFAULT_PORTS.get(scheme), path, "",
        address_of(host), None, is_lookalike(host),
    )  # fmt: skip


def _unresolvable(name: str) -> str | None:
    """Keep a name with empty parts as it is: it leads nowhere."""
    return name if set(name) == {"."} or (".." in name and len(name) < 254 and "%" not in name) else None


def _bare(href: str, host: str, port: str) -> str:
    """Write the URL without user and password, and with the normal host."""
    scheme, mark, rest = href.partition("://")
    end = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}{mark}{shown}{':' if port else ''}{port}{rest[end:]}"


def _other_hosts(text: str, host: str) -> Iterator[str]:
    """Yield the hosts that readers other than a browser may see in a URL and would not refuse."""
    whole = text.partition(":")[2]
    if "//" not in whole[:2] and whole[:1] not in "/\\":
        yield from _hosts_in(text) if re.fullmatch(r"\d{1,5}(?:[/?#].*)?", whole, re.DOTALL) else ()
        return
    rest = whole[_AFTER.match(whole).end() :]  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if whole.startswith("//"):
        yield from _by_other_ends(authority, host)
    clean = _JUNK.sub("", authority)
    after = rest[len(authority) :]
    trick = _TRICK.match(after)
    if trick is not None:
        yield from _hosts_in(trick[1])
    yield from _hosts_in(clean.rpartition("@")[2])
    if clean.count("@") > 1:
        yield from _hosts_in(re.split(r"[@\s]", clean.partition("@")[2])[0])
    if " " in clean:
        yield from filter(_is_reachable, _hosts_in(clean.split(" ", 1)[0].rpartition("@")[2]))
    padded = _padded(clean.rpartition("@")[2].partition(":")[0])
    if padded is not None and address_of(host) == "public" and address_of(padded) != "public":
        yield padded


def _by_other_ends(authority: str, host: str) -> Iterator[str]:
    """Yield what is seen where a backslash or a control character ends the host, or does not."""
    front, slash, back = authority.partition("\\")
    if slash and "@" not in back and "." in back:
        yield f"{host}\\{back}"
    junk = _JUNK.search(authority)
    if junk is not None and not front.startswith(authority[junk.end() :]):
        yield from filter(_is_reachable, _hosts_in(authority[: junk.start()].rpartition("@")[2]))


def _is_reachable(host: str) -> bool:
    """Tell a host that a careless reader could go to from a fragment of a name."""
    return "." in host or ":" in host or address_of(host) != "private"


def _hosts_in(text: str) -> Iterator[str]:
    """Yield the host of ``host:port``, if it could be one."""
    name = text[: text.find("]") + 1] if text.startswith("[") else text.partition(":")[0]
    if _LIKE_HOST.fullmatch(name):
        host = normal_host(name) or _unresolvable(name)
        if host is not None:
            yield host


def _padded(name: str) -> str | None:
    """Read an address with leading zeros as decimal, as some programs do."""
    if not _PADDED.fullmatch(name) or not re.search(r"(?:^|\.)0\d", name):
        return None
    parts = [int(part) if len(part) < 20 else 256 for part in name.split(".")]
    return ".".join(map(str, parts)) if max(parts) < 256 else None


def _looked_up(facet: HttpFacet, surroundings: Surroundings) -> HttpFacet | Failed:
    """Give a name the most dangerous class of the addresses that it leads to."""
    if facet.address != "name" or surroundings.resolve_host is None:
        return facet
    try:
        kinds = [
            address_class(ipaddress.ip_address(one.partition("%")[0])) for one in surroundings.resolve_host(facet.host)
        ]
    except Exception:  # noqa: BLE001 - the caller's function may raise anything, and a facet never raises
        kinds = []
    if not kinds:
        return Failed("the host could not be looked up")
    return msgspec.structs.replace(facet, address=worst(kinds))


_KEEP_METHOD: Final = frozenset({307, 308})
_TO_GET: Final = frozenset({301, 302, 303})


def follow(url: str, method: str, status: int, location: str) -> tuple[str, str] | Failed | None:
    """Say which request a redirection asks for, so that it is decided like any other; ``None`` if it is no redirection.

    >>> follow("https://a.example/x", "POST", 303, "//169.254.169.254/latest")
    ('https://169.254.169.254/latest', 'GET')
    """
    if status not in _KEEP_METHOD and status not in _TO_GET:
        return None
    start, facet = parse_url(url), parse_url(location)
    if isinstance(facet, Failed):
        if isinstance(start, Failed) or not isinstance(location, str) or _SCHEME.match(location.strip(_BLANK)):
            return Failed("the redirection leads to no valid URL")
        facet = _joined(start.url, _like_a_path(location))
        if isinstance(facet, Failed):
            return Failed("the redirection leads to no valid URL")
    verb = method.strip().upper()
    turned = (status == 303 and verb != "HEAD") or (status in _TO_GET and verb == "POST")
    return (facet.url, "GET" if turned else verb)


def _joined(start: str, relative: str) -> HttpFacet | Failed:
    try:
        return parse_url(urljoin(start, relative))
    except ValueError:
        return Failed("the redirection is not valid")


def _like_a_path(location: str) -> str:
    """Turn the backslashes of a relative redirection to slashes, as a browser does."""
    text = _JUNK.sub("", location.strip(_BLANK))
    end = min((place for place in map(text.find, "?#") if place >= 0), default=len(text))
    path = text[:end].replace("\\", "/")
    return (f"//{path.lstrip('/')}" if path.startswith("//") else path) + text[end:]
