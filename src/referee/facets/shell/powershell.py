"""PowerShell: its text cut into commands, each taken for the POSIX command or the table entry that it amounts to.

Rule 1: this is a reader of commands, not of the language: names, parameters, strings, pipes and blocks are understood; a value that
an expression gives is not known, and an expression that could run code is an ``effect:`` entry in ``missing``.
Rule 2: names and parameters do not look at case; parameters may be unfinished (``-Rec`` is ``-Recurse``).
"""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from typing import Final

from referee.facets.shell.scope import Runner
from referee.facets.shell.tables import names
from referee.facets.shell.touching import touch
from referee.facets.shell.trace import UNKNOWN

PROGRAMS: Final = frozenset({"powershell", "pwsh", "powershell.exe", "pwsh.exe"})
CMDLET: Final = re.compile(r"[A-Z][a-zA-Z]{1,14}-[A-Z][A-Za-z]+")
ALIASES: Final[dict[str, str]] = {
    "iex": "invoke-expression", "iwr": "invoke-webrequest", "irm": "invoke-restmethod", "icm": "invoke-command",
    "ri": "remove-item", "gc": "get-content", "sc": "set-content", "saps": "start-process", "spps": "stop-process",
    "spsv": "stop-service", "gci": "get-childitem", "gwmi": "get-wmiobject", "iwmi": "invoke-wmimethod", "clc": "clear-content",
    "rni": "rename-item", "cpi": "copy-item", "mi": "move-item", "ni": "new-item", "sls": "select-string", "ipmo": "import-module",
    "rp": "remove-itemproperty", "sp": "set-itemproperty", "clhy": "clear-history", "rsn": "remove-pssession",
}  # fmt: skip
_POSIX: Final = {"rm": "remove-item", "del": "remove-item", "erase": "remove-item", "rd": "remove-item", "rmdir": "remove-item",
                 "cat": "get-content", "type": "get-content", "curl": "invoke-webrequest", "wget": "invoke-webrequest",
                 "kill": "stop-process", "start": "start-process", "cp": "copy-item", "copy": "copy-item", "mv": "move-item",
                 "move": "move-item", "echo": "write-output", "ls": "get-childitem", "dir": "get-childitem"}  # fmt: skip
EFFECTS: Final[dict[str, tuple[str, ...]]] = {
    "invoke-expression": ("execute",),
    "invoke-command": ("execute", "remote_code"),
    "invoke-wmimethod": ("execute", "shell_escape"),
    "invoke-cimmethod": ("execute", "shell_escape"),
    "enter-pssession": ("network", "shell_escape"),
    "new-pssession": ("network",),
    "invoke-webrequest": ("network",),
    "invoke-restmethod": ("network",),
    "start-bitstransfer": ("network",),
    "send-mailmessage": ("network", "exfiltration"),
    "install-module": ("package_install", "network"),
    "install-package": ("package_install", "network"),
    "install-script": ("remote_code", "network"),
    "uninstall-module": ("package_remove",),
    "import-module": ("execute",),
    "set-executionpolicy": ("protection_off",),
    "set-mppreference": ("protection_off",),
    "add-mppreference": ("protection_off",),
    "remove-mpthreat": ("protection_off",),
    "set-netfirewallprofile": ("protection_off",),
    "new-netfirewallrule": ("protection_off",),
    "remove-netfirewallrule": ("protection_off",),
    "disable-netfirewallrule": ("protection_off",),
    "unblock-file": ("protection_off",),
    "clear-eventlog": ("log_tampering",),
    "remove-eventlog": ("log_tampering",),
    "limit-eventlog": ("log_tampering",),
    "clear-history": ("log_tampering",),
    "set-psreadlineoption": ("log_tampering",),
    "stop-service": ("service_change", "process_kill"),
    "set-service": ("service_change", "persistence"),
    "restart-service": ("service_change",),
    "remove-service": ("service_change",),
    "suspend-service": ("service_change",),
    "new-service": ("persistence",),
    "register-scheduledtask": ("persistence",),
    "new-scheduledtask": ("persistence",),
    "set-scheduledtask": ("persistence",),
    "register-scheduledjob": ("persistence",),
    "register-wmievent": ("persistence",),
    "set-wmiinstance": ("persistence",),
    "unregister-scheduledtask": ("service_change",),
    "disable-scheduledtask": ("service_change",),
    "new-localuser": ("escalation", "persistence"),
    "add-localgroupmember": ("escalation",),
    "set-localuser": ("escalation",),
    "remove-localuser": ("system_change",),
    "add-adgroupmember": ("escalation",),
    "set-acl": ("escalation",),
    "stop-computer": ("system_halt",),
    "restart-computer": ("system_halt",),
    "stop-process": ("process_kill",),
    "format-volume": ("disk",),
    "clear-disk": ("disk",),
    "initialize-disk": ("disk",),
    "remove-partition": ("disk",),
    "remove-vm": ("infrastructure_destroy",),
    "stop-vm": ("service_change",),
    "disable-computerrestore": ("backup_destroy",),
    "checkpoint-computer": ("write",),
    "get-credential": ("credential_access",),
    "get-clipboard": ("surveillance",),
    "convertfrom-securestring": ("credential_access",),
    "add-type": ("execute",),
    "set-itemproperty": ("write", "system_change"),
    "new-itemproperty": ("write", "system_change"),
    "remove-itemproperty": ("delete", "system_change"),
    "clear-recyclebin": ("mass_delete",),
    "clear-content": ("work_loss",),
    "export-pfxcertificate": ("credential_access",),
}
_SWITCHES: Final = ("-recurse", "-force", "-whatif", "-command", "-encodedcommand", "-file", "-path", "-literalpath", "-uri", "-outfile",
                    "-infile", "-body", "-method", "-filepath", "-argumentlist", "-executionpolicy", "-scriptblock", "-value",
                    "-destination", "-name", "-noprofile", "-noninteractive", "-windowstyle", "-nologo", "-sta", "-noexit",
                    "-inputformat", "-outputformat", "-version", "-workingdirectory", "-verbose", "-confirm")  # fmt: skip
