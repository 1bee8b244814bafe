"""What kind of file a path names, by its spelling alone.

Rule 1: a pattern holds for whole components at the end of a path, with ``/**`` for everything below a folder, with a
leading ``/`` from the root only. ``*`` and ``?`` stay inside of a component; a last ``@`` is an ending that data has.
Rule 2: matching ignores case, Unicode disguises, and what Windows ignores at the end of a name.
Rule 3: a copy (``.env~``, ``id_rsa.bak``) has the secret classes of what it is a copy of; a sample or a public half has none.
Rule 4: a glob has the classes of every well-known secret file, and hidden file of an agent, that it can mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import cache, lru_cache
from typing import Final

from referee.facets.places import PLACES
from referee.facets.secret_files import CONFIGURATIONS, FAMILIES, SYSTEM

SECRETS: Final = frozenset({"secret", "credential", "private_key", "env_file"})
_LONGEST: Final = 4096
_WILD: Final = re.compile(r"[*?\[]")
_DATA: Final = (
    r"\.(?:txt|json5?|jsonc|ya?ml|toml|ini|cfg|conf|config|csv|tsv|xml|properties|enc|dat|data|bin|key|pem|der|b64|log|xlsx?|docx?"
    r"|odt|ods|pdf|rtf|db|sqlite3?|plist|env|list|lst)"
)
_SAMPLES: Final = (
    r".*[._-](?:example|examples|sample|samples|template|templates|tmpl|tpl|dist|default|defaults|schema|skel|placeholder|dummy|stub)"
    r"(?:[._-][a-z0-9]+)?|(?:example|sample|template|dummy)[._-].*"
    r"|.*\.(?:example|sample|template|tmpl|tpl|j2|jinja2?|erb|mustache|hbs|gotmpl)(?:\.[a-z]+)?"
)
_PUBLIC: Final = (
    r".*\.pub|.*[._-]pub\.pem|.*public.*\.(?:pem|key|asc|gpg)|known_hosts(?:\..*)?|authorized_keys2?|allowed_signers|pubring\..*"
    r"|(?:.*[._-])?(?:ca|cacert|cacerts|cert|certs|certificate|fullchain|chain|roots?|ca-bundle|bundle|ca-certificates|csr|dhparams?"
    r"|dh\d*|crl|isrg.*|intermediate|trust|trusted|truststore)\d*\.(?:pem|crt|cer|jks)|.*\.(?:crt|cer|csr)"
)
_TEXTS: Final = frozenset(
    """
    md mdx rst adoc asciidoc htm html xhtml tex man po mo pot svg png jpg jpeg gif ico webp woff woff2 ttf eot mp3 mp4 wav map snap lock pyc
    pyo class o so a dll exe jar whl vim el elc desktop page docbook ent xsd dtd wsdl typed stub gir typelib pc la
    py pyi pyx pxd js cjs mjs jsx cjsx mjsx ts cts mts tsx go rs java kt kts rb php c h cc cpp cxx hpp hh cs fs vb swift m mm scala vue
    svelte astro sql css scss sass less ex exs heex eex erl hrl sh bash zsh fish ps1 psm1 bat cmd proto graphql gql rego cedar tf hcl bicep
    lua pl pm t r jl dart clj cljs cljc hs ml mli nim zig ipynb ejs haml slim pug twig liquid njk feature gradle groovy cmake mk awk sed asm
    s spec
    """.replace("\n", " ").split(" ")
) - {""}
"""Endings of program text, documentation, pictures and what is built from them."""
_MANUAL: Final = re.compile(r"\d(?:pm|ssl)?")
_CODE_FOLDERS: Final = (
    r"(?:^|/)(?:templates?|charts/[^/]+/templates|i18n|locales?|lang|translations|messages|icons?|schemas?|__mocks__)/"
)
_MADE_UP: Final = r"(?:^|/)(?:testdata|fixtures?|__fixtures__|examples?|samples?|snapshots|__snapshots__|cassettes)/"
_SHARED: Final = (
    r"^/?(?:usr/share|usr/lib|usr/include|usr/local/share|usr/local/lib|snap/[^/]+/\d+/usr|opt/[^/]+/lib)/"
    r"|(?:^|/)(?:site-packages|dist-packages|node_modules|vendor|\.cargo/registry)/"
)
_COPIES: Final = re.compile(
    r"(?:~\d*|\.(?:bak\d*|backup\d*|bkp|bck|old\d*|orig|original|save|saved|sav|swp|swo|swn|tmp|temp|copy|prev|previous|new|dpkg-old"
    r"|dpkg-dist|rpmsave|rpmnew|ucf-old|gz|bz2|xz|zst|zip|7z|rar|tar|tgz|\d{1,3})|[_-](?:bak|backup|old|copy)| - copy| copy| \(\d+\))$"
)
_HIDDEN_COPY: Final = re.compile(r"^(?:#(.+)#|\.#(.+)|\.(.+)\.sw[a-p])$")
INVISIBLE: Final[dict[int, None]] = dict.fromkeys(
    (
        0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
    )
)  # fmt: skip
"""Characters that are not seen."""
_SHORT: Final = re.compile(r"([a-z0-9_$-]{1,6})~\d(?:\.([a-z0-9]{1,3}))?")
_EVERY_ENDING: Final = re.compile(r"\*(?:\.[a-z0-9*?]{1,6})?")
_EVERYDAY: Final = re.compile(
    r"tests?|spec|files?|data|docs?|src|main|page|image|img|logs?|te?mp|txt|html?|java|xml|csv|md|gz|zip|tar|pdf|png|jpg|js|css|php|"
    r"py|rb|sh|cpp"
)
"""Words that a glob looks for without looking for a secret: ``*test*``, ``*txt``."""
_CLIMBING: Final = re.compile(r"^(?:\.\./)+")
_SIGNS: Final = re.compile(r"[*?@]|^/")
_MOST_FORMS: Final = 24


@lru_cache(maxsize=8192)
def classes(path: str) -> tuple[str, ...]:
    """List the classes of the file that ``path`` names, sorted.

    >>> classes("/srv/app/.env"), classes("app/.env.example"), classes("/home/u/.ssh/id_rsa.pub")
    (('env_file',), (), ())
    """
    text = folded(path[-_LONGEST:])
    found: set[str] = set()
    for form in _forms(text):
        found |= _table_classes(form)
        if _WILD.search(form):
            found.update(*map(_known_classes, _meant(form)))
            head, _, name = form.rpartition("/")
            found |= set() if name.strip("*?.") else _table_classes(head) & {"agent_config"}
    return tuple(sorted(found))


def folded(path: str) -> str:
    r"""Write a path in small letters, without Unicode disguises, with forward slashes.

    >>> folded("C:\\Users\\x\\\uff0eENV. ")
    'c:/users/x/.env'
    """
    text = path
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(INVISIBLE))
    text = text.replace("\\", "/").lower().rstrip("/")
    if " " not in text and "./" not in text and not text.endswith("."):
        return text
    return "/".join(part.rstrip(" .") or part for part in text.split("/"))


def _forms(text: str) -> Iterator[str]:
    """Yield what a path with braces stands for, the path itself without a stream, and with what a short name stands for."""
    forms = [text]
    for _ in range(3):
        forms = [form for text in forms for form in _one_brace(text)][:_MOST_FORMS]
    for form in forms:
        head, _, name = form.rpartition("/")
        yield form
        if ":" in name and len(name.partition(":")[0]) > 1:
            yield f"{head}/{name.partition(':')[0]}"
        if "~" in form:
            yield from _long_forms(form)


def _one_brace(text: str) -> list[str]:
    start = text.find("{")
    end = text.find("}", start)
    if start < 0 or end < 0 or "," not in text[start:end]:
        return [text]
    return [text[:start] + one + text[end + 1 :] for one in text[start + 1 : end].split(",")]


def _long_forms(form: str) -> Iterator[str]:
    """Yield a path with the well-known names that its short names (``SECRET~1.YML``) can stand for."""
    parts = form.split("/")
    for at, part in enumerate(parts):
        if _SHORT.fullmatch(part):
            for name in _short_names().get(part.replace(part[part.index("~") + 1], "1", 1), ()):
                yield "/".join([*parts[:at], name, *parts[at + 1 :]])


def _table_classes(text: str) -> set[str]:
    sure, maybe = _matching(text)
    name = text.rpartition("/")[2]
    found = sure | maybe
    if found & SECRETS:
        if re.fullmatch(_SAMPLES, name) or re.fullmatch(_PUBLIC, name):
            return found - SECRETS
        if re.search(_SHARED, text) or _is_text(text, name):
            return (found - SECRETS) | sure
        return found - {"secret"} if re.search(_MADE_UP, text) and "secret" not in sure else found
    copied = _original(text, name)
    if copied is None or _is_text(text, name):
        return found
    if copied.rpartition("/")[2] in CONFIGURATIONS:
        found = found | {"credential"}
    return found | (_table_classes(copied) & (SECRETS | {"agent_config"}))


def _is_text(text: str, name: str) -> bool:
    """Tell program text and documentation, which only have the name of a secret."""
    ending = name.removesuffix(".gz").rpartition(".")[2] if "." in name else ""
    return ending in _TEXTS or _MANUAL.fullmatch(ending) is not None or re.search(_CODE_FOLDERS, text) is not None


def _original(text: str, name: str) -> str | None:
    """Give the path of what a file is a copy of, if its name says that it is one."""
    hidden = _HIDDEN_COPY.match(name)
    if hidden is not None:
        bare = hidden[1] or hidden[2] or hidden[3]
    else:
        end = _COPIES.search(name)
        if end is None or end.start() == 0:
            return None
        bare = name[: end.start()]
    return text[: len(text) - len(name)] + bare


def _matching(text: str) -> tuple[set[str], set[str]]:
    """Give the classes that hold for certain, and those that hold unless the file is program text or the like."""
    index = _index()
    whole = _CLIMBING.sub("/", text) if text.startswith("../") else text
    parts = whole.split("/")
    name = parts[-1]
    tried = [rule for part in dict.fromkeys(parts) for rule in index.by_part.get(part, ())]
    tried += [rule for at in range(len(name) - 2) for rule in index.by_gram.get(name[at : at + 3], ())]
    tried += index.by_ending.get(name[name.rfind(".") :], ()) if "." in name else ()
    tried += index.others
    sure: set[str] = set()
    maybe: set[str] = set()
    for pattern, certain, kind in tried:
        if kind not in sure and (kind not in maybe or certain) and _holds(pattern, whole, parts):
            (sure if certain else maybe).add(kind)
    return sure, maybe


def _holds(pattern: str, whole: str, parts: list[str]) -> bool:
    """Tell whether a pattern fits a path; a regular expression is the last resort."""
    how, wanted = _plan(pattern)
    if how == "tail":
        return parts[-len(wanted) :] == wanted
    if how == "end":
        return parts[-1].endswith(wanted[0])
    if how == "start":
        return parts[-1].startswith(wanted[0])
    if how == "below":
        return wanted[0] in parts[:-1]
    return _compiled(pattern).search(whole) is not None


@lru_cache(maxsize=4096)
def _plan(pattern: str) -> tuple[str, list[str]]:
    """Say how a pattern is tried: by its last components, by how the name ends or starts, by one folder, or else."""
    if not _SIGNS.search(pattern):
        return "tail", pattern.split("/")
    if re.fullmatch(r"\*[^*?@/]+", pattern):
        return "end", [pattern[1:]]
    if re.fullmatch(r"[^*?@/]+\*", pattern):
        return "start", [pattern[:-1]]
    if re.fullmatch(r"[^*?@/]+/\*\*", pattern):
        return "below", [pattern[:-3]]
    return "else", []


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a pattern of components."""
    start = r"^(?:[a-z]:)?/" if pattern.startswith("/") else "(?:^|/)"
    body = pattern.strip("/")
    folder = body.endswith("/**")
    parts = body.removesuffix("/**").split("/")
    return re.compile(f"{start}{'/'.join(map(_component, parts))}{'/' if folder else '$'}")


