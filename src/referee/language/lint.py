"""What is allowed to be written and yet is probably not meant: rules without effect, conditions that cannot vary.

Rule 1: a lint is a warning. It never changes what a policy does.
Rule 2: a claim about rules is proved (``implication``), for every request and all facts; what is not proved is not told.
Rule 3: work grows with the number of rules: every rule is compared with a bounded number of others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from referee.language import nodes
from referee.language.document import read_document
from referee.language.implication import (
    Form,
    Opposite,
    Prover,
    Sense,
    Some,
    always,
    conjuncts,
    every,
    mentions,
    never,
    normal,
)
from referee.language.lists import WEAKEST
from referee.language.literals import Literal, glob_within
from referee.model.names import SCOPES
from referee.model.programs import ALWAYS, Attribute, Policies, Rule, Scope
from referee.model.source import Diagnostic, Span

LINTS: Final[dict[str, str]] = {
    "shadowed": "a rule adds nothing, because another of the same action always holds when it does",
    "unreachable": "a rule never decides, because a stricter one always holds when it does",
    "always-true": "a condition holds for every request",
    "contradiction": "a condition never holds",
    "relaxes-approval": "an allow outranks a rule that asks a human",
    "no-message": "a rule refuses or asks without telling the agent why",
    "no-default": "a file grants without saying what happens to all else",
}
"""Every lint of rules, by code."""

_FORMS: Final = re.compile(r"(?:tools|network)\.(?:allow|block)$|approval\[\d+\]$|block-pii$|require-approval-\w+$")
"""The ids of rules that a short form stands for, where no message can be written."""

PER_GROUP: Final = 32
PER_RULE: Final = 64
PROOFS: Final = 200_000

_STERN: Final = ("deny", "terminate")
_SPEAKING: Final = ("deny", "terminate", "require_approval")
_EFFECTS: Final = {"modify": "changes", "redact": "redact", "label": "labels", "alert": "channels"}
_THIRD: Final = {
    "allow": "allows", "require_approval": "asks about", "deny": "denies", "terminate": "ends the session for",
    "modify": "changes", "redact": "redacts", "alert": "alerts about", "log": "records", "label": "labels",
}  # fmt: skip


_COMMANDS: Final = frozenset(
    {"shell", "shell.commands", "shell.programs", "sql", "sql.operations", "sql.functions", "sql.tables", "sql.columns"}
)


class _View(msgspec.Struct, frozen=True):
    """A rule with its condition in normal form."""

    at: int
    rule: Rule
    form: Form
    per_file: bool
    per_command: bool

    @property
    def rank(self) -> tuple[int, tuple[int, int, int]]:
        return self.rule.priority, self.rule.specificity


def lint(policies: Policies, texts: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """Give every warning about the rules, in the order of their places. ``texts`` are the files, for excerpts."""
    texts = texts or {}
    lines = {path: text.splitlines() for path, text in texts.items()}
    views = [_view(at, rule) for at, rule in enumerate(policies.rules) if rule.mode != "off"]
    found = [warning for view in views for warning in _alone(view)]
    found.extend(_pairs([view for view in views if not never(view.form)]))
    told = [_diagnostic(code, rule.source, message, hint, lines) for code, rule, message, hint in found]
    told.extend(warning for path in texts for warning in _file(path, texts[path], policies, lines))
    return tuple(sorted(told, key=lambda it: (it.span.path, it.span.line, it.code, it.message)))


Warned = tuple[str, Rule, str, str]


def _view(at: int, rule: Rule) -> _View:
    form = every((normal(rule.when), normal(rule.unless, negated=True)))
    roots = {attribute.root for attribute in mentions(form)}
    return _View(at, rule, form, any(root.startswith("file.") for root in roots), not roots.isdisjoint(_COMMANDS))


def _alone(view: _View) -> Iterator[Warned]:
    rule = view.rule
    if rule.when != ALWAYS and always(normal(rule.when)):
        yield "always-true", rule, f"the condition of `{rule.id}` always holds", "leave `when` out if that is meant"
    if never(view.form):
        blame = "`unless` covers `when`" if not never(normal(rule.when)) else "the condition of"
        message = f"{blame} in `{rule.id}`" if blame[0] == "`" else f"{blame} `{rule.id}` never holds"
        yield "contradiction", rule, message, "the rule can never match; use `any:` for alternatives"
    if rule.action in _SPEAKING and not rule.message and not _FORMS.match(rule.id):
        yield "no-message", rule, f"`{rule.id}` has no message", "tell the agent what it may do instead: `message: …`"


def _pairs(views: list[_View]) -> Iterator[Warned]:
    index = _Index(views)
    proofs = PROOFS
    for view in views:
        if view.rule.priority == WEAKEST:
            continue
        for other in index.candidates(view):
            proofs -= 1
            if proofs < 0:
                return
            warned = _compare(view, other)
            if warned is not None:
                yield warned
                break


def _compare(view: _View, other: _View) -> Warned | None:
    """Say what it means for a rule that another is there, if its condition implies the other's."""
    rule, by = view.rule, other.rule
    if rule.mode != "enforce" or by.mode != "enforce" or not _wider(by, rule):
        return None
    if rule.action == by.action:
        return _shadowed(view, other)
    if by.action in _STERN and rule.action in ("allow", "require_approval"):
        return _unreachable(view, other)
    if rule.layer != by.layer:
        return None
    if rule.action == "require_approval" and by.action == "allow":
        return _relaxed(view, other)
    if rule.action == "allow" and by.action == "require_approval":
        return _relaxing(view, other)
    return None


