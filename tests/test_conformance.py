"""The conformance cases of ``spec/conformance``, run by the engine and by the reference interpreter.

Rule 1: a case says what the language means; neither interpreter is asked what it would like the answer to be.
Rule 2: every file fits ``spec/case.schema.json``, so that another implementation can run it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

import changes
from referee.engine import modify
from referee.engine.evaluate import decide
from referee.engine.program import Program
from referee.language.compile import Source, check
from referee.model.decision import Decision
from referee.model.facts import (
    Clock,
    Fact,
    Facts,
    Failed,
    FileFacet,
    Finding,
    Grant,
    HttpFacet,
    Origins,
    Rewrite,
    ShellFacet,
    ToolFacet,
)
from referee.model.programs import Policies
from referee.model.request import Request
from referee.model.source import Attachment
from referee.model.sql import SqlFacet
from reference import decide as judge

SPEC = Path(__file__).parents[1] / "spec"
FILES = sorted((SPEC / "conformance").glob("*/*.yaml"))
SCHEMA = json.loads((SPEC / "case.schema.json").read_text())
SCANNERS = ("pii", "secret", "injection", "jailbreak", "exfiltration")
CONDITION = "default: allow\npolicies:\n  - id: rule\n    action: deny\n    message: no\n    when: {when}\n"

Run = Callable[[Policies, Request, Facts], Decision]


def loaded(path: Path) -> list[dict[str, Any]]:
    """Read the cases of a file; a case without policy uses the file's."""
    file = yaml.safe_load(path.read_text())
    shared = {key: file[key] for key in ("policy", "policies", "layers") if key in file}
    return [case if {"policy", "policies", "when"} & case.keys() else {**shared, **case} for case in file["cases"]]


CASES = [
    pytest.param(case, id=f"{path.parent.name}/{path.stem}/{case['name']}") for path in FILES for case in loaded(path)
]
DECIDED = [param for param in CASES if "diagnostics" not in param.values[0]]
DIAGNOSED = [param for param in CASES if "diagnostics" in param.values[0]]


# ── what a case is made of ───────────────────────────────────────────────────────────────────────────────────────────


def sources(case: dict[str, Any]) -> list[Source]:
    if "when" in case:
        return [Source("policy.yaml", CONDITION.format(when=case["when"]))]
    if "policies" in case:
        return [Source(file["path"], file["text"], file.get("layer", 0)) for file in case["policies"]]
    beside = {path: Attachment(path, text.encode()) for path, text in case.get("files", {}).items()}
    return [Source("policy.yaml", case["policy"], attached=beside)]


def policies_of(case: dict[str, Any]) -> Policies:
    checked = check(sources(case), case.get("layers", ("policy",)))
    assert checked.policies is not None, [f"{d.span} {d.code}: {d.message}" for d in checked.diagnostics]
    return checked.policies


def facts_of(case: dict[str, Any]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"http": None, "file": None, "shell": None, "sql": None, "tool": None, "grant": None}
    facts |= {f"scan.{scanner}": () for scanner in SCANNERS}
    given = {name: fact(name.removeprefix("again/"), value) for name, value in case.get("facts", {}).items()}
    facts |= {name: value for name, value in given.items() if not name.startswith("again/")}
    return {**facts, **{f"again/{name}": value for name, value in facts.items()}, **given}