def _component(part: str) -> str:
    ending = part.endswith("@")
    return re.escape(part.removesuffix("@")).replace(r"\*", "[^/]*").replace(r"\?", "[^/]") + (_DATA if ending else "")


_Rule = tuple[str, bool, str]


class _Index:
    """The patterns by what finds them: a component, the ending or three letters of the name.

    ``known`` are the paths that are secret, or tell an agent what to do, as a whole, ``depths`` the same by how many folders they name.
    """

    __slots__ = ("by_ending", "by_gram", "by_part", "depths", "known", "others")

    def __init__(self) -> None:
        self.by_part: dict[str, list[_Rule]] = {}
        self.by_ending: dict[str, list[_Rule]] = {}
        self.by_gram: dict[str, list[_Rule]] = {}
        self.others: list[_Rule] = []
        self.known: list[str] = []
        for rule in _rules():
            self.add(rule)
        self.depths: dict[int, list[str]] = {}
        for known in self.known:
            self.depths.setdefault(known.count("/"), []).append(known)

    def add(self, rule: _Rule) -> None:
        """File a pattern."""
        pattern, _, kind = rule
        parts = pattern.removesuffix("/**").strip("/").split("/")
        literal = [part for part in parts if not _SIGNS.search(part)]
        if literal:
            key = max(literal, key=lambda part: (part.startswith("."), len(part)))
            self.by_part.setdefault(key, []).append(rule)
            whole = len(literal) == len(parts) and not pattern.endswith("/**")
            if whole and (kind in SECRETS or (kind == "agent_config" and pattern.startswith("."))):
                self.known.append(pattern)
            return
        if re.fullmatch(r"\*\.[^*?@/.]+", pattern):
            self.by_ending.setdefault(pattern[1:], []).append(rule)
            return
        chunk = max(re.split(r"[*?@]", pattern.removesuffix("/**").rpartition("/")[2]), key=len)
        if len(chunk) < 3 or pattern.endswith("/**"):
            self.others.append(rule)
        else:
            self.by_gram.setdefault(chunk[-3:], []).append(rule)