_SHORT: Final = {"-w": "-windowstyle", "-ep": "-executionpolicy", "-ex": "-executionpolicy", "-v": "-version"}
_VALUED: Final = frozenset(
    {"-executionpolicy", "-windowstyle", "-inputformat", "-outputformat", "-version", "-workingdirectory"}
)
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|\"(?:`.|[^\"`])*\"|`.|[^\s'\"`;|{}()&\n]+|[;|{}()&\n]")
_RUN_KEYS: Final = re.compile(
    r"(?i)currentversion\\?(?:run|runonce)|winlogon|startup|\\?services\\|image file execution|appinit"
)
_MARKS: Final = (
    ("remote_shell", re.compile(r"(?i)sockets?\.tcpclient|sockets\.tcplistener")),
    (
        "network",
        re.compile(
            r"(?i)net\.webclient|downloadstring|downloadfile|downloaddata|net\.webrequest|httpclient|msxml2\.xmlhttp"
        ),
    ),
    ("exfiltration", re.compile(r"(?i)\.upload(?:string|file|data|values)\(")),
    ("protection_off", re.compile(r"(?i)amsiutils|amsiinitfailed|disablerealtimemonitoring|bypass\s+-|etwprovider")),
    ("backup_destroy", re.compile(r"(?i)win32_shadowcopy")),
    ("credential_access", re.compile(r"(?i)minidump|mimikatz|sekurlsa|lsass|\bvaultcli|passwordvault")),
    ("escalation", re.compile(r"(?i)-verb\s+runas|fodhelper|sdclt|eventvwr")),
    ("mass_delete", re.compile(r"(?i)\[(?:system\.)?io\.directory\]::delete")),
    ("log_tampering", re.compile(r"(?i)clearlog\(|consolehost_history")),
    ("surveillance", re.compile(r"(?i)copyfromscreen|getasynckeystate|clipboard\]::")),
    ("execute", re.compile(r"(?i)\[reflection\.assembly\]::|virtualalloc|createthread|getdelegateforfunctionpointer")),
)
_OBSCURE: Final = re.compile(
    r"(?i)frombase64string|-bxor|"
    r"-join|\[char\]|invoke-expression|\biex\b|\.invoke\(|\[scriptblock\]|::load|reflection"
)
_URL: Final = re.compile(r"(?i)\b(?:https?|ftp)://[^\s'\"<>)]+")
_LONGEST: Final = 16 * 1024


def started(run: Runner, words: list[str], stdin: str | None) -> str:
    """Follow a call of PowerShell by its options: a command, an encoded command, a script, or its input."""
    run.trace.effect("execute")
    place = 1
    while place < len(words):
        flag = _full(words[place].replace("/", "-", 1) if words[place].startswith("/") else words[place])
        if flag in {"-encodedcommand", "-e", "-ec", "-enc"}:
            follow(run, _decoded(words[place + 1] if place + 1 < len(words) else ""))
            return UNKNOWN
        if flag in {"-command", "-c"}:
            follow(run, stdin or UNKNOWN if words[place + 1 :] == ["-"] else " ".join(words[place + 1 :]))
            return UNKNOWN
        if (
            flag == "-executionpolicy"
            and words[place + 1 : place + 2]
            and words[place + 1].lower() in {"bypass", "unrestricted"}
        ):
            run.trace.effect("protection_off")
        if flag in {"-file", "-f"} or (not flag.startswith("-") and flag.endswith(".ps1")):
            touch(run, words[min(place + flag.startswith("-"), len(words) - 1)], "execute")
            return UNKNOWN
        if flag == "-windowstyle" and words[place + 1 : place + 2] and words[place + 1].lower().startswith("h"):
            run.trace.effect("protection_off")
        if not flag.startswith("-"):
            follow(run, " ".join(words[place:]))
            return UNKNOWN
        place += 2 if flag in _VALUED else 1
    if stdin is not None:
        follow(run, stdin)
    return UNKNOWN