def _shadowed(view: _View, other: _View) -> Warned | None:
    rule, by = view.rule, other.rule
    if rule.layer != by.layer or not _same_effect(view, other) or not _carries_over(view, other):
        return None
    if other.at > view.at and _wider(rule, by) and _same_effect(other, view) and _carries_over(other, view):
        return None
    done = _THIRD[rule.action]
    return (
        "shadowed",
        rule,
        f"`{rule.id}` adds nothing: {_cite(by)} {done} all that it {done}",
        f"remove it, or narrow `{by.id}`",
    )


def _same_effect(view: _View, other: _View) -> bool:
    """Whether what a rule does is done by the other, if that matches."""
    rule, by = view.rule, other.rule
    if rule.action == "modify" and rule.sql != by.sql:
        return False
    if rule.action in _EFFECTS:
        part = _EFFECTS[rule.action]
        return bool(getattr(rule, part) == getattr(by, part))
    if rule.action == "allow":
        return other.rank >= view.rank
    if rule.action == "require_approval":
        sterner = set(rule.approvers) <= set(by.approvers) and rule.quorum <= by.quorum and rule.timeout == by.timeout
        return other.rank > view.rank or (other.rank == view.rank and sterner)
    return True


def _carries_over(view: _View, other: _View) -> bool:
    """Whether the other rule counts as matched whenever the rule does, with errors as its action counts them."""
    rule, by = view.rule, other.rule
    if rule.action in ("modify", "redact"):
        return view.form == other.form and rule.named == by.named and rule.timezone == by.timezone
    if rule.action == "allow":
        return _proved(view, other, Sense.SURELY)
    if not _proved(view, other, Sense.AT_MOST):
        return False
    both = rule.action in ("require_approval", "label") or by.on_error == "require_approval"
    return not both or _proved(view, other, Sense.SURELY)


def _unreachable(view: _View, other: _View) -> Warned | None:
    rule, by = view.rule, other.rule
    surely = by.on_error == "require_approval"
    held = _proved(view, other, Sense.SURELY) if rule.action == "allow" or surely else True
    if rule.action == "allow":
        held = held or (not surely and _proved(view, other, Sense.AT_MOST))
    else:
        held = held and _proved(view, other, Sense.AT_MOST)
    if not held:
        return None
    message = f"`{rule.id}` never decides: {_cite(by)} {_THIRD[by.action]} all that it {_THIRD[rule.action]}"
    return "unreachable", rule, message, f"write the exception as `unless` of `{by.id}`"


def _relaxed(view: _View, other: _View) -> Warned | None:
    """Judge an approval whose every request is granted by an allow of a higher rank."""
    if other.rank <= view.rank or (view.per_file and other.per_file) or not _proved(view, other, Sense.SURELY):
        return None
    message = f"`{other.rule.id}` allows all that {_cite(view.rule)} asks about, and outranks it"
    return (
        "relaxes-approval",
        other.rule,
        message,
        "nobody is asked; give the allow a lower priority, or remove one of them",
    )


def _relaxing(view: _View, other: _View) -> Warned | None:
    """Judge an allow all of whose requests are asked about: it takes them from the approval, or never decides."""
    if not _proved(view, other, Sense.SURELY):
        return None
    if other.rank >= view.rank:
        message = f"`{view.rule.id}` never decides: {_cite(other.rule)} asks about all that it allows"
        return "unreachable", view.rule, message, f"write the exception as `unless` of `{other.rule.id}`"
    if view.rule.priority > other.rule.priority:
        message = f"`{view.rule.id}` allows without asking what {_cite(other.rule)} asks about, by its priority"
        return "relaxes-approval", view.rule, message, f"write the exception as `unless` of `{other.rule.id}`"
    return None


def _proved(view: _View, other: _View, sense: Sense) -> bool:
    if other.per_command and other.rule.action == "allow" and not (view.per_command and view.rule.action == "allow"):
        return False  # a grant about commands holds only if it holds for each of them
    one, two = view.rule, other.rule
    return Prover(one.named, two.named, same_clock=one.timezone == two.timezone).follows(view.form, other.form, sense)


