"""What a hook remembers survives its process, is never spent twice, and never forgets because it broke."""

from __future__ import annotations

import multiprocessing
import time
from decimal import Decimal
from pathlib import Path

import pytest

from referee.adapters.hooks.memory import MONTH, Memory, remembered
from referee.errors import StateError
from referee.state.protocol import Account, Posting

RUN = Account("limit.f/spend", "s1", "run", run="s1")
SLIDING = Account("limit.f/rate", "a", "60s")
DAY = Account("limit.f/daily", "", "day", "Europe/Rome")


class Hands:
    def __init__(self, wall: float = 1_800_000_000.0, monotonic: float = 1000.0) -> None:
        self.wall = wall
        self.monotonic = monotonic

    def memory(self, boot: str = "b1") -> Memory:
        return Memory(lambda: self.wall, lambda: self.monotonic, boot)


def test_accounts_survive(tmp_path: Path) -> None:
    hands, path = Hands(), tmp_path / "state" / "hook.json"
    with remembered(path, hands.memory()) as memory:
        receipt = memory.apply([Posting(RUN, Decimal("0.10")), Posting(SLIDING, 1), Posting(DAY, 2)])
        assert receipt is not None
        memory.settle(receipt, [Decimal("0.30"), 1, 2])
    with remembered(path, hands.memory()) as memory:
        assert memory.read([RUN, SLIDING, DAY]) == (Decimal("0.30"), 1, 2)
        assert memory.apply([Posting(RUN, Decimal("0.71"), cap=Decimal(1))]) is None
        assert memory.apply([Posting(SLIDING, 1, below=1), Posting(RUN, 5)]) is None
        assert memory.read([RUN]) == (Decimal("0.30"),)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_sliding_windows_slide_between_processes_and_start_over_after_a_restart(tmp_path: Path) -> None:
    hands, path = Hands(), tmp_path / "hook.json"
    with remembered(path, hands.memory()) as memory:
        memory.apply([Posting(SLIDING, 1)])
    hands.monotonic += 59
    with remembered(path, hands.memory()) as memory:
        assert memory.read([SLIDING]) == (1,)
    hands.monotonic += 2
    with remembered(path, hands.memory()) as memory:
        assert memory.read([SLIDING]) == (0,)
        memory.apply([Posting(SLIDING, 1)])
    restarted = Hands(hands.wall, 5.0)
    with remembered(path, restarted.memory("b2")) as memory:
        restarted.monotonic += 59
        assert memory.read([SLIDING]) == (1,)


def test_an_exception_keeps_nothing(tmp_path: Path) -> None:
    hands, path = Hands(), tmp_path / "hook.json"
    held = remembered(path, hands.memory())
    held.__enter__().apply([Posting(RUN, 1)])
    problem = ZeroDivisionError()
    assert not held.__exit__(type(problem), problem, None)
    with remembered(path, hands.memory()) as memory:
        assert memory.read([RUN]) == (0,)


def test_sessions_are_remembered_for_a_month(tmp_path: Path) -> None:
    hands, path = Hands(), tmp_path / "hook.json"
    with remembered(path, hands.memory()) as memory:
        memory.session("s1").ended = "enough"
        memory.apply([Posting(RUN, 1), Posting(DAY, 1)])
    hands.wall += MONTH / 2
    with remembered(path, hands.memory()) as memory:
        assert memory.sessions["s1"].ended == "enough"
    hands.wall += MONTH
    with remembered(path, hands.memory()) as memory:
        memory.session("s2")
    with remembered(path, hands.memory()) as memory:
        assert set(memory.sessions) == {"s2"}
        assert memory.read([RUN]) == (0,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"boot": 1}',
        '{"boot": "b", "key": "xyz"}',
        '{"boot": "b", "key": "00", "extra": 1}',
        '{"boot": "b", "key": "00", "accounts": [[["a", "", "never", "UTC", ""], [[0, "1"]]]]}',
        '{"boot": "b", "key": "00", "accounts": [[["a", "", "run", "UTC", ""], [[0, "NaN"]]]]}',
        '{"boot": "b", "key": "00", "accounts": [[["a", "", "run", "UTC", ""], [[0, "many"]]]]}',
    ],
)
def test_a_damaged_file_is_an_error_and_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hook.json"
    path.write_text(text)
    with pytest.raises(StateError, match="damaged"), remembered(path, Hands().memory()):
        pytest.fail("a damaged memory was used")
    assert path.read_text() == text


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError), remembered(tmp_path / "file" / "hook.json", Hands().memory()):
        pytest.fail("there is no such place")
    (tmp_path / "hook.json").mkdir()
    with pytest.raises(StateError), remembered(tmp_path / "hook.json", Hands().memory()):
        pytest.fail("a folder is not a file")


def _spend(path: Path) -> None:
    for _ in range(10):
        with remembered(path, Memory(time.time, time.monotonic, "b")) as memory:
            memory.apply([Posting(RUN, 1, cap=25)])


def test_processes_never_spend_the_same_twice(tmp_path: Path) -> None:
    path = tmp_path / "hook.json"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_spend, args=(path,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with remembered(path, Memory(time.time, time.monotonic, "b")) as memory:
        assert memory.read([RUN]) == (25,)
