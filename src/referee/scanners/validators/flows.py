"""Ways out: whether a URL carries data, whether a command line sends something secret.

Rule 1: a way out alone is no finding; it needs something secret that travels, or room for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_PRECIOUS = (
    r"(?:\.env(?!\w)|\.aws/|\.ssh(?!\w)|id_(?:rsa|ed25519|ecdsa)|\.netrc|\.pgpass|\.npmrc|\.pypirc|\.kube/config|/etc/(?:passwd|shadow)|credentials(?:\.json)?|service[-_]account"
    r"|secrets?(?:\.ya?ml|\.json|/)|\.git-credentials|private[-_ ]?key|api[-_ ]?keys?|access[-_ ]?tokens?"
    r"|passwords?|cookies?(?:\.sqlite)?|wallet\.dat|keychain|\.docker/config|history"
    r"|\$\(?(?:env|printenv)\)?|`(?:env|printenv)`|\$\{?[A-Z_]{0,24}(?:TOKEN|SECRET|PASSWORD|API_KEY|ACCESS_KEY)[A-Z_]{0,16})"
)
_UPLOAD = re.compile(
    r"\s(?:-d|--data[\w-]{0,12}|-F|--form|-T|--upload-file|--post-(?:data|file)|-body|-infile)(?![\w-])|@|<|\$\(|`|\$[A-Z{]|^(?:scp|rsync|ftp|sftp)",
    re.IGNORECASE,
)
_SECRET_SOURCE = re.compile(_PRECIOUS, re.IGNORECASE)
_TARGET = re.compile(r"https?://|@[\w.-]{1,80}|[\w.-]{1,80}:|\s\d{2,5}(?!\d)|[a-z0-9-]\.[a-z]{2,10}/", re.IGNORECASE)


def uploads_secret(text: str) -> bool:
    """Tell whether the command line of a transfer program sends something secret somewhere."""
    return all(part.search(text) for part in (_SECRET_SOURCE, _UPLOAD, _TARGET))


_SLOT = re.compile(r"[?&#=/](?:[^\s&?]{0,80})(?:\{\{|\$\{|<[a-z]|\[[a-z]|%7B|%3C|\{[a-z])", re.IGNORECASE)
_CARGO = re.compile(
    r"[?&](?:q|d|data|c|content|secret|token|key|payload|msg|cookie|text|exfil|info|leak)=[^&]{24}", re.IGNORECASE
)
_BADGES = re.compile(
    r"https?://(?:img\.shields\.io|badge|[\w.-]{1,60}\.(?:readthedocs|codecov)\.|api\.star-history\.com|contrib\.rocks)",
    re.IGNORECASE,
)


def carries_data(url: str) -> bool:
    """Tell whether a URL that is fetched by being shown has room for data, or has data in it already."""
    return not _BADGES.match(url) and (_SLOT.search(url) or _CARGO.search(url)) is not None


_MARKS: Final = ("-d", "-F", "-T", "@", "nc", "net", "ssh", "mail", "socat", "--post", "--data", "openssl", "POST")


def sends(text: str) -> bool:
    """Tell whether a pipe ends in a program that sends what it reads."""
    return any(mark in text for mark in _MARKS)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "carries_data": carries_data,
    "sends": sends,
    "uploads_secret": uploads_secret,
}
