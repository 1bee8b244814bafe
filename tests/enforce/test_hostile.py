"""Callers that pass in anything: the answer is a refusal, and the journal goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from referee import Policy, Request
from referee.audit.chain import Head
from referee.audit.journal import verify
from referee.enforce.compiled import read_cache, write_cache
from referee.errors import Denied, InvalidRequest
from referee.model.request import Agent

ALLOW = "default: allow\npolicies:\n  - {id: a, when: {args.x: never}, action: deny}\n"


class _Text(str):
    __slots__ = ()

    def __hash__(self) -> int:
        raise RuntimeError


class _Mapping(dict[str, Any]):
    def items(self) -> Any:
        raise RuntimeError


@pytest.mark.parametrize("field", ["agent", "id", "team", "tags", "labels", "context", "environment"])
def test_who_acts_is_told_in_names(field: str) -> None:
    who: dict[str, Any] = {field: object()}
    with pytest.raises(InvalidRequest):
        Policy.load(ALLOW).session(**who)


def test_a_request_that_was_made_directly_is_looked_at_and_the_journal_goes_on(tmp_path: Path) -> None:
    policy = Policy.load(ALLOW, journal=tmp_path / "j")
    session = policy.session()
    bad: Any = {"x"}
    assert session.decide(Request(tool="t", agent=Agent(id=bad))).verdict == "deny"
    assert session.decide(Request(tool="t", id=bad)).verdict == "deny"
    with pytest.raises(Denied):
        session.check_tool("t", call_id=bad)
    with pytest.raises(Denied):
        session.check_tool(_Text("t"))
    session.check_tool("t")
    session.close()
    assert verify(tmp_path / "j") == Head(5, verify(tmp_path / "j").hash)  # type: ignore[union-attr]


def test_an_argument_or_result_that_cannot_be_looked_into_is_refused() -> None:
    session = Policy.load(ALLOW).session()

    @session.guard
    def run(given: Any = None) -> Any:
        return _Mapping(a=1) if given is None else given

    with pytest.raises(Denied):
        run(_Mapping(a=1))
    with pytest.raises(Denied):
        run()


@pytest.mark.parametrize("call", ["meter", "release"])
def test_a_call_is_named_by_its_outcome_or_its_id(call: str) -> None:
    session: Any = Policy.load(ALLOW).session()
    with pytest.raises(InvalidRequest):
        getattr(session, call)({"x"})


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Policy.load(ALLOW, cache=tmp_path / "file" / "cache").program.rules


def test_a_cache_is_private_and_refused_when_it_is_damaged(tmp_path: Path) -> None:
    program = Policy.load(ALLOW).program
    path = tmp_path / "cache"
    write_cache(path, "k", program, ())
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_cache(path, "k") is not None
    assert read_cache(path, "other") is None
    path.write_bytes(path.read_bytes().replace(b"never", b"nevel"))
    assert read_cache(path, "k") is None


def test_a_pipe_in_place_of_a_cache_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cache")
    assert read_cache(tmp_path / "cache", "k") is None
