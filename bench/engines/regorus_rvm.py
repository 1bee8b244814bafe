"""Rego through regorus' own virtual machine: compiled to a program once, its input set for each call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from regorus import Program, Rvm

from bench.engines.rego import module
from bench.timing import Decide, Read
from bench.workload import Rule


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    machine = Rvm()
    machine.load_program(Program.compile_from_modules("{}", [("bench.rego", module(rules))], ["data.bench.deny"]))

    def ask(tool: str, args: dict[str, Any]) -> str:
        machine.set_input_json(json.dumps({"tool": tool, "args": args}))
        return machine.execute()

    return ask, lambda denied: ",".join(json.loads(denied)) or None
