"""Hosts, reduced to the one spelling rules are matched against, and what sort of address each is.

Rule 1: every spelling of an IP address becomes one; an IPv6 address that only wraps an IPv4 address becomes that one.
Rule 2: a name that means an address (``localhost``, ``metadata.google.internal``, ``10.0.0.1.nip.io``) has its class.
Rule 3: of several classes the more dangerous one counts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import can_ada

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
DANGER: Final = ("metadata", "loopback", "link_local", "private", "reserved", "public", "name")
"""The classes of addresses, the most dangerous first."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9\-_]*[a-z0-9])?\.)*[a-z][a-z\-]*")
_ODD: Final = re.compile(r"[\x00-\x20\x7f\\]")
_METADATA: Final = frozenset(
    {
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.42.42", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fe80::a9fe:a9fe", "fd00:42::42",
    }
)  # fmt: skip
"""Where clouds tell a machine its credentials: AWS, ECS, EKS, Scaleway, Alibaba, Oracle, Azure, Google, OpenStack."""
_METADATA_NAMES: Final = _words(
    """
    metadata metadata.google.internal metadata.goog instance-data instance-data.ec2.internal metadata.tencentyun.com
    metadata.azure.internal rancher-metadata metadata.packet.net metadata.platformequinix.com
    """
)
_LOOPBACK_NAMES: Final = _words(
    """
    localhost localhost6 loopback ip6-localhost ip6-loopback localhost.localdomain localhost6.localdomain6 localtest.me
    lvh.me vcap.me lacolhost.com local.gd fuf.me yoogle.com lcl.host smackaho.st 42foo.com beweb.com feacluster.com
    127-0-0-1.org.uk bugbounty.dod.network spoofed.burpcollaborator.net mail.ebc.apple.com readme.localtest.me
    localdev.me
    """
)
"""Names that lead to this machine, with all names below them: reserved ones and public ones that were set up for it."""
_PRIVATE_NAMES: Final = _words(
    """
    local internal lan intranet corp home private localdomain home.arpa svc cluster.local docker.internal
    consul
    """
)
"""Names that exist inside of a network only, with all names below them."""
_WILDCARDS: Final = _words(
    """
    nip.io sslip.io xip.io xip.name traefik.me ip6.name backname.io plex.direct ip.addr.tools
    1u.ms rbndr.us rebind.it rebind.network local-ip.co local-ip.sh local-ip.medicmobile.org
    my.local-ip.co
    """
)
"""Domains whose names carry the address that they lead to."""
_REBINDING: Final = _words("1u.ms rbndr.us rebind.it rebind.network")
"""Those of them whose names lead to one address first and to another one later."""
_DOTTED: Final = re.compile(r"(?<![0-9])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?![0-9])")
_HEXADECIMAL: Final = re.compile(r"(?:^|[.-])([0-9a-f]{8})(?=[.-]|$)")
_SIX: Final = re.compile(r"(?:^|\.)((?=[0-9a-f-]*-)[0-9a-f]{0,4}(?:-[0-9a-f]{0,4}){2,7})(?=\.|$)")
_NETWORKS_OF_FOUR: Final = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96"))
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})


@lru_cache(maxsize=4096)
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
    return _four_or_name(_decoded(name))


def _decoded(name: str) -> str:
    if "%" not in name:
        return name
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


def _six(name: str) -> str | None:
    inner = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    try:
        address = ipaddress.IPv6Address(inner.partition("%")[0])
    except ValueError:
        return None
    return str(_unwrapped(address))


