"""Paths, resolved to the file that will be touched.

Rule 1: ``within`` is a matter of components, never of text prefixes.
Rule 2: a path that cannot be resolved is failed; a relative path without a known working folder stays relative.
Rule 3: no file is looked at. Symbolic links are followed only through ``Surroundings.resolve_links``.
Rule 4: a path that a tool may read in another way (decoded, without disguises) is every file that it can mean.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from referee.facets.classes import SECRETS, classes
from referee.facets.readings import other_readings
from referee.facets.surroundings import Surroundings
from referee.model.facts import Failed, FileFacet

_LONGEST: Final = 32 * 1024
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
_SELF: Final = re.compile(r"/proc/(?:self|thread-self|\d+)/(?:task/\d+/)?(cwd|root)(?=/|$)")
_DESCRIPTOR: Final = re.compile(r"/(?:dev|proc/(?:self|thread-self|\d+)(?:/task/\d+)?)/fd/(?:[3-9]|\d\d+)(?:/|$)")
_VARIABLE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)\})|%(\w+)%")
_USER: Final = re.compile(r"~([A-Za-z_][\w.-]*)(?=/|$)")
_UNKNOWN_HOME: Final = re.compile(r"~(?:[A-Za-z_][\w.-]*|[+-])?(?=/|$)")
_OF_DRIVE: Final = re.compile(r"[A-Za-z]:(?![\\/])")
_SHARE: Final = re.compile(r"\\\\(?![?.]\\)|\\\\[?.]\\(?![A-Za-z]:)")
TOLD: Final = SECRETS | {"system", "agent_config"}
"""Classes for which another reading of a path counts."""


def resolve(path: str, access: str, surroundings: Surroundings) -> FileFacet | Failed:
    """Say which file ``path`` is and what kind.

    >>> resolve("../.env", "read", Surroundings(cwd="/srv/app/src", workspace="/srv/app"))
    FileFacet(path='/srv/app/.env', access='read', classes=('env_file',), inside_workspace=True)
    """
    if not isinstance(path, str) or not path:
        return Failed("the path is not a text")
    if len(path) > _LONGEST:
        return Failed("the path is too long")
    if "\0" in path:
        return Failed("the path contains a zero byte")
    text = _from_url(path) if path[:5].lower() == "file:" else path
    if text is None:
        return Failed("the file URL names another machine or is not valid")
    if _OF_DRIVE.match(text) and surroundings.cwd is not None and _DRIVE.match(surroundings.cwd):
        return Failed("the working folder of the drive is not known")
    spelled = normal(text, surroundings)
    if _DESCRIPTOR.match(spelled):
        return Failed("which file the descriptor leads to is not known")
    real = _followed(spelled, surroundings)
    if real is None:
        return Failed("the symbolic links of the path could not be followed")
    kinds = classes(real) if real == spelled else tuple(sorted({*classes(real), *classes(spelled)}))
    return FileFacet(
        path=_shown(real, surroundings), access=access, classes=kinds, inside_workspace=_inside(real, surroundings)
    )


def every_file(path: str, access: str, surroundings: Surroundings) -> tuple[FileFacet, ...] | Failed:
    """Say which files a path can be for a tool that is handed it: the one it names, and those of other readings.

    >>> [file.path for file in every_file("..%2f..%2fetc/passwd", "read", Surroundings(cwd="/srv/app", workspace="/srv/app"))]
    ['/srv/app/..%2f..%2fetc/passwd', '/etc/passwd']
    """
    plain = resolve(path, access, surroundings)
    if isinstance(plain, Failed):
        return plain
    found = [plain]
    expanded = _expanded(path, surroundings)
    for text, climbs in other_readings(expanded, path):
        other = resolve(text, access, surroundings)
        if isinstance(other, Failed):
            return Failed("the path can be read in a way that cannot be resolved")
        if climbs or expanded != path or not TOLD.isdisjoint(set(other.classes) - set(plain.classes)):
            found.append(other)
    return tuple(dict.fromkeys(found))


def normal(path: str, surroundings: Surroundings) -> str:
    """Write a path absolute as far as the surroundings allow, without ``.``, ``..`` and doubled slashes.

    >>> normal("~//a/./b/../c", Surroundings(home="/home/u"))
    '/home/u/a/c'
    """
    text = _at_home(_slashes(path), surroundings)
    unknown = _UNKNOWN_HOME.match(text)
    if unknown is not None:
        rest = text[unknown.end() :].lstrip("/")
        return f"{unknown[0]}/{posixpath.normpath(rest)}" if rest else unknown[0]
    if not text.startswith("/") and not _DRIVE.match(text) and surroundings.cwd is not None:
        text = f"{_slashes(surroundings.cwd)}/{text}"
    if _DRIVE.match(text):
        return text[0].upper() + ":" + posixpath.normpath("/" + text[2:].lstrip("/"))
    if _SHARE.match(path):
        return "/" + posixpath.normpath("/" + text.lstrip("/")) if text.strip("/") else "/"
    if "/proc/" in text:
        text = _own(re.sub(r"/(?:\.?/)+", "/", text), surroundings)
    text = posixpath.normpath(text)
    text = text[1:] if text.startswith("//") else text
    return posixpath.normpath(_own(text, surroundings)) if text.startswith("/proc/") else text


def _own(text: str, surroundings: Surroundings) -> str:
    """Replace the links that the kernel gives a process to its root and its working folder, before any ``..`` after them."""
    for _ in range(4):
        found = _SELF.match(text)
        start = None if found is None else "/" if found[1] == "root" else surroundings.cwd
        if found is None or start is None:
            break
        text = re.sub(r"/{2,}", "/", f"{start}/{text[found.end() :]}")
    return text


def within(path: str, folder: str, *, case_sensitive: bool = True) -> bool:
    """Tell whether a normal path is a folder or lies below it.

    >>> within("/srv/app/a", "/srv/app"), within("/srv/application", "/srv/app"), within("/srv/a", "/srv/app/..")
    (True, False, True)
    """
    if not folder or "\0" in folder or "\0" in path:
        return False
    outer = posixpath.normpath(folder)
    inner, outer = (path, outer) if case_sensitive else (_alike(path), _alike(outer))
    outer = outer.rstrip("/")
    return inner == outer or inner.startswith(outer + "/")


def _alike(path: str) -> str:
    """Write a path as a file system that folds case and composes letters does."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _shown(path: str, surroundings: Surroundings) -> str:
    return path if surroundings.case_sensitive else _alike(path)


