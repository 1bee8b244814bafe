"""Log records without personal data and secrets: a filter for the handlers of ``logging``.

Rule 1: a record that cannot be looked through is withheld, never let through as it is, and nothing is raised into the program.
Rule 2: everything of a record that a formatter may write is looked through: message, arguments, exception, stack and extra fields.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from referee.enforce.plain import plain
from referee.engine.redaction import BOTH, LEAST_SCORE
from referee.model.facts import Finding
from referee.model.names import STYLES, Style
from referee.model.value import strings
from referee.scanners.builtin import builtin
from referee.scanners.protocol import Scanner, scan_strings
from referee.scanners.redact import Marked, redact_marked
from referee.scanners.styles import Writer

WITHHELD: Final = "[WITHHELD: this record could not be looked through]"
_ROOT: Final = "log"
_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_SIMPLE: Final = (int, float, bool, type(None))


class RedactingFilter(logging.Filter):
    """A filter that takes personal data and secrets out of records. Put it on handlers: a logger's filter sees its own records only.

    ``scanners`` are names of built-in scanners, or scanners; ``kinds`` limits what is removed (none: everything they find).
    ``key`` keys the styles ``hash`` and ``pseudonym``.

    >>> record = logging.makeLogRecord({"msg": "mail from %s", "args": ("ada@acme.io",)})
    >>> RedactingFilter().filter(record), record.getMessage()
    (True, 'mail from [REDACTED:email]')
    """

    def __init__(
        self,
        *,
        scanners: Iterable[str | Scanner] = BOTH,
        kinds: Iterable[str] = (),
        style: Style = "placeholder",
        key: bytes = b"",
    ) -> None:
        super().__init__()
        known = builtin()
        self._scanners = [known[one] if isinstance(one, str) else one for one in scanners]
        self._kinds = frozenset((kinds,) if isinstance(kinds, str) else kinds)
        if style not in STYLES:
            raise ValueError(f"there is no style `{style}`")
        self._style: Style = style
        self._writer = Writer(key)

    def filter(self, record: logging.LogRecord) -> bool:
        """Take out of a record what was found in it; the record always goes on."""
        try:
            self._look_through(record)
        except Exception:  # noqa: BLE001 - rule 1: a record may hold any object
            _withhold(record)
        return True

    def _look_through(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        message = self._without(said)
        args = record.args
        if message != said or self._changes(args):
            record.msg, record.args = message, None
        elif not isinstance(record.msg, str):
            record.msg = said
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)  # type: ignore[arg-type, unused-ignore]
        record.exc_info = None
        for name in ("exc_text", "stack_info"):
            text = getattr(record, name)
            if text:
                setattr(record, name, self._without(text))
        for name in [name for name in record.__dict__ if name not in _OWN]:
            value = record.__dict__.pop(name)
            record.__dict__[self._without(name)] = self._of(value)

    def _changes(self, args: Any) -> bool:
        """Tell whether something was found in the arguments, which a formatter of structured logs may write by themselves."""
        if not args:
            return False
        seen = plain(args)
        return bool(self._of(seen) != seen)

    def _of(self, value: Any) -> Any:
        """Return a value without what was found in it; one that is no plain value comes back as it is seen."""
        if type(value) in _SIMPLE and not self._marked(value):
            return value
        seen = plain(value)
        changed, done = redact_marked(seen, self._marked(seen), self._writer, _ROOT)
        return changed if done or not isinstance(value, (str, list, tuple, dict)) else value

    def _without(self, text: str) -> str:
        changed, _ = redact_marked(text, self._marked(text), self._writer, _ROOT)
        return str(changed)

    def _marked(self, value: Any) -> list[Marked]:
        texts = list(strings(value, _ROOT, others=True))
        return [
            Marked(finding, self._style)
            for scanner in self._scanners
            for finding in scan_strings(scanner, texts)
            if finding.score >= LEAST_SCORE and self._wants(finding)
        ]

    def _wants(self, finding: Finding) -> bool:
        return not self._kinds or finding.kind in self._kinds


_FORMATTER: Final = logging.Formatter()


def _withhold(record: logging.LogRecord) -> None:
    """Leave of a record only who wrote it, and when."""
    record.msg, record.args = WITHHELD, None
    record.exc_info = record.exc_text = record.stack_info = None
    fields: Mapping[str, Any] = record.__dict__
    for name in [name for name in fields if name not in _OWN]:
        del record.__dict__[name]