def _unwrapped(address: ipaddress.IPv6Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries, if it carries one: mapped, 6to4, Teredo, NAT64, ISATAP."""
    four = address.ipv4_mapped or address.sixtofour
    if four is None and address.teredo is not None:
        four = address.teredo[1]
    if four is not None:
        return four
    low = int(address)
    wraps = any(address in network for network in _NETWORKS_OF_FOUR) and low > 1
    if wraps or (low >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(low & 0xFFFFFFFF)
    return address


def _four_or_name(name: str) -> str | None:
    """Let the WHATWG parser reduce every spelling of an IPv4 address and encode a name."""
    if not name or _ODD.search(name) or any(mark in name for mark in "/?#@:"):
        return None
    try:
        host = can_ada.parse(f"http://{name}/").hostname
    except (ValueError, TypeError):  # a lone surrogate is a TypeError to the parser
        return None
    host = host.removesuffix(".")
    if not host or ".." in host or host.startswith(".") or host.endswith(".") or _too_long(host):
        return None
    return host


def _too_long(host: str) -> bool:
    return len(host) > 253 or (len(host) > 63 and any(len(label) > 63 for label in host.split(".")))


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # start-up time: the list takes 20 ms to read

    return PublicSuffixList()


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """Give the registrable domain of a host, or the host where there is none.

    >>> domain_of("a.example.co.uk"), domain_of("10.0.0.1")
    ('example.co.uk', '10.0.0.1')
    """
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@lru_cache(maxsize=4096)
def address_of(host: str) -> str:
    """Name the class of a normal host; ``name`` for a name that could be anywhere.

    >>> [address_of(host) for host in ("10.0.0.1", "localhost", "metadata.google.internal", "app.10-0-0-1.nip.io", "example.com")]
    ['private', 'loopback', 'metadata', 'private', 'name']
    """
    bare = host.strip(".")
    try:
        return address_class(ipaddress.ip_address(bare))
    except ValueError:
        return _name_class(bare)


def address_class(address: Address) -> str:
    """Name the class of an address."""
    if str(address) in _METADATA:
        return "metadata"
    plain = _unwrapped(address) if isinstance(address, ipaddress.IPv6Address) else address
    if plain != address:
        return address_class(plain)
    return next((kind for kind, holds in _KINDS if holds(address)), "public")


def worst(kinds: Iterable[str]) -> str:
    """Give the most dangerous of several classes.

    >>> worst(["public", "loopback"])
    'loopback'
    """
    return min(kinds, key=DANGER.index, default="name")


def _name_class(name: str) -> str:
    if name in _METADATA_NAMES:
        return "metadata"
    tails = list(_tails(name))
    if any(tail in _LOOPBACK_NAMES or tail == "localhost" for tail in tails):
        return "loopback"
    carrier = next((tail for tail in tails if tail in _WILDCARDS), None)
    if carrier is not None:
        return _carried(name[: -len(carrier)].rstrip("."), carrier)
    if "." not in name or any(tail in _PRIVATE_NAMES for tail in tails):
        return "private"
    return "name"


def _tails(name: str) -> Iterator[str]:
    """Give a name and all that it lies below: ``a.b.c``, ``b.c``, ``c``."""
    while name:
        yield name
        name = name.partition(".")[2]


def _carried(front: str, carrier: str) -> str:
    """Give the class of the address that a name carries; a name made for rebinding means the worst it carries."""
    found = [address_class(address) for address in _addresses(front)]
    if carrier in _REBINDING:
        return worst([*found, "private"])
    return worst(found) if found else "name"


def _addresses(front: str) -> Iterator[Address]:
    for parts in _DOTTED.findall(front):
        if all(int(part) < 256 for part in parts):
            yield ipaddress.IPv4Address(".".join(str(int(part)) for part in parts))
    for digits in _HEXADECIMAL.findall(front):
        yield ipaddress.IPv4Address(int(digits, 16))
    for dashed in _SIX.findall(front):
        try:
            yield ipaddress.IPv6Address(dashed.replace("-", ":"))
        except ValueError:
            continue
    label = front.rpartition(".")[2]
    if re.fullmatch(r"[0-9a-z]{6,7}", label) and int(label, 36) < 2**32:
        yield ipaddress.IPv4Address(int(label, 36).to_bytes(4, "little"))  # as xip.io writes addresses


def _is_shared(address: Address) -> bool:
    return address.version == 4 and address in ipaddress.IPv4Network("100.64.0.0/10")


_KINDS: Final[tuple[tuple[str, Callable[[Address], bool]], ...]] = (
    ("loopback", lambda address: address.is_loopback or address.is_unspecified),
    ("link_local", lambda address: address.is_link_local),
    ("reserved", lambda address: address.is_multicast or address.is_reserved),
    ("private", lambda address: (address.is_private and not _documentation(address)) or _is_shared(address)),
    ("reserved", lambda address: not address.is_global),
)
_DOCUMENTATION: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "198.18.0.0/15", "0.0.0.0/8", "192.0.0.0/24")
)  # fmt: skip


def _documentation(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in _DOCUMENTATION)
