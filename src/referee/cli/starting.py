"""The tests of a template as a file of tests, from the cases that come with it.

Rule 1: a secret is not written out; where a case has one, the scanner's finding is given instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from referee import templates

_SECRET: Final = "{{github_token}}"  # noqa: S105 - the place of one
_PLACE: Final = "cwd: /home/dev/project\nhome: /home/dev\nworkspace: /home/dev/project\n"


def suite_text(template: str, policy: str) -> str:
    """Write the tests of a template; ``policy`` is the name of the policy file beside it."""
    lines = templates.path(template).with_suffix(".cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    head = f"# The tests of the template `{template}`: when each rule speaks and when it does not. Run: referee test\n"
    return "\n".join((f"{head}policy: {_json(policy)}\n{_PLACE}\ntests:", *_tests(cases), ""))


def _tests(cases: list[dict[str, Any]]) -> Iterator[str]:
    numbers: dict[tuple[str, bool], int] = {}
    for case in cases:
        key = case["rule"], case["fires"]
        numbers[key] = numbers.get(key, 0) + 1
        name = f"{case['rule']} {'speaks' if case['fires'] else 'is silent'} {numbers[key]}"
        expect = {"decision": case["decision"], "matched" if case["fires"] else "not_matched": [case["rule"]]}
        yield f"  - name: {_json(name)}"
        if "requests" in case:
            yield "    steps:"
            *before, last = case["requests"]
            yield from (f"      - {_json({'request': request})}" for request in before)
            yield f"      - {_json({'request': last, **_found(last), 'expect': expect})}"
            continue
        yield f"    request: {_json(case['request'])}"
        if "repeat" in case:
            yield f"    times: {case['repeat']}"
        if found := _found(case["request"]):
            yield f"    facts: {_json(found['facts'])}"
        yield f"    expect: {_json(expect)}"


def _found(request: dict[str, Any]) -> dict[str, Any]:
    """Say what the scanner of secrets finds in a request, as a fact of a step."""
    paths = [path for root in ("args", "result", "text") if root in request for path in _places(request[root], root)]
    return {"facts": {"scan.secret": [{"kind": "github_token", "path": path} for path in paths]}} if paths else {}


def _places(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and _SECRET in value:
        yield path
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _places(member, f"{path}.{key}")
    elif isinstance(value, list):
        for at, member in enumerate(value):
            yield from _places(member, f"{path}[{at}]")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
