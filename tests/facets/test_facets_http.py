from __future__ import annotations

import pytest

from referee.facets.hosts import normal_host
from referee.facets.http import parse_url
from referee.model.facts import Failed, HttpFacet


def parsed(url: str, method: str = "") -> HttpFacet:
    facet = parse_url(url, method)
    assert isinstance(facet, HttpFacet), facet
    return facet


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://Docs.Python.ORG/3/", "docs.python.org", 443),
        ("https://docs.python.org.:443/3/", "docs.python.org", 443),
        ("http://user:secret@example.com:8080/", "example.com", 8080),
        ("http://bücher.example/", "xn--bcher-kva.example", 80),
        ("http://%65xample.com/", "example.com", 80),
        ("http://2130706433/", "127.0.0.1", 80),
        ("http://0x7f.1/", "127.0.0.1", 80),
        ("http://0177.0.0.1/", "127.0.0.1", 80),
        ("http://0x7f000001/", "127.0.0.1", 80),
        ("http://[::ffff:127.0.0.1]/", "127.0.0.1", 80),
        ("http://[::ffff:a9fe:a9fe]/", "169.254.169.254", 80),
        ("http://[2002:7f00:1::]/", "127.0.0.1", 80),
        ("http://[64:ff9b::10.0.0.1]/", "10.0.0.1", 80),
        ("http://[0:0:0:0:0:0:0:1]/", "::1", 80),
        ("http://①②⑦.0.0.1/", "127.0.0.1", 80),
        ("wss://a.example:443/", "a.example", 443),
        ("ftp://a.example/", "a.example", 21),
    ],
)
def test_one_spelling_for_every_host(url: str, host: str, port: int) -> None:
    assert (parsed(url).host, parsed(url).port) == (host, port)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.1/", "loopback"),
        ("http://0.0.0.0/", "loopback"),
        ("http://localhost/", "loopback"),
        ("http://api.localhost/", "loopback"),
        ("http://[::1]/", "loopback"),
        ("http://10.1.2.3/", "private"),
        ("http://192.168.0.1/", "private"),
        ("http://[fd12::1]/", "private"),
        ("http://169.254.1.1/", "link_local"),
        ("http://[fe80::1]/", "link_local"),
        ("http://169.254.169.254/latest/", "metadata"),
        ("http://0xa9fea9fe/", "metadata"),
        ("http://[fd00:ec2::254]/", "metadata"),
        ("http://203.0.113.9/", "reserved"),
        ("http://224.0.0.1/", "reserved"),
        ("http://8.8.8.8/", "public"),
        ("http://example.com/", "name"),
    ],
)
def test_address_classes(url: str, kind: str) -> None:
    assert parsed(url).address == kind


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://a.b.example.co.uk/", "example.co.uk"),
        ("https://example.com/", "example.com"),
        ("https://x.github.io/", "x.github.io"),
        ("http://10.0.0.1/", "10.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://intranet/", "intranet"),
    ],
)
def test_registrable_domain(url: str, domain: str) -> None:
    assert parsed(url).domain == domain


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.com\\@good.com/",
        "http://good.com\\.evil.com/",
        "http://good.com\t.evil.com/",
        "http://a.com@b.com:80@c.com/",
        "http://a.com @b.com/",
        "http://a.com#@b.com/",
        "http://010.0.0.1/",
    ],
)
def test_hosts_that_readers_disagree_on_are_ambiguous(url: str) -> None:
    facet = parse_url(url)
    assert isinstance(facet, Failed)
    assert "ambiguous" in facet.reason


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/x",
        "//example.com",
        "http://",
        "http://a b/",
        "http://h:99999/",
        "mailto:a@b.c",
        "http://xn--a/",
        "x" * 70000,
    ],
)
def test_what_is_no_url_fails_and_is_not_quoted(url: str) -> None:
    facet = parse_url(url)
    assert isinstance(facet, Failed)
    assert not url or url not in facet.reason


def test_the_url_keeps_no_password_and_the_method_is_upper_case() -> None:
    facet = parsed("https://user:hunter2@example.com/a/../b?q=1", "post")
    assert (facet.url, facet.path, facet.method) == ("https://example.com/b?q=1", "/b", "POST")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Example.COM.", "example.com"),
        ("0x7f.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("a..b", None),
        ("", None),
        ("a/b", None),
        ("a b", None),
        ("x" * 64 + ".com", None),
        ("999.1.1.1.1", None),
        ("münchen.de", "xn--mnchen-3ya.de"),
    ],
)
def test_bare_hosts(text: str, host: str | None) -> None:
    assert normal_host(text) == host
