"""Code of other languages than the shell's: the calls in it that run, delete, read, write or connect.

Rule 1: code is searched, not run: a call with a constant is followed as the command it amounts to.
Rule 2: code with a word that could do such a thing in a way that is not understood is an ``effect:`` entry in ``missing``.
"""

from __future__ import annotations

import re
from typing import Final

from referee.facets.shell.effects import classify
from referee.facets.shell.quotes import ansi
from referee.facets.shell.scope import Runner
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN

_STRING: Final = r"""(?:[rbf]?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
_SHELL_CALLS: Final = re.compile(
    r"(?:os\.system|os\.popen|subprocess\.(?:run|call|Popen|check_call|check_output|getoutput|getstatusoutput)|"
    r"pty\.spawn|\bsystem|\bexec(?:Sync)?|\bspawn(?:Sync)?|\bpopen|\bshell_exec|\bpassthru|\bqx|os\.execute|io\.popen|do shell script|`)"
    r"\s*\(?\s*" + _STRING
)
_TEXT: Final = r"""(?:[rbf]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
_LIST_CALLS: Final = re.compile(
    r"(?:\.(?:run|call|Popen|check_call|check_output)\s*\(|\b(?:Popen|exec[lv]p?e?|spawn[lv]?p?e?(?:Sync)?|execFile(?:Sync)?)\s*\(|"
    rf"\b(?:system|exec)\b\s*\(?)\s*(\[[^\]]*\]|{_TEXT}(?:\s*,\s*(?:{_TEXT}|\[[^\]]*\]))+)"
)
_AWK_PIPES: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"\s*\|&?\s*getline|\|&?\s*\"((?:[^\"\\]|\\.)*)\"")
_BACKTICKS: Final = re.compile(r"`([^`]+)`|%x[({\[]([^)}\]]+)|qx[({/\[]([^)}/\]]+)")
_DELETES: Final = re.compile(
    r"(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs)|\bunlink|\brmtree|\brm_rf?|\bremove_tree|FileUtils\.\w*rm\w*|"
    r"(?:File|Dir)\.(?:delete|unlink|rmdir)|\b(?:rmSync|unlinkSync|rmdirSync|rm|rmdir)|Path\("
    + _STRING
    + r"\)\.(?:unlink|rmdir))\s*\(?\s*"
    + _STRING.replace("(?:[", "(?:[")
    + "?"
)
_RECURSIVE: Final = re.compile(r"rmtree|rm_r|remove_tree|remove_entry|removedirs")
_OPENS: Final = re.compile(
    r"(?:\bopen|\breadfile|\bio\.lines|\bfind-file|\breadFileSync|\breadFile|Path|File\.read|File\.open|file_get_contents|IO\.read|io\.open|createReadStream|"
    r"Bun\.file|\breadTextFile(?:Sync)?|\bDeno\.open(?:Sync)?)\s*\(\s*" + _STRING
)
_OPENS_UNKNOWN: Final = re.compile(
    r"(?:(?<![\w.])open|\breadFileSync|\breadFile|File\.read|File\.open|file_get_contents|IO\.read|io\.open|createReadStream)\s*\(\s*"
    r"(?:(?![rbRBuU]{0,2}[\"'])(?!fd\b|0\b)[^\s)]|[rR]?[fF][rR]?[\"'][^\"']*\{|"
    + _STRING
    + r"\s*(?:\+|%|\.(?:format|join|replace)\b))"
)
_WRITES: Final = re.compile(
    r"(?:\bwriteFileSync|\bwriteFile|File\.write|file_put_contents|\bappendFileSync)\s*\(\s*"
    + _STRING
    + r"|\bopen\(\s*"
    + _STRING
    + r"\s*,\s*['\"][wax]"
)
_NETWORK: Final = re.compile(
    r"\burllib|\brequests\.|\bhttpx?\b|\bsocket\b|\bfetch\(|\bNet::HTTP|IO::Socket|\bLWP\b|\bhttps?://|\baxios\b"
)
_URL: Final = re.compile(r"\b(?:https?|wss?|ftp)://[^\s'\"<>\\)]+")
_OBSCURE: Final = re.compile(
    r"\b(?:eval|exec|compile|__import__|getattr|globals|__builtins__|importlib|ctypes|pickle|marshal|b64decode|fromhex|atob|"
    r"Buffer\.from|Function|child_process|subprocess|os\.(?:exec|spawn|fork|kill|system|popen)|pty|system|popen|unpack|pack|qx|syscall|fork|kill|"
    r"unlink|rmtree|rmSync|send|instance_eval|require)\b|\bchr\(|`|\bsocket\b|%x"
)


