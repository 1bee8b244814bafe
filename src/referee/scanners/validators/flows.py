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
_SIGNS_IN: Final = re.compile(
    r"(?i:\s(?:-H|--header|-headers?)[\s=]{1,2}(?:'[^'\n]{0,400}'|\x22(?:(?!\$\(|`)[^\x22\n]){0,400}\x22)|\s(?:-u|--user)[\s=]{1,2}['\x22]?[\w.$@{}-]{1,80}:['\x22]?\$\{?\w{1,60}\}?['\x22]?)"
)
_SECRET_SOURCE = re.compile(_PRECIOUS, re.IGNORECASE)
_TARGET = re.compile(r"https?://|@[\w.-]{1,80}|[\w.-]{1,80}:|\s\d{2,5}(?!\d)|[a-z0-9-]\.[a-z]{2,10}/", re.IGNORECASE)


def uploads_secret(text: str) -> bool:
    """Tell whether the command line of a transfer program sends something secret somewhere; who signs in, does not."""
    text = _SIGNS_IN.sub(" ", text)
    return all(part.search(text) for part in (_SECRET_SOURCE, _UPLOAD, _TARGET))


_DROPS: Final = re.compile(
    r"(?i:(?<![\w.-])(?:[\w-]{1,60}\.){0,4}(?:transfer\.sh|file\.io|0x0\.st|termbin\.com|ix\.io|bashupload\.com|paste\.ee|hastebin\.com|temp\.sh|x0\.at|keep\.sh|gofile\.io"
    r"|catbox\.moe|pastebin\.com|dpaste\.(?:com|org)|rentry\.co|paste\.rs|sprunge\.us|oshi\.at|uguu\.se|pixeldrain\.com|filebin\.net|tmpfiles\.org|clbin\.com|envs\.sh"
    r"|ghostbin\.\w{2,5}|controlc\.com|privatebin\.\w{2,5}|pomf\.\w{2,5}|litterbox\.\w{2,9}|anonfiles\.com|webhook\.\w{2,5}|requestbin\.\w{2,5}|pipedream\.net|requestcatcher\.com"
    r"|[\w-]{3,60}\.(?:ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|loca\.lt|lhr\.life|serveo\.net|pinggy\.(?:link|io)|bore\.pub|oast\.\w{2,5}|oastify\.com|interact\.sh))(?![\w.-]))"
    r"|://(?:[^\s/@]{0,80}@)?(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|169\.254\.)(?:\d{1,3}\.){3}\d{1,3}(?=[:/\s'\x22]|$)"
    r"|://(?!localhost|127\.|\[|0\.0\.0\.0|10\.|192\.168\.)[\w.-]{1,200}\.[a-z]{2,24}:(?!80\b|443\b|8080\b|8443\b)\d{2,5}"
)
_SENDS: Final = re.compile(
    r"\s(?:-d|--data(?:-\w{1,12})?|-F|--form|-T|--upload-file|--post-(?:data|file)|--body-\w{1,6}|-infile)[\s='\x22@]{1,4}(?:[\w.-]{1,40}=)?[@<$`~./\w-]|\s[\w.-]{1,40}@[\w./~-]{2}|\s<\s?[\w./~]|\$\(|`"
)


def drops_file(text: str) -> bool:
    """Tell whether a command line sends something to a place made for dropping, to a bare address, or to an odd port."""
    return _DROPS.search(text) is not None and _SENDS.search(text) is not None


_TO_SHELL: Final = re.compile(r"\|\s{0,3}(?:ssh|mail|sendmail)\s[^|]{1,300}\Z")
_MARKS: Final = ("-d", "-F", "-T", "@", "nc", "net", "ssh", "mail", "socat", "--post", "--data", "openssl", "POST")


def sends(text: str) -> bool:
    """Tell whether a pipe ends in a program that sends what it reads; to a host one may sign in to, only what is secret."""
    if _TO_SHELL.search(text) and not _SECRET_SOURCE.search(text):
        return False
    return any(mark in text for mark in _MARKS)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {
    "drops_file": drops_file,
    "sends": sends,
    "uploads_secret": uploads_secret,
}