def fact(name: str, value: Any) -> Fact:
    """Read a fact: its name says what it is."""
    if isinstance(value, dict) and value.keys() == {"failed"}:
        return Failed(value["failed"])
    if value is None:
        return None
    if name.startswith("scan."):
        return tuple(
            Finding(**{"scanner": name[5:], "start": at, "end": at + 1, **found}) for at, found in enumerate(value)
        )
    if name.startswith(("counter.", "limit.")):
        return Decimal(str(value))
    if name == "file":
        return tuple(msgspec.convert({"type": "file", "access": "read", **file}, FileFacet) for file in value)
    if name == "shell":
        commands = [{"type": "command", "words": words} for words in value.pop("commands", ())]
        return msgspec.convert({"type": "shell", "commands": commands, **value}, ShellFacet)
    if name == "sql":
        accesses = [{"type": "access", **access} for access in value.pop("accesses", ())]
        return msgspec.convert({"type": "sql", "accesses": accesses, **value}, SqlFacet)
    if name.startswith("rewrite."):
        return Rewrite(tuple(value["path"]), value["text"])
    if name == "http":
        host = value["host"]
        whole = {"url": f"https://{host}/", "scheme": "https", "domain": host, "port": 443, "path": "/"}
        return msgspec.convert({"type": "http", "method": "GET", "address": "name", **whole, **value}, HttpFacet)
    if name.startswith("labels."):
        pieces = [{"type": "piece", **piece} for piece in value.pop("pieces", ())]
        shaped = [{"type": "word", **word} for word in value.pop("shaped", ())]
        return msgspec.convert({"type": "origins", "pieces": pieces, "shaped": shaped, **value}, Origins)
    if name == "tool":
        return msgspec.convert({"type": "tool", **value}, ToolFacet)
    if name == "grant":
        return msgspec.convert({"type": "grant", **value}, Grant)
    return msgspec.convert({"type": "clock", **value}, Clock)


def request_of(case: dict[str, Any]) -> Request:
    return Request.from_dict(case["request"])


def fast(policies: Policies, request: Request, facts: Facts) -> Decision:
    return decide(Program.build(policies), request, facts)


def args_fast(request: Request, decision: Decision) -> Any:
    return modify.apply_changes(request.args, decision.modifications)


def args_slow(request: Request, decision: Decision) -> Any:
    return changes.applied(request.args, decision.modifications)


INTERPRETERS: dict[str, tuple[Run, Callable[[Request, Decision], Any]]] = {
    "engine": (fast, args_fast),
    "reference": (judge, args_slow),
}


# ── the tests ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_enough_cases():
    assert len(CASES) >= 250
    assert len({param.id for param in CASES}) == len(CASES)
    assert len(DIAGNOSED) >= 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_file_fits_the_schema(path: Path):
    jsonschema.validate(yaml.safe_load(path.read_text()), SCHEMA)


@pytest.mark.parametrize("interpreter", INTERPRETERS)
@pytest.mark.parametrize("case", DECIDED)
def test_case(case: dict[str, Any], interpreter: str):
    run, change = INTERPRETERS[interpreter]
    case = json.loads(json.dumps(case))
    request = request_of(case)
    decision = run(policies_of(case), request, facts_of(case))
    if "when" in case:
        assert truth_of(decision) == case["truth"], decision.errors
        return
    told: dict[str, Any] = decision.to_dict()
    told["errors"] = [error["id"] for error in told["errors"]]
    told["matched"] = sorted({match["id"] for match in told["matched"]})
    told["args"] = change(request, decision) if "args" in case["expect"] else None
    assert {name: told[name] for name in case["expect"]} == case["expect"]


def truth_of(decision: Decision) -> Any:
    """Read the truth of a condition off the deny rule that has it."""
    if decision.errors:
        assert decision.decision == "deny"
        return "error"
    assert decision.policy_ids == (("rule",) if decision.decision == "deny" else ())
    return decision.decision == "deny"


@pytest.mark.parametrize("case", DIAGNOSED)
def test_diagnostics(case: dict[str, Any]):
    found = check(sources(case), case.get("layers", ("policy",)))
    errors = [d for d in found.diagnostics if d.level == "error"]
    several = "policies" in case or "files" in case
    told = [
        {"code": d.code, "line": d.span.line, "column": d.span.column, **({"path": d.span.path} if several else {})}
        for d in errors
    ]
    assert told == case["diagnostics"], [d.message for d in errors]
    assert (found.policies is None) == bool(case["diagnostics"])
