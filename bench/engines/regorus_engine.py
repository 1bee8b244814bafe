"""Rego through regorus: one engine, its input set for each call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from regorus import Engine

from bench.engines.rego import module
from bench.timing import Decide, Read
from bench.workload import Rule


def build(rules: Sequence[Rule]) -> tuple[Decide, Read]:
    engine = Engine()
    engine.set_policy_length_config(max_col=1_000, max_file_bytes=1 << 30, max_lines=1 << 24)
    engine.add_policy("bench.rego", module(rules))

    def ask(tool: str, args: dict[str, Any]) -> Any:
        engine.set_input_json(json.dumps({"tool": tool, "args": args}))
        return engine.eval_rule("data.bench.deny")

    return ask, lambda denied: ",".join(sorted(denied)) or None
