"""The file that a coding agent's settings name: ``python -I -S launch.py hook AGENT --policy FILE …``.

Rule 1: a program that is run is compiled anew each time, so there is next to nothing in here; what it loads is kept compiled.
Rule 2: whatever goes wrong in here is a refusal.
"""

import posix
import sys
from _frozen_importlib_external import SourceFileLoader

_UNABLE = "Referee could not start, so it refuses"
_REFUSAL = (
    '{"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": "'
    + _UNABLE
    + '"}, "decision": "deny", "reason": "'
    + _UNABLE
    + '", "permission": "deny", "permissionDecision": "deny", "cancel": true}\n'
)

try:
    name = "referee.adapters.hooks.client"
    program = {"__name__": name}
    exec(SourceFileLoader(name, __file__[:-9] + "client.py").get_code(name), program)  # type: ignore[arg-type]  # noqa: S102 - our own neighbour
    program["run"](sys.argv[1:], __file__)  # type: ignore[operator]  # a namespace holds anything
except BaseException:  # noqa: BLE001 - rule 2
    try:
        posix.write(2, (_UNABLE + "\n").encode())
        posix.write(1, _REFUSAL.encode())
    finally:
        posix._exit(2)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - the system's call