_SENDS: Final = re.compile(
    r"\b(?:post|put|send|sendall|sendto|upload|storbinary|write|request|urlopen|fetch|PutObject|upload_file)\b",
    re.IGNORECASE,
)
_MARKS: Final = (
    (
        "remote_shell",
        (
            re.compile(
                r"\bsocket\b|TCPSocket|UDPSocket|fsockopen|pfsockopen|stream_socket_client|IO::Socket|/inet/(?:tcp|udp)|net\.Socket|"
                r"net\.(?:connect|createConnection)|TcpStream|TCPClient|net\.Dial|java\.net\.Socket|use Socket|socket\.tcp",
                re.IGNORECASE,
            ),
            re.compile(
                r"/bin/(?:ba|da|z|k|a)?sh\b|\bdup2\b|\bpty\b|cmd\.exe|\bpowershell\b|proc_open|IO\.popen|\bsubprocess\b|child_process|"
                r"\bexec\b|getRuntime|\|&|shell_exec|\bsystem\b|os\.execute|io\.popen",
                re.IGNORECASE,
            ),
        ),
    ),
    ("escalation", (re.compile(r"\bset(?:res|re|e)?[ug]id\s*\(\s*0|Process::(?:Sys|UID)|POSIX::setuid|cap_setuid"),)),
    (
        "service_change",
        (
            re.compile(
                r"\.(?:delete|destroy|drop|purge|terminate|clear)(?:[A-Z]|_(?:all|index|table|bucket|instance|cluster))\w*\("
            ),
        ),
    ),
    (
        "database_destroy",
        (re.compile(r"(?i)\b(?:drop\s+(?:table|database|schema)|truncate\s+table)\b|dropDatabase\s*\(|flushall\s*\("),),
    ),
    ("credential_access", (re.compile(r"169\.254\.169\.254|metadata\.google\.internal"),)),
    (
        "surveillance",
        (re.compile(r"\bImageGrab\b|\bpynput\b|pyautogui\.screenshot|\bGetAsyncKeyState\b|\bpyperclip\b"),),
    ),
)


_JOINED: Final = re.compile(r"""(['"])([^'"\\\n]*)\1\s*[+.]\s*(['"])([^'"\\\n]*)\3""")
_WALKS: Final = re.compile(r"\b(?:iterdir|scandir|walk|rglob)\s*\(|\bglob\s*\(\s*['\"]\.?\*+(?:/\*)?['\"]")
_READS_ANY: Final = re.compile(r"\w\s*\.\s*(?:read_text|read_bytes)\s*\(")


def follow_code(run: Runner, language: str, code: str) -> None:
    """Record what code does, and what it does once its constants are put together."""
    _follow(run, language, code)
    joined = code[: 16 * 1024]
    for _ in range(8):
        before, joined = joined, _JOINED.sub(r"\1\2\4\1", joined)
        if before == joined:
            break
    if joined != code[: 16 * 1024]:
        _follow(run, language, joined)