def _rules() -> Iterator[_Rule]:
    for family in FAMILIES:
        for pattern in family.patterns.split():
            yield pattern.replace("%20", " "), family.certain, family.kind
    for kind, patterns in (*PLACES.items(), ("system", SYSTEM)):
        for pattern in patterns.split():
            yield pattern.replace("%20", " "), True, kind


@lru_cache(maxsize=1)
def _index() -> _Index:
    return _Index()


@lru_cache(maxsize=1)
def _short_names() -> dict[str, list[str]]:
    """Map short names as Windows makes them to the well-known names that have them."""
    found: dict[str, list[str]] = {}
    for known in _index().known:
        for part in known.split("/"):
            stem, dot, ending = part.lstrip(".").rpartition(".")
            stem = re.sub(r"[ .]", "", stem if dot else part.lstrip("."))
            if part.startswith(".") or len(stem) > 8 or len(ending) > 3:
                short = f"{stem[:6]}~1{'.' + ending[:3] if dot else ''}"
                found.setdefault(short, [])
                found[short] += [part] if part not in found[short] else []
    return found


@cache
def _known_classes(known: str) -> frozenset[str]:
    return frozenset(_table_classes(known))


def _meant(glob: str) -> Iterable[str]:
    """Give the well-known files that a glob can mean; one that could mean anything but hidden files does not count."""
    last = glob.rpartition("/")[2]
    literal = len(re.sub(r"[*?\[\]]", "", _EVERY_ENDING.sub("", last, count=1) if last.startswith("*") else last))
    hidden = any(part.startswith(".") and part.strip(".") for part in glob.split("/")[-2:])
    if (literal < 2 and not hidden) or (last[:1] == "*" and _EVERYDAY.fullmatch(last.strip("*."))):
        return ()
    parts = glob.split("/")
    found: list[str] = []
    for depth, known in _index().depths.items():
        wanted = "/".join(parts[-(depth + 1) :])
        at, sign = (-1, wanted[-1:]) if wanted[-1:] not in _WILDS else (0, wanted[:1])
        some = known if sign in _WILDS else [one for one in known if one[at] == sign]
        fits = re.compile(translate(wanted)).match if some else None
        found += [one for one in some if fits is not None and fits(one)]
    return found


_WILDS: Final = frozenset({"*", "?", "[", "]", ""})
