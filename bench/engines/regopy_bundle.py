"""Rego through regopy (rego-cpp): a bundle built once, its input set for each call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from regopy import Interpreter, Output

from bench.engines.rego import module
from bench.timing import Decide, Read
from bench.workload import Rule


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    rego = Interpreter()
    rego.add_module("bench.rego", module(rules))
    bundle = rego.build("x=data.bench.deny", ["bench/deny"])

    def ask(tool: str, args: dict[str, Any]) -> Output:
        rego.set_input({"tool": tool, "args": args})
        return rego.query_bundle(bundle)

    def read(output: Output) -> str | None:
        return ",".join(json.loads(output.binding("x").json())) or None

    return ask, read
