"""Every code a diagnostic can have: what it says, and a text that has the problem.

Rule 1: a code never changes its meaning. A test compiles every example and finds its code.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Code(msgspec.Struct, frozen=True):
    """One code: what it says in a sentence, and an example."""

    doc: str
    example: str


def _rule(when: str, action: str = "deny") -> str:
    return f"policies:\n  - id: example\n    when: {when}\n    action: {action}\n    message: no\n"


CODES: Final[dict[str, Code]] = {
    "syntax": Code("The text is not YAML.", "policies: [\n"),
    "encoding": Code("A byte or character is not allowed in a text file.", "id: \x07\n"),
    "too-large": Code("A file or a text in it is larger than the language allows.", f"description: {'a' * 10_001}\n"),
    "too-deep": Code("Lists, mappings or conditions are nested too deeply.", "id: " + "[" * 65 + "]" * 65),
    "too-many-aliases": Code("Aliases repeat too much, or an alias stands inside of what it names.", "lists: &a\n  x: [*a]\n"),
    "duplicate-key": Code("A key stands twice in a mapping.", "id: a\nid: b\n"),
    "unknown-key": Code("A key is not part of the language.", "polices: []\n"),
    "unknown-attribute": Code("An attribute, or an argument of a declared tool, does not exist.", _rule("{agnet.id: a}")),
    "unknown-operator": Code("An operator does not exist.", _rule("{args.amount: {greater: 5}}")),
    "unknown-action": Code("An action does not exist, or cannot be taken here.", _rule("{tool: a}", "denny")),
    "unknown-scanner": Code("A scanner does not exist.", "rules:\n  - {name: a, scanner: pii_detector, action: block}\n"),
    "unknown-kind": Code("A scanner knows no such kind of finding.", _rule("{args.a: {contains_pii: [emial]}}")),
    "unknown-value": Code("A word is not one of the few that can stand here.", "mode: watch\n"),
    "unknown-tool": Code("A tool that a rule names is not in a catalog that lists them all.",
                         "catalog: {closed: true, refund: {args: {amount: number}}}\n" + _rule("{tool: refnud}")),
    "missing-file": Code("A file that a policy names cannot be read.", "catalog: {from: tools.json}\n"),
    "unknown-name": Code("A list or group that is referred to does not exist.", _rule("{tool: $dangerous}")),
    "unknown-label": Code("A condition asks for a label that no rule puts on values.", _rule("{args.a: {never_from: untrsted}}")),
    "wrong-type": Code("A value has another type than its key needs.", "block_pii: yes\n"),
    "operand-type": Code("An operator does not work on this attribute or with this operand.", _rule("{cost: {gt: much}}")),
    "missing-key": Code("A key that is needed is not there.", "policies:\n  - {id: example}\n"),
    "duplicate-id": Code("Two rules of a file, or two files, have the same id.",
                         "policies:\n  - {id: a, action: log}\n  - {id: a, action: log}\n"),
    "conflicting-keys": Code("Two keys cannot stand together.", _rule("{tool: a}", "deny\n    quorum: 2")),
    "empty": Code("Something that needs content has none.", _rule("{}")),
    "bad-regex": Code("A regular expression does not parse, or needs what RE2 does not have.", _rule("{args.a: {regex: '(?=a)'}}")),
    "bad-example": Code("An example of a pattern does not match it, or a counterexample does.",
                        "scanners: {acme: {patterns: [{id: a, kind: a, pattern: 'acme_[0-9]{4}', examples: [acme_12]}]}}\n"),
    "bad-glob": Code("A glob does not parse.", _rule("{tool: 'a['}")),
    "bad-path": Code("A path does not parse, or cannot stand here.", _rule("{args.a..b: 1}")),
    "bad-money": Code("An amount of money does not parse, or is negative.", "max_cost_per_run: five\n"),
    "bad-duration": Code("A duration or window does not parse.", "limits:\n  - {calls: 5, window: 5 parsecs}\n"),
    "bad-timezone": Code("A time zone does not exist.", "timezone: Europe/Roma\n"),
    "bad-number": Code("A number is ambiguous, not finite, too long or out of range.", _rule("{args.a: 1_000}")),
    "bad-date": Code("A day does not exist.", "policies:\n  - {id: a, action: log, expires: 2027-02-30}\n"),
    "unsupported": Code("Something is part of the design and not supported yet, or of YAML and not of the language.", "invariants: []\n"),
    "cel-syntax": Code("A CEL expression does not parse.", _rule("'tool =='")),
    "cel-unsupported": Code("A CEL expression says what conditions cannot say.", _rule("'cost + 1 > 2'")),
    "limit-without-cap": Code("A limit says nothing of how much may be used.", "limits:\n  - {id: a, per: agent}\n"),
    "shadowed": Code("A rule can never matter, because another one does the same whenever it matches.",
                     "default: allow\npolicies:\n  - {id: a, when: {tool: t}, action: deny, message: no}\n"
                     "  - {id: b, when: {tool: t, args.x: {exists: true}}, action: deny, message: no}\n"),
    "unreachable": Code("A rule can never decide, because a deny matches whenever it does.",
                        "default: allow\npolicies:\n  - {id: a, when: {tool: t}, action: deny, message: no}\n"
                        "  - {id: b, when: {tool: t}, action: allow}\n"),
    "always-true": Code("A condition holds for every request.",
                        "default: allow\npolicies:\n  - {id: a, when: {any: [{args.a: {exists: true}}, {args.a: {missing: true}}]},"
                        " action: deny, message: no}\n"),
    "contradiction": Code("A condition never holds.",
                          "default: allow\npolicies:\n  - {id: a, when: {args.n: {gt: 5, lt: 3}}, action: deny, message: no}\n"),
    "relaxes-approval": Code("An allow rule outranks a rule that asks for approval of the same.",
                             "default: deny\npolicies:\n  - {id: a, when: {tool: t}, action: require_approval, message: ask}\n"
                             "  - {id: b, when: {tool: t}, action: allow, priority: 5}\n"),
    "no-message": Code("A rule refuses or asks, and does not tell the agent why.",
                       "default: allow\npolicies:\n  - {id: a, when: {tool: t}, action: deny}\n"),
    "no-default": Code("A file grants things and does not say what happens to the rest.",
                       "policies:\n  - {id: a, when: {tool: t}, action: allow}\n"),
}  # fmt: skip