def _follow(run: Runner, language: str, code: str) -> None:
    run.trace.step(1 + len(code) // 256)
    if language not in {"python", "pypy"} and "\\" in code:
        code = _spelled(code)
    if UNKNOWN in code or len(code) > 16 * 1024:
        run.trace.miss(f"effect: what the {language} code does")
        code = code[: 16 * 1024]
    understood = _calls(run, language, code)
    for found in _DELETES.finditer(code):
        target = literal(found[2] or found[1])
        touch(run, target, "delete")
        if _RECURSIVE.search(found[0]) or ("rmSync" in found[0] and "recursive" in code):
            run.argv(["rm", "-rf", target])
        understood += found[2] is not None or found[1] is not None
    reads = 0
    for found in _OPENS.finditer(code):
        touch(run, literal(found[1]), "read")
        reads += 1
    if _OPENS_UNKNOWN.search(code) or (_WALKS.search(code) and _READS_ANY.search(code)):
        run.trace.miss("word: a file that code opens")
        touch(run, UNKNOWN, "read")
    for found in _WRITES.finditer(code):
        touch(run, literal(found[1] or found[2]), "write")
    if _NETWORK.search(code):
        run.trace.effect("network", *(("exfiltration",) if reads and _SENDS.search(code) else ()))
        for found in _URL.finditer(code):
            classify(run, "curl", ["curl", found[0]], None)
    _marks(run, code)
    if not understood and _OBSCURE.search(_HARMLESS.sub("", code)):
        run.trace.miss(f"effect: what the {language} code does")


_HARMLESS: Final = re.compile(
    r"\bimport socket\b|\bsocket\.(?:gethostname|getfqdn|gethostbyname)\([^()]{0,80}\)|"
    r"\brequire\(\s*(['\"])(?:\.{0,2}/[\w./@-]+\.json|(?:node:)?(?:path|url|util|os|crypto|assert|semver|querystring|events|timers|perf_hooks)|"
    r"typescript|lodash|chalk|yaml|dayjs|[\w@/-]+/package\.json)\1\s*\)"
)


def _marks(run: Runner, code: str) -> None:
    """Record what code does by its calls alone, whatever their arguments are."""
    for effect, patterns in _MARKS:
        if all(pattern.search(code) for pattern in patterns):
            run.trace.effect(effect)


_GOES_ON: Final = re.compile(r"\s*[+%]\s*(?!['\"])\w|\s*\.\s*(?:format|join|replace|concat)\b")


def _calls(run: Runner, language: str, code: str) -> int:
    """Follow the commands that code runs as constants; return how many there were."""
    count = 0
    for found in _SHELL_CALLS.finditer(code):
        rest = UNKNOWN if _GOES_ON.match(code, found.end()) else ""
        run.apart(literal(found[1]) + rest)
        count += 1
    for found in _BACKTICKS.finditer(code):
        run.apart(found[1] or found[2] or found[3])
        count += 1
    for found in _AWK_PIPES.finditer(code) if language == "awk" else ():
        run.apart(ansi(found[1] or found[2] or ""))
        count += 1
    for found in _LIST_CALLS.finditer(code):
        parts = [literal(piece[0]) for piece in re.finditer(_STRING, found[1])]
        run.argv(parts)
        count += 1
    return count


def literal(text: str | None) -> str:
    """Return the value of a string constant, read as Python and C read it; ``UNKNOWN`` if there is none."""
    if text is None:
        return UNKNOWN
    raw = text[0] in "rR"
    inner = text.lstrip("rbfuRBFU")[1:-1]
    return inner.replace("\0", "") if raw else ansi(inner).replace("\0", "")


_BRACED: Final = re.compile(r"\\[xu]\{([0-9a-fA-F]{1,6})\}")
_SIGIL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\([$@#%])")


def _spelled(code: str) -> str:
    r"""Read the escapes of other languages that Python has not: ``\x{72}`` and ``\$``."""
    code = _BRACED.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), code)
    return _SIGIL.sub(r"\1\2", code)
