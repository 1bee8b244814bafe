"""Whether what a program passed in is what its type says; a struct that is made directly checks nothing.

Rule 1: only exact types pass: a text of a class of its own could compare, hash or show itself as it likes.
"""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

from referee.errors import InvalidRequest
from referee.model.names import KINDS, PHASES
from referee.model.request import Request

_TEXT: Final = frozenset({str, type(None)})
_NUMBER: Final = frozenset({int, type(None)})
_TEXTS: Final = attrgetter(
    "kind", "phase", "tool", "environment", "id", "url", "method", "model", "provider", "text", "approval.state",
    "agent.id", "agent.team", "agent.role", "agent.owner", "agent.parent", "user.id", "session.id",
    "resource.type", "resource.path", "resource.classification", "resource.owner", "resource.region",
)  # fmt: skip
_LISTS: Final = attrgetter("agent.tags", "user.roles", "session.labels", "permissions")


def text(value: Any) -> str | None:
    """Return a text as plain text, or ``None``.

    Raises:
        InvalidRequest: it is something else.
    """
    kind = type(value)
    if kind in _TEXT:
        return value  # type: ignore[no-any-return]
    if issubclass(kind, str):
        return str.__str__(value)
    raise InvalidRequest("a name or an address must be text")


def texts(values: Any) -> tuple[str, ...]:
    """Return several texts as plain texts; one text alone is one.

    Raises:
        InvalidRequest: they are something else.
    """
    found = tuple(map(text, (values,) if issubclass(type(values), str) else values))
    if None in found:
        raise InvalidRequest("a name or an address must be text")
    return found  # type: ignore[return-value]


def sound(request: Request) -> Request:
    """Return a request that was made directly, if every field is what it should be.

    Raises:
        InvalidRequest: one is not.
    """
    try:
        tokens = (request.tokens.input, request.tokens.output)
        lists = _LISTS(request)
        fits = (
            _TEXT.issuperset(map(type, _TEXTS(request)))
            and request.kind in KINDS
            and request.phase in PHASES
            and all(type(one) is tuple and all(type(member) is str for member in one) for one in lists)
            and all(type(one) is dict for one in (request.args, request.context, request.signals))
            and _NUMBER.issuperset(map(type, tokens))
            and all(count is None or count >= 0 for count in tokens)
            and _is_money(request.cost)
            and (request.confidence is None or type(request.confidence) in (int, float))
        )
    except Exception:  # noqa: BLE001 - whatever stands where a struct should be
        fits = False
    if not fits:
        raise InvalidRequest("a field of the request is not of the type it should be")
    return request


def _is_money(cost: Any) -> bool:
    return cost is None or (type(cost) is Decimal and cost.is_finite() and cost >= 0)
