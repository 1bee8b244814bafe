"""What a URL or a host carries: text in codes, labels that no human chose, slots that are to be filled.

Rule 1: a long random value is no finding: signatures, ids and hashes are random. What decodes to text is.
Rule 2: parameters that sign, authorise or page are what they say, and renderers of diagrams take their source in the path.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote_plus

_USUAL: Final = re.compile(
    r"(?i:x-(?:amz|goog|oss|cos|ms)-.*|aws\w*|signature|sig|sign|hmac|hash|integrity|checksum|sha\d*|md5|etag|policy|key-pair-id|expires|credential|"
    r"state|nonce|code|code_challenge|code_verifier|id_token|access_token|token|ticket|session\w*|saml(?:request|response)|relaystate|client_id|redirect_uri|"
    r"cursor|page\w*|next\w*|after|before|continuation\w*|utm_\w+|fbclid|gclid|msclkid|_ga|mc_eid|uuid|guid|sk[oitevs]{0,3}|spr|logo|return\w*)"
)
_RENDERERS: Final = re.compile(
    r"(?i:https?://(?:[\w-]+\.)*(?:mermaid\.(?:ink|live)|kroki\.io|plantuml\.com|quickchart\.io|shields\.io|badgen\.net|app\.powerbi\.com|diagrams\.net|draw\.io"
    r"|excalidraw\.com|codesandbox\.io|stackblitz\.com|play\.\w+\.\w+|typescriptlang\.org|babeljs\.io|svelte\.dev|godbolt\.org|jsfiddle\.net|repl\.it|carbon\.now\.sh"
    r"|ray\.so|latex\.codecogs\.com|camo\.githubusercontent\.com|readme-typing-svg\.\w+\.com|star-history\.com|contrib\.rocks|codecov\.io|coveralls\.io)/)"
)
_VALUE: Final = re.compile(r"(?:[?&#;]([\w.\[\]%-]{1,60})=|/)([^&#/?;=]{20,4000}={0,2})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{20,4000}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){16,2000}")
_BASE32: Final = re.compile(r"[A-Z2-7]{32,2000}={0,6}|[a-z2-7]{32,2000}")
_TELLING: Final = re.compile(
    r"(?i:pass(?:word|wd)|secret|token|api.?key|private|BEGIN |root:|ssh-|user(?:name)?\W|e-?mail|@\w+\.|host(?:name)?\W"
    r"|credential|cookie|session|conversation|PATH=|HOME=|=)"
)
_PRINTED: Final = re.compile(rb"[\x20-\x7e\r\n\t]")
_SLOT: Final = re.compile(
    r"(?i:(?:\{\{?|\$\{|<|\[|%7B%?|%3C|\[\[)[^{}<>\[\]\s&]{0,40}(?:conversation|history|chat|messages?|prompt|secrets?|data|contents?|context|summary|passwords?|tokens?|"
    r"cookies?|credentials?|exfil\w*|base64|encoded|payload|memory)[^{}<>\[\]]{0,60}(?:\}|>|\]|%7D|%3E|\Z))"
)


def carries_text(url: str) -> bool:
    """Tell whether a value in a URL is text in base64, base32 or hexadecimal.

    >>> carries_text("https://e.example/c?d=" + base64.b64encode(b"user=root password=hunter2").decode())
    True
    >>> carries_text("https://cdn.example/a/3f2a9c0d1e5b7f8a9c0d1e5b7f8a9c0d.png?X-Amz-Signature=" + "0f" * 32)
    False
    """
    return _RENDERERS.match(url) is None and any(_is_text(value) for value in _values(url))


def _values(url: str) -> Iterator[str]:
    rest = re.sub(r"^[a-zA-Z][\w+.-]{0,20}://[^/?#]*", "", url)
    for name, value in _VALUE.findall(rest):
        if not (name and _USUAL.fullmatch(name)):
            yield unquote_plus(value)


def _is_text(value: str) -> bool:
    return any(_telling(raw, short=24) for raw in decoded(value))


def decoded(value: str) -> Iterator[bytes]:
    """Give what a value is in the codes that it could be in."""
    if _HEX.fullmatch(value):
        yield bytes.fromhex(value)
    if _BASE32.fullmatch(value):
        bare = value.upper().rstrip("=")
        yield from _tried(base64.b32decode, bare + "=" * (-len(bare) % 8))
    if _BASE64.fullmatch(value):
        bare = value.rstrip("=").replace("-", "+").replace("_", "/")
        yield from _tried(base64.b64decode, bare[: len(bare) - (len(bare) % 4 == 1)] + "=" * (-len(bare) % 4))


def _tried(decode: Callable[[str], bytes], text: str) -> Iterator[bytes]:
    try:
        yield decode(text)
    except (binascii.Error, ValueError):
        return


def _telling(raw: bytes, short: int) -> bool:
    """Tell whether octets are text that says something: words with spaces, lines, pairs, addresses; no JSON of a page."""
    printed = len(_PRINTED.findall(raw))
    if len(raw) < 12 or printed < len(raw) * 0.97:
        return False
    text = raw.decode("ascii", "replace")
    if text.lstrip()[:1] in "{[" and len(text) > 1:
        return _TELLING.search(text) is not None
    words = text.split()
    return len(words) > 2 or _TELLING.search(text) is not None or (len(text) >= short and "\n" in text)


_KNOWN_HOSTS: Final = re.compile(
    r"(?i:\.(?:onion|arpa|lambda-url\.[\w-]+\.on\.aws|acm-validations\.aws|amazonaws\.com(?:\.cn)?|cloudfront\.net|googleusercontent\.com|azurewebsites\.net|windows\.net"
    r"|dweb\.link|ipfs\.\w+\.\w+|w3s\.link|_domainkey\.[\w.-]+|translate\.goog|appspot\.com|run\.app|vercel\.app|netlify\.app|pages\.dev|workers\.dev|herokuapp\.com"
    r"|sentry\.io|ingest\.\w+\.sentry\.io|githubpreview\.dev|app\.github\.dev|gitpod\.io|repl\.co|local|internal|svc|cluster\.local|akamaized\.net|akamai\.net|fbcdn\.net"
    r"|s3-website[\w.-]*|myshopify\.com|firebaseapp\.com|web\.app|azurefd\.net|azureedge\.net|documents\.azure\.com|mongodb\.net|rds\.amazonaws\.com)\.?$)"
)
_LABEL: Final = re.compile(r"(?:[0-9a-f]{24,63}|[a-z2-7]{30,63}|[a-z0-9_-]{40,63})")


def tunnels(host: str) -> bool:
    """Tell whether the labels of a host name carry data: long and random, or several that are.

    >>> tunnels("4a6f686e20446f652c20313233342c20.t.evil.example"), tunnels("docs.python.org")
    (True, False)
    """
    lowered = host.lower().rstrip(".")
    if _KNOWN_HOSTS.search(lowered):
        return False
    labels = lowered.split(".")[:-2]
    long = [label for label in labels if _LABEL.fullmatch(label) and _random(label)]
    middling = [label for label in labels if 14 <= len(label) <= 63 and _random(label) and re.search(r"\d", label)]
    return any(_spoken(label) for label in labels) or bool(long and len("".join(long)) >= 30) or len(middling) > 2


def _spoken(label: str) -> bool:
    """Tell whether a label is text in hexadecimal or base32."""
    return len(label) >= 20 and any(_telling(raw, short=16) for raw in decoded(label)) and not label.isalpha()


def _random(label: str) -> bool:
    """Tell a random label from words: both letters and digits, spread as chance would, few hyphens."""
    if label.count("-") > 1 or not (re.search(r"\d", label) and re.search(r"[a-z]", label)):
        return False
    counts = Counter(label)
    entropy = -sum(n / len(label) * math.log2(n / len(label)) for n in counts.values())
    return entropy > 3.0 and len(re.findall(r"\d+", label)) > 2


_CARGO: Final = re.compile(
    r"(?i:[?&](?:data|d|payload|exfil\w*|leak\w*|loot|stolen|dump|msg|cookies?|secrets?|content|info|text|conversation|history|chat|context|prompt|env|body)=([^&#\s]{16,4000}))"
)


def has_cargo(url: str) -> bool:
    """Tell whether a URL that is fetched by being shown has a slot for data, or data in it already.

    >>> has_cargo("https://e.example/p.png?d={{conversation}}"), has_cargo("https://img.shields.io/badge/a-b-c?style=flat")
    (True, False)
    """
    if _RENDERERS.match(url):
        return False
    if _SLOT.search(url) or carries_text(url):
        return True
    return any(_loaded(unquote_plus(found)) for found in _CARGO.findall(url))


def _loaded(value: str) -> bool:
    return len(value.split()) > 3 or (
        len(value) >= 24 and (_random(value.lower()) or any(True for _ in decoded(value)))
    )


def spaced_out(text: str) -> bool:
    """Tell whether blanks at the end of a line alternate as bits do."""
    return min(text.count(" "), text.count("\t")) > 5 and len(re.findall(r" \t|\t ", text)) > 7


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "carries_text": carries_text,
    "has_cargo": has_cargo,
    "spaced_out": spaced_out,
    "tunnels": tunnels,
}