def _cite(rule: Rule) -> str:
    return f"`{rule.id}` ({rule.source})"


# ── to whom and when a rule applies ──────────────────────────────────────────────────────────────────────────────────


def _wider(wide: Rule, narrow: Rule) -> bool:
    """Whether a rule applies, before its condition is looked at, whenever another does."""
    kinds = not wide.kinds or (narrow.kinds and set(narrow.kinds) <= set(wide.kinds))
    ends = not wide.expires or (wide.expires == narrow.expires and wide.timezone == narrow.timezone)
    return bool(
        kinds
        and ends
        and set(narrow.phases) <= set(wide.phases)
        and all(any(_fits(inner, scope) for inner in narrow.scopes) for scope in wide.scopes if scope != Scope())
    )


def _fits(narrow: Scope, wide: Scope) -> bool:
    return all(_entries(getattr(narrow, name), getattr(wide, name)) for name in SCOPES if getattr(wide, name))


def _entries(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    return bool(narrow) and all(any(glob_within(one, other) for other in wide) for one in narrow)


# ── which rules are worth comparing ──────────────────────────────────────────────────────────────────────────────────


Anchor = tuple[Attribute, type, object] | Attribute | None


class _Index:
    """Rules by something their condition needs, so that a rule is compared only with those it could imply.

    A rule stands under the values of one of its one-of tests, else under an attribute it looks at, else under nothing.
    Of many rules in one place those that ask for the least are tried first.
    """

    def __init__(self, views: list[_View]) -> None:
        self._groups: defaultdict[Anchor, list[_View]] = defaultdict(list)
        for view in views:
            for anchor in _anchors(view.form):
                self._groups[anchor].append(view)
        for group in self._groups.values():
            group.sort(key=lambda view: (len(conjuncts(view.form)), view.at))

    def candidates(self, view: _View) -> Iterator[_View]:
        """Give the rules that might hold whenever this one does."""
        seen = {view.at}
        for anchor in _offers(view.form):
            for other in self._groups.get(anchor, ())[:PER_GROUP]:
                if other.at not in seen:
                    seen.add(other.at)
                    yield other
                    if len(seen) > PER_RULE:
                        return


def _choices(form: Form) -> list[Literal]:
    """Give the one-of tests that must hold, those on the tool first."""
    found = [part for part in conjuncts(form) if isinstance(part, Literal) and part.op == "in" and not part.flipped]
    return sorted(found, key=lambda literal: literal.attribute.root != "tool")


def _anchors(form: Form) -> Iterable[Anchor]:
    choices = _choices(form)
    if choices:
        return [(choices[0].attribute, type(value), value) for value in choices[0].operand]
    first = next((part for part in conjuncts(form) if isinstance(part, (Literal, Opposite, Some))), None)
    if isinstance(first, Some):
        return sorted(mentions(first), key=repr)
    return [next(iter(mentions(first)))] if first is not None else [None]


def _offers(form: Form) -> Iterator[Anchor]:
    yield None
    for literal in _choices(form):
        for value in literal.operand[:1]:
            yield literal.attribute, type(value), value
    yield from sorted(mentions(form), key=repr)


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _file(path: str, text: str, policies: Policies, lines: Mapping[str, list[str]]) -> Iterator[Diagnostic]:
    """Judge a file by its own keys."""
    _, root = read_document(path, text)
    if not isinstance(root, nodes.Mapping) or "default" in root.entries:
        return
    version = root.get("version")
    grants = [rule for rule in policies.rules if rule.action == "allow" and rule.source.rpartition(":")[0] == path]
    if isinstance(version, nodes.Scalar) and version.text == "1":
        line = nodes.line_of(root.entries["version"][0])
    elif any(rule.priority != WEAKEST for rule in grants):
        line = nodes.line_of(root)
    else:
        return
    message = "the file does not say what happens when no rule matches; it is refused"
    yield _diagnostic("no-default", f"{path}:{line}", message, "write `default: deny`, or `default: allow`", lines)


def _diagnostic(code: str, source: str, message: str, hint: str, lines: Mapping[str, list[str]]) -> Diagnostic:
    path, _, number = source.rpartition(":")
    line = int(number) if number.isdigit() else 1
    text = lines.get(path, [])
    excerpt = text[line - 1] if 0 < line <= len(text) else ""
    start = len(excerpt) - len(excerpt.lstrip()) + 1
    span = Span(path, line, start, line, max(len(excerpt.rstrip()) + 1, start + 1))
    return Diagnostic(code=code, message=message, span=span, level="warning", help=hint, excerpt=excerpt)
