"""What an agent is about to do, or has done: the first argument of a decision.

Rule 1: a request is data from outside. It is checked once, here, and is frozen after that.
Rule 2: the text of a request shows nothing that is in it: it ends up in logs and tracebacks.
Rule 3: money is a ``Decimal`` that is finite and not negative; a request that says otherwise does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from referee.errors import InvalidRequest
from referee.model.names import Kind, Phase

ABSENT: Final = msgspec.UNSET


class Agent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who acts."""

    id: str | None = None
    tags: tuple[str, ...] = ()
    team: str | None = None
    role: str | None = None
    owner: str | None = None
    parent: str | None = None


class User(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """For whom the agent acts."""

    id: str | None = None
    roles: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The session in which the agent acts, and the labels it carries."""

    id: str | None = None
    labels: tuple[str, ...] = ()


class Resource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is acted on."""

    type: str | None = None
    path: str | None = None
    classification: str | None = None
    owner: str | None = None
    region: str | None = None


class Tokens(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How many tokens a model call takes in and gives out."""

    input: int | None = None
    output: int | None = None


class Approval(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the caller knows of an approval: ``state`` is ``pending``, ``approved`` or ``rejected``."""

    state: str | None = None


_NOBODY = Agent()
_NO_USER = User()
_NO_RUN = Run()
_NO_RESOURCE = Resource()
_NO_TOKENS = Tokens()
_NO_APPROVAL = Approval()


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """One action at one moment: before it happens (``pre``), while it streams (``mid``) or after it (``post``).

    ``result`` is ``ABSENT`` unless there is one; ``id`` names the call, so that its phases belong together.

    >>> Request.tool_call("refund", amount=700).args
    {'amount': 700}
    """

    kind: Kind = "tool_call"
    tool: str | None = None
    args: dict[str, Any] = {}
    agent: Agent = _NOBODY
    environment: str | None = None
    session: Run = _NO_RUN
    user: User = _NO_USER
    phase: Phase = "pre"
    cost: Decimal | None = None
    id: str | None = None
    url: str | None = None
    method: str | None = None
    model: str | None = None
    provider: str | None = None
    tokens: Tokens = _NO_TOKENS
    text: str | None = None
    result: Any = ABSENT
    resource: Resource = _NO_RESOURCE
    confidence: float | None = None
    signals: dict[str, Any] = {}
    permissions: tuple[str, ...] = ()
    approval: Approval = _NO_APPROVAL
    context: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<Request {self.kind} {self.phase}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("kind", self.kind), ("phase", self.phase)]

    @classmethod
    def tool_call(cls, tool: str, args: Mapping[str, Any] | None = None, /, **more: Any) -> Request:
        """Make the request of a tool call from its arguments, as a mapping or by name.

        Raises:
            InvalidRequest: the name is not a non-empty string or the arguments are not a mapping of names.
        """
        if not tool or not isinstance(tool, str):
            raise InvalidRequest("a tool call needs the name of its tool")
        if args.__class__ is dict and not more:
            return cls("tool_call", tool, args)  # type: ignore[arg-type, unused-ignore]
        if args is None:
            return cls("tool_call", tool, more)
        if not isinstance(args, Mapping):
            raise InvalidRequest("the arguments of a tool call must be a mapping")
        return cls("tool_call", tool, {**args, **more})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Request:
        """Read the JSON form: only ``tool`` (or ``url``, ``model``, ``text``) is required, ``kind`` follows from it.

        Raises:
            InvalidRequest: a key is unknown, a value has the wrong type, or nothing says what is attempted.

        >>> Request.from_dict({"url": "https://example.com/"}).kind
        'http_request'
        """
        if not isinstance(data, Mapping):
            raise InvalidRequest("a request must be a mapping")
        unknown = sorted(str(key) for key in data if key not in _FIELDS)
        if unknown:
            raise InvalidRequest(f"unknown key in the request: {', '.join(map(_told, unknown[:5]))}")
        fields = dict(data)
        if "kind" not in fields:
            fields["kind"] = _kind(fields)
        if fields.get("cost") is not None:
            fields["cost"] = money(fields["cost"])
        result = fields.pop("result", ABSENT)
        try:
            request = msgspec.convert(fields, cls)
        except msgspec.ValidationError as problem:
            raise InvalidRequest(f"the request does not fit: {_tell(problem)}") from None
        _check(request)
        return request if result is ABSENT else msgspec.structs.replace(request, result=result)

    @classmethod
    def from_json(cls, text: bytes | str) -> Request:
        """Read the JSON form from text. Numbers with a fraction become ``Decimal``.

        Raises:
            InvalidRequest: the text is not JSON, or not a request.
        """
        try:
            data = _JSON.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise InvalidRequest("the request is not valid JSON") from None
        return cls.from_dict(data)


_JSON: Final = msgspec.json.Decoder(float_hook=Decimal)
_FIELDS: Final = frozenset(Request.__struct_fields__)
_TOKENS: Final = 1 << 63
_WORD: Final = re.compile("[A-Za-z]{1,20}(?:_[A-Za-z]{1,20}){0,3}[0-9]{0,2}")
_DEFINING: Final = {"tool_call": "tool", "http_request": "url", "model_call": "model", "message": "text"}


def _kind(fields: Mapping[str, Any]) -> str:
    for kind, field in _DEFINING.items():
        if fields.get(field) is not None:
            return kind
    raise InvalidRequest("a request needs one of `tool`, `url`, `model` or `text`")


def _told(key: str) -> str:
    """Name a key, if it is a word; anything else may be a value."""
    return f"`{key}`" if _WORD.fullmatch(key) else "one that is no word"


def _check(request: Request) -> None:
    field = _DEFINING[request.kind]
    if request.kind != "message" and not getattr(request, field):
        raise InvalidRequest(f"a request of kind `{request.kind}` needs `{field}`")
    for name in ("input", "output"):
        count = getattr(request.tokens, name)
        if count is not None and not 0 <= count < _TOKENS:
            raise InvalidRequest(f"`tokens.{name}` must be a number of tokens")
    if request.confidence is not None and not 0 <= request.confidence <= 1:
        raise InvalidRequest("`confidence` must be between 0 and 1")


def _tell(problem: msgspec.ValidationError) -> str:
    """Keep the place of a validation problem and leave out everything that could quote a value."""
    text = str(problem)
    place = text.rsplit(" - at `", 1)[1].rstrip("`") if " - at `" in text else "$"
    place = place if re.fullmatch(r"[$.`\[\]0-9a-z_ ]{1,80}", place) else "$"
    return f"{'unknown key' if 'unknown field' in text else 'wrong type'} at `{place}`"


def money(value: Any) -> Decimal:
    """Read an amount of money exactly: an integer, a decimal, a float by its shortest form, or text such as ``$0.02``.

    Raises:
        InvalidRequest: it is not a number, not finite, negative, or has more than 40 digits.

    >>> money(0.1) + money("$0.20")
    Decimal('0.30')
    """
    if isinstance(value, str):
        value = value.strip().removeprefix("$").replace(",", "")
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        raise InvalidRequest("a cost must be a number") from None
    if not amount.is_finite():
        raise InvalidRequest("a cost must be a finite number")
    if amount < 0:
        raise InvalidRequest("a cost must not be negative")
    if len(amount.as_tuple().digits) > 40 or abs(amount.adjusted()) > 40:
        raise InvalidRequest("a cost must have at most 40 digits")
    return amount