def _full(parameter: str) -> str:
    """Finish an unfinished parameter: ``-Rec`` is ``-recurse``, ``-nop`` is ``-noprofile``."""
    low = _SHORT.get(parameter.lower(), parameter.lower())
    if not low.startswith("-") or len(low) < 3:
        return low
    return next((one for one in _SWITCHES if one.startswith(low)), low)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le").replace(UNKNOWN, "") or UNKNOWN
    except (binascii.Error, ValueError):
        return UNKNOWN


def follow(run: Runner, text: str) -> None:
    """Record what a PowerShell text does."""
    run.trace.step(1 + len(text) // 256)
    if UNKNOWN in text or len(text) > _LONGEST:
        run.trace.foreign()
        run.trace.miss("effect: what the PowerShell code does")
        text = text[:_LONGEST]
    for effect, pattern in _MARKS:
        if pattern.search(text):
            run.trace.effect(effect)
    for found in _URL.finditer(text):
        run.argv(["curl", found[0]])
    for command in _commands(text):
        cmdlet(run, command)
    if _OBSCURE.search(text):
        if "network" in run.trace.effects:
            run.trace.effect("remote_code")
        run.trace.miss("effect: what the PowerShell code does")


def _commands(text: str) -> list[list[str]]:
    """Cut a text into commands of words; an expression that is not a word is ``UNKNOWN``."""
    found: list[list[str]] = [[]]
    for piece in _TOKEN.findall(text):
        if piece in {";", "|", "{", "}", "(", ")", "\n"} or (piece == "&" and found[-1]):
            found.append([])
        elif piece in {"&", "."} and not found[-1]:
            continue
        else:
            found[-1].append(_value(piece))
    return [command for command in found if command][:200]


def _value(piece: str) -> str:
    if piece[0] == "'":
        return piece[1:-1].replace("''", "'")
    if piece[0] == '"':
        inner = re.sub(r"`(.)", r"\1", piece[1:-1])
        return UNKNOWN if "$" in inner else inner
    if piece[0] == "`":
        return piece[1:]
    return UNKNOWN if piece.startswith("$") and piece.lower() not in {"$true", "$false", "$null"} else piece


def cmdlet(run: Runner, words: list[str]) -> None:
    """Record what one command does."""
    name = words[0].lower().removesuffix(".exe")
    name = ALIASES.get(name) or _POSIX.get(name, name)
    flags = {_full(word) for word in words[1:] if word.startswith("-")}
    plain = [word for word in words[1:] if not word.startswith("-")]
    if "-whatif" in flags:
        return
    run.trace.effect(*EFFECTS.get(name, ()))
    if name == "remove-item":
        wanted = [short for flag, short in (("-recurse", "-r"), ("-force", "-f")) if flag in flags]
        run.argv(["rm", *wanted, *[word.replace("\\", "/") for word in plain]])
    elif name in {"get-content", "copy-item", "move-item", "select-string"}:
        for word in plain[:1] if name != "select-string" else plain[1:]:
            touch(run, word.replace("\\", "/"), "read")
    elif name in {"set-content", "add-content", "out-file", "new-item", "tee-object", "clear-content"}:
        for word in plain[:1]:
            touch(run, word.replace("\\", "/"), "write")
    elif name in {"invoke-webrequest", "invoke-restmethod"}:
        _request(run, words, flags)
    elif name == "start-process" and plain:
        run.argv([word.replace("\\", "/") for word in plain[:16]])
    elif name == "invoke-expression" and plain and UNKNOWN not in plain[0]:
        follow(run, plain[0])
    elif name in {"set-itemproperty", "new-itemproperty"} and any(map(_RUN_KEYS.search, plain)):
        run.trace.effect("persistence")
    elif name.startswith("remove-") and name not in EFFECTS and name not in _LOCAL:
        run.trace.effect("infrastructure_destroy" if name[7:9] in {"az", "ec", "s3", "gc"} else "service_change")
    elif (
        re.fullmatch(r"[\w./\\:-]+", words[0])
        and not CMDLET.fullmatch(words[0])
        and not words[0].startswith("-")
        and name not in _LANGUAGE
    ):
        run.argv([words[0].replace("\\", "/"), *[word.replace("\\", "/") for word in words[1:]]])


_LOCAL: Final = names(
    "remove-variable remove-module remove-alias remove-job remove-typedata remove-psdrive remove-psbreakpoint remove-event"
)
_LANGUAGE: Final = names(
    "if else elseif foreach for while do function return param try catch finally switch in write-output throw begin process end"
)


def _request(run: Runner, words: list[str], flags: set[str]) -> None:
    method = next((after for word, after in pairwise(words) if _full(word) == "-method"), "").upper()
    if method == "DELETE":
        run.trace.effect("delete", "service_change")
    if "-infile" in flags:
        run.trace.effect("exfiltration")
    for word, after in pairwise(words):
        if _full(word) == "-outfile":
            touch(run, after.replace("\\", "/"), "write")
