"""Names for the content of actions: equal actions have equal digests, and nothing can be read from one.

Rule 1: a digest is keyed by this process; it is compared, never published as a name for a value.
Rule 2: what cannot be written as JSON is named by its type and text; what cannot be written at all has no digest.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, Final

import msgspec

from referee.errors import InvalidRequest
from referee.model.request import ABSENT, Request

_KEY: Final = os.urandom(32)


def _name(value: Any) -> Any:
    return [type(value).__qualname__, str(value)]


_ENCODER: Final = msgspec.json.Encoder(enc_hook=_name, order="deterministic", decimal_format="string")


def digest_of(content: Any) -> str:
    """Name a content.

    Raises:
        InvalidRequest: it cannot be written down: it is too deep, refers to itself, or its keys are not names.
    """
    try:
        data = _ENCODER.encode(content)
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise InvalidRequest("the arguments cannot be written down") from None
    return hashlib.blake2b(data, key=_KEY, digest_size=16).hexdigest()


def call_digest(request: Request) -> str:
    """Name a tool call by tool and arguments alone."""
    return digest_of((request.tool, request.args))


def action_digest(request: Request) -> str:
    """Name an action by everything that a human who approves it relies on; the id of the call is not part of it."""
    result = None if request.result is ABSENT else (request.result,)
    content = tuple(getattr(request, name) for name in _FIELDS)
    return digest_of((content, request.agent.id, request.user.id, request.session.id, result))


_FIELDS: Final = (
    "kind", "phase", "tool", "args", "environment", "cost", "url", "method", "model", "provider", "tokens", "text",
    "resource",
)  # fmt: skip
