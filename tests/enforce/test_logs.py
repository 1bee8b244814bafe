"""What is logged holds no personal datum and no secret, wherever in the record it stood."""

from __future__ import annotations

import io
import logging
import subprocess
import sys

import pytest

import referee
from referee.enforce.logs import WITHHELD, RedactingFilter
from referee.model.packs import body

KEY = "ghp_" + body(36)
MAIL = "jane.stone@example.org"


class Every(logging.Formatter):
    """Writes all of a record, as formatters of structured logs do."""

    def format(self, record):
        return super().format(record) + repr(sorted(record.__dict__.items(), key=lambda item: item[0]))


@pytest.fixture
def log():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Every())
    handler.addFilter(RedactingFilter())
    logger = logging.Logger("test")  # noqa: LOG001 - one of its own
    logger.addHandler(handler)
    return logger, out


class Shown:
    def __repr__(self):
        return f"<Shown {MAIL}>"


class Broken:
    def __str__(self):
        raise RuntimeError(KEY)

    __repr__ = __str__


@pytest.mark.parametrize(
    "write",
    [
        lambda log: log.error("key %s", KEY),
        lambda log: log.error("key %(key)s", {"key": KEY}),
        lambda log: log.error(f"key {KEY} of {MAIL}"),  # noqa: G004 - as programs do it
        lambda log: log.error("shown %s", Shown()),
        lambda log: log.error(Shown()),
        lambda log: log.error("no use", extra={"request": {"headers": [f"Bearer {KEY}"], "to": (MAIL,)}}),
        lambda log: log.error("no use", extra={"who": Shown(), "n": 4111111111111111, MAIL: 1}),
        lambda log: log.error("%.3s", KEY),
        lambda log: log.error("bytes %s", KEY.encode()),
        lambda log: log.error("wrong %s %s", KEY),  # noqa: PLE1206 - it happens
        lambda log: log.error("broken %s %s", Broken(), KEY, extra={"more": MAIL}),
        lambda log: log.error("stack %s", MAIL, stack_info=True),
    ],
)
def test_nothing_of_it_is_written(log, write):
    logger, out = log
    write(logger)
    assert out.getvalue()
    for raw in (KEY, MAIL, "4111111111111111"):
        assert raw not in out.getvalue()


def test_exceptions_are_looked_through(log):
    logger, out = log
    try:
        try:
            {}[KEY]
        except KeyError:
            raise ValueError(f"cannot reach {MAIL}") from None
    except ValueError:
        logger.exception("failed")
    assert "ValueError: cannot reach [REDACTED:email]" in out.getvalue()
    assert MAIL not in out.getvalue()
    assert KEY not in out.getvalue()


def test_what_holds_nothing_is_written_as_it_is(log):
    logger, out = log
    marker = ("a", {"b": 1})
    logger.error("took %.2f s for %d of %s", 1.234, 5, "x", extra={"marker": marker, "n": 7})
    assert out.getvalue().startswith("took 1.23 s for 5 of x")
    record = logging.makeLogRecord({"msg": "took %d", "args": (5,), "marker": marker})
    RedactingFilter().filter(record)
    assert record.args == (5,)
    assert record.marker is marker


def test_a_record_that_cannot_be_looked_through_is_withheld():
    class Failing:
        name = "mine"

        def scan(self, text):
            raise ValueError(text)

    record = logging.makeLogRecord({"msg": "key %s", "args": (KEY,), "more": MAIL, "exc_text": KEY})
    assert RedactingFilter(scanners=[Failing()]).filter(record)
    assert record.getMessage() == WITHHELD
    assert KEY not in repr(record.__dict__)
    assert MAIL not in repr(record.__dict__)


def test_kinds_styles_and_scanners_can_be_chosen():
    record = logging.makeLogRecord({"msg": f"{MAIL} {KEY} 4111 1111 1111 1111"})
    RedactingFilter(kinds=["email", "credit_card"], style="last_four").filter(record)
    assert KEY in record.getMessage()
    assert record.getMessage().endswith("************1111")
    assert MAIL not in record.getMessage()
    first, second = (logging.makeLogRecord({"msg": MAIL}) for _ in range(2))
    keyed = RedactingFilter(scanners=["pii"], kinds="email", style="hash", key=b"0123456789abcdef")
    keyed.filter(first)
    keyed.filter(second)
    assert first.getMessage() == second.getMessage() != MAIL
    with pytest.raises(ValueError, match="no style"):
        RedactingFilter(style="rot13")
    with pytest.raises(KeyError):
        RedactingFilter(scanners=["nothing"])


def test_it_stands_at_the_front_door_and_costs_nothing_until_it_is_used():
    assert referee.RedactingFilter is RedactingFilter
    code = "import referee, sys; assert 'logging' not in sys.modules; referee.RedactingFilter()"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