def _at_home(text: str, surroundings: Surroundings) -> str:
    """Expand ``~``, ``~+`` and the home folders of users that are known."""
    if not text.startswith("~"):
        return text
    head, slash, rest = text.partition("/")
    folder: str | None = None
    if head == "~":
        folder = surroundings.home
    elif head == "~+":
        folder = surroundings.cwd
    elif _USER.fullmatch(head):
        folder = surroundings.homes.get(head[1:]) or ("/root" if head == "~root" else None)
    return text if folder is None else f"{folder}{slash}{rest}"


def _expanded(path: str, surroundings: Surroundings) -> str:
    """Put the values of variables that are known into a path."""
    if "$" not in path and path.count("%") < 2:
        return path
    known = {
        "HOME": surroundings.home,
        "PWD": surroundings.cwd,
        "USERPROFILE": surroundings.home,
        **surroundings.variables,
    }
    return _VARIABLE.sub(lambda found: known.get(found[1] or found[2] or found[3]) or found[0], path)


def _from_url(text: str) -> str | None:
    try:
        split = urlsplit(text)
        name = unquote(split.path, errors="strict")
    except (ValueError, UnicodeDecodeError):
        return None
    if split.netloc not in {"", "localhost"} or not name:
        return None
    return name[1:] if _DRIVE.match(name[1:]) else name


def _slashes(path: str) -> str:
    r"""Turn the Windows forms (``\\?\C:\a``, ``C:\a``, ``\\host\share``) to forward slashes; leave others alone."""
    if path.startswith(("\\\\?\\", "\\\\.\\", "//?/", "//./")):
        path = path[4:].replace("\\", "/")
        path = path[4:] if path[:4].lower() == "unc/" else path
        path = path if _DRIVE.match(path) else f"//{path}"
    if _DRIVE.match(path) or path.startswith(("\\\\", ".\\", "..\\", "~\\")):
        path = path.replace("\\", "/")
        parts = [re.sub(r"[. ]+$", "", part) or part for part in path.split("/")]
        return "/".join(part.partition(":")[0] if place and ":" in part else part for place, part in enumerate(parts))
    return path


def _followed(path: str, surroundings: Surroundings) -> str | None:
    if surroundings.resolve_links is None or not path.startswith("/"):
        return path
    try:
        return surroundings.resolve_links(path)
    except Exception:  # noqa: BLE001 - the caller's function may raise anything, and a facet never raises
        return None


def _inside(path: str, surroundings: Surroundings) -> bool | None:
    if surroundings.workspace is None or not (path.startswith("/") or _DRIVE.match(path)):
        return None
    plain = Surroundings(home=surroundings.home, cwd=surroundings.cwd)
    folder = _followed(normal(surroundings.workspace, plain), surroundings)
    return None if folder is None else within(path, folder, case_sensitive=surroundings.case_sensitive)
