"""Two spellings of one target give one facet, a normal form is its own normal form, and nothing raises."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referee.facets.classes import classes, folded
from referee.facets.compute import compute
from referee.facets.file import every_file, normal, resolve, within
from referee.facets.hosts import address_of, normal_host
from referee.facets.http import follow, parse_url
from referee.facets.lookalikes import is_lookalike
from referee.facets.surroundings import Surroundings
from referee.model.catalogue import Tool
from referee.model.facts import Failed, FileFacet, HttpFacet
from referee.model.request import Request

HERE = Surroundings(cwd="/srv/app/src", home="/home/dev", workspace="/srv/app")
NAMES = st.sampled_from(["a", "b.py", ".env", "..x", "c d", "\u00e9", "id_rsa", "%41", "x~1"])
PARTS = st.lists(NAMES, min_size=1, max_size=5)
FOUR = st.integers(0, 2**32 - 1)
ODD = st.lists(
    st.sampled_from(
        [*"ab.:/\\@#?%[]~$*{},;0x\0\t\n -_", "\u200b", "\uff0e", "\u0430", "xn--", "..", "%2f", "/proc/self/cwd"]
    ),
    max_size=30,
).map("".join)


def four_spellings(number: int) -> list[str]:
    octets = [(number >> shift) & 255 for shift in (24, 16, 8, 0)]
    dotted = ".".join(map(str, octets))
    return [
        dotted, f"{dotted}.", str(number), hex(number), f"0{number:o}", ".".join(map(hex, octets)), f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}", f"[::ffff:{dotted}]", f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]", f"[64:ff9b::{dotted}]", dotted.replace(".", "\u3002"),
        "".join(f"%{ord(letter):02x}" for letter in dotted), f"user:pw@{dotted}", dotted.translate({48 + n: 0xFF10 + n for n in range(10)}),
    ]  # fmt: skip


@given(FOUR)
def test_every_spelling_of_an_address_is_that_address(number: int) -> None:
    plain = str(ipaddress.IPv4Address(number))
    for spelled in four_spellings(number):
        facet = parse_url(f"http://{spelled}/")
        assert isinstance(facet, HttpFacet), spelled
        assert (facet.host, facet.address) == (plain, address_of(plain)), spelled


@given(
    st.lists(st.sampled_from(["a", "b-c", "x1"]), min_size=1, max_size=4), st.sampled_from(["com", "co.uk", "example"])
)
def test_every_spelling_of_a_name_is_that_name(labels: list[str], top: str) -> None:
    name = ".".join([*labels, top])
    spellings = [
        name,
        name.upper(),
        f"{name}.",
        f"u:p@{name}",
        f"{name}:443",
        name.replace(".", "\uff0e"),
        name.replace("a", "%61"),
    ]
    facets = [parse_url(f"https://{one}/x") for one in spellings]
    assert len(set(facets)) == 1, facets
    assert normal_host(name) == name == normal_host(normal_host(name) or "")


@given(PARTS, st.integers(0, 3))
def test_every_spelling_of_a_path_is_that_file(parts: list[str], noise: int) -> None:
    plain = "/srv/app/" + "/".join(parts)
    spellings = [
        plain, plain.replace("/", "//"), plain.replace("/", "/./"), f"../{'/'.join(parts)}", f"{plain}/", f"{plain}/.", f"{plain}/x/..",
        f"/srv/x/../app/{'/'.join(parts)}", f"/proc/self/cwd/../{'/'.join(parts)}", f"/proc/self/root{plain}", f"{'../' * (noise + 3)}srv/app/{'/'.join(parts)}",
    ]  # fmt: skip
    facets = {resolve(one, "read", HERE) for one in spellings}
    assert len(facets) == 1, facets
    (facet,) = facets
    assert isinstance(facet, FileFacet)
    assert normal(facet.path, HERE) == facet.path
    assert facet.inside_workspace is True


@given(PARTS, st.lists(st.sampled_from(["..", "a"]), min_size=1, max_size=6))
def test_what_is_inside_is_decided_by_components(parts: list[str], climbs: list[str]) -> None:
    path = "/srv/app/" + "/".join([*climbs, *parts])
    facet = resolve(path, "read", HERE)
    assert isinstance(facet, FileFacet)
    stack: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del stack[-1:]
        elif part:
            stack.append(part)
    assert facet.path.strip("/").split("/") == stack
    assert facet.inside_workspace == (stack[:2] == ["srv", "app"])
    assert within(facet.path, "/srv/app") == facet.inside_workspace


@given(PARTS)
def test_case_and_composition_do_not_matter_where_the_file_system_folds(parts: list[str]) -> None:
    mac = Surroundings(cwd="/W", workspace="/w", case_sensitive=False)
    path = "/w/" + "/".join(parts)
    spellings = {path, path.upper().replace("%41", "%41"), path.replace("\u00e9", "e\u0301")}
    assert len({resolve(one, "read", mac) for one in spellings}) == 1


@given(ODD)
def test_nothing_raises(text: str) -> None:
    assert isinstance(every_file(text, "read", HERE), tuple | Failed)
    assert isinstance(parse_url(f"http://{text}"), HttpFacet | Failed)
    assert isinstance(follow("https://a.test/x", "GET", 302, text), tuple | Failed)
    assert is_lookalike(text) in {True, False}
    assert folded(folded(text)) == folded(text)
    assert classes(text) == classes(text.upper().lower()) or not text.isascii()


@given(ODD)
def test_a_normal_path_is_its_own_normal_form(text: str) -> None:
    once = normal(text, HERE)
    assert normal(once, HERE) == once or once.startswith(("~", "//"))


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/y", "https://a.test/y"), ("y", "https://a.test/d/y"), ("?q", "https://a.test/d/x?q"), ("//b.test/z", "https://b.test/z"),
        ("\\\\b.test\\z", "https://b.test/z"), ("///b.test/z", "https://b.test/z"), ("http://127.1/", "http://127.0.0.1/"),
        ("https:\t//b.test/", "https://b.test/"), (" /y ", "https://a.test/y"),
    ],
)  # fmt: skip
def test_a_redirection_is_followed_as_a_browser_does(location: str, target: str) -> None:
    assert follow("https://u:p@a.test/d/x", "GET", 302, location) == (target, "GET")


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [(301, "POST", "GET"), (302, "post", "GET"), (303, "PUT", "GET"), (303, "HEAD", "HEAD"), (302, "PUT", "PUT"), (307, "POST", "POST"), (308, "DELETE", "DELETE")],
)  # fmt: skip
def test_a_redirection_keeps_or_turns_the_method(status: int, method: str, expected: str) -> None:
    assert follow("https://a.test/", method, status, "/y") == ("https://a.test/y", expected)


def test_what_is_no_redirection_and_what_leads_nowhere() -> None:
    assert follow("https://a.test/", "GET", 200, "/y") is None
    assert isinstance(follow("https://a.test/", "GET", 302, "http://good.com\\@evil.test/"), Failed)
    assert isinstance(follow("https://a.test/", "GET", 302, "mailto:a@b.c"), Failed)
    assert isinstance(follow("not a url", "GET", 302, "/y"), Failed)


@pytest.mark.parametrize(
    ("addresses", "address"),
    [
        (["10.0.0.1"], "private"), (["93.184.216.34"], "public"), (["93.184.216.34", "127.0.0.1"], "loopback"), (["::ffff:169.254.169.254"], "metadata"),
        (["fe80::1%eth0"], "link_local"),
    ],
)  # fmt: skip
def test_a_name_that_is_looked_up_is_as_dangerous_as_its_worst_address(addresses: list[str], address: str) -> None:
    facet = parse_url(
        "https://example.com/", "", Surroundings(resolve_host=lambda host: addresses if host == "example.com" else [])
    )
    assert isinstance(facet, HttpFacet)
    assert (facet.host, facet.address) == ("example.com", address)


def test_a_name_that_cannot_be_looked_up_is_failed_and_an_address_is_not_looked_up() -> None:
    def broken(_: str) -> list[str]:
        raise OSError

    for resolver in (broken, lambda _: [], lambda _: ["nonsense"]):
        assert isinstance(parse_url("https://example.com/", "", Surroundings(resolve_host=resolver)), Failed)
    assert isinstance(parse_url("https://10.0.0.1/", "", Surroundings(resolve_host=broken)), HttpFacet)
    assert isinstance(parse_url("https://example.com/"), HttpFacet)


def test_a_resolver_is_asked_for_the_facet_of_a_call() -> None:
    place = Surroundings(resolve_host=lambda _: ["192.168.0.7"])
    facet = compute(
        "http", Request(tool="get", args={"u": "https://example.com/"}), {"get": Tool(name="get", http="u")}, place
    )
    assert isinstance(facet, HttpFacet)
    assert facet.address == "private"


def test_a_file_url_of_a_fetching_tool_is_a_file() -> None:
    request = Request(tool="get", args={"u": "file:///etc/shadow"})
    found = compute("file", request, {"get": Tool(name="get", http="u")}, HERE)
    assert isinstance(found, tuple)
    assert found[0].path == "/etc/shadow"  # type: ignore[union-attr]
