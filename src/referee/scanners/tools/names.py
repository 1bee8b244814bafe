"""Names of tools and of their arguments: which imitate others, and which ask for what no tool needs.

Rule 1: a name is read as a reader takes it: case, separators, what is unseen and look-alike letters do not make another name.
Rule 2: an argument that soaks up data is told by its name only where nothing else in the tool speaks of such a thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from referee.scanners.folding import fold

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SWAPS: Final = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e", "4": "a", "7": "t"})
_NEAR: Final = 6
"""Shorter names are near each other by chance."""

_SOAKS: Final = re.compile(
    r"\b(?:"
    r"(?:conversation|chat|message|dialog(?:ue)?|session|tool ?call|call|prompt|interaction|user message) "
    r"(?:history|log|transcript|context)|"
    r"(?:full|entire|complete|whole|all|previous|prior|recent|past|user) (?:conversation|chat|context|messages|prompts?|history|dialog)|"
    r"(?:system|developer|initial|original|hidden|internal) (?:prompt|instructions?|message)|"
    r"chain of thought|thought process|internal reasoning|model reasoning|reasoning trace|scratch ?pad|"
    r"(?:available|other|all|your|list of|installed) tools|tools? list|tool (?:definitions|schemas?|results|outputs)|"
    r"model name|llm name|side ?note|memory dump|context window"
    r")\b"
)
_KEYS: Final = re.compile(
    r"\b(?:"
    r"(?:ssh|private|rsa|gpg|pgp|signing) (?:private )?key|id rsa|id ed25519|seed phrase|mnemonic|recovery phrase|wallet seed|"
    r"(?:user|all|saved|stored|browser|my|system|admin|root) (?:credentials?|passwords?|secrets|cookies|tokens)|master password|"
    r"(?:contents?|text|dump|data|body|value) (?:of|from) (?:\w+ ){0,3}"
    r"(?:env|ssh|key|file|files|secrets?|credentials?|password|config|rsa|mcp|token)|"
    r"env(?:ironment)? (?:file|variables?|vars?|dump|contents?)|(?:credit )?card (?:number|cvv|cvc)|cvv|ssn|"
    r"etc passwd|etc shadow|aws credentials|"
    r"dot env|mcp (?:json|config)|clipboard(?: contents?)?|keystrokes"
    r")\b"
)
_ABOUT: Final = {
    "soak": re.compile(
        r"\b(?:prompts?|llms?|models?|chat|chats|conversations?|messages?|threads?|agents?|assistants?|completions?|dialog\w*"
        r"|sampling|history|memory|memories|transcripts?|sessions?|tools?|reason\w*|think\w*|thoughts?|notes?|feedback|logs?)\b"
    ),
    "key": re.compile(
        r"\b(?:keys?|ssh|auth\w*|log ?in|sign\w*|wallets?|credentials?|secrets?|passwords?|tokens?|crypt\w*|encrypt\w*|cards?|pay\w*"
        r"|env\w*|variables?|deploy\w*|config\w*|clipboard|cookies?|browser\w*|certificates?|vaults?|connect\w*|ssn|tax\w*)\b"
    ),
}


def words(name: str) -> str:
    """Write a name in plain lower-case words.

    >>> words("conversationHistory"), words("ssh_private-key")
    ('conversation history', 'ssh private key')
    """
    return _CAMEL.sub(" ", name[:200]).strip().lower()


def soaks_up(name: str, about: str) -> str | None:
    """Say what an argument of this name would take in: ``context``, ``secrets``, or nothing that ``about`` does not explain.

    >>> soaks_up("conversation_history", "Adds two numbers."), soaks_up("chat_history", "Sends a prompt to a chat model.")
    ('context', None)
    """
    said = words(name)
    plain = words_of(about)
    if _SOAKS.search(said) and not _ABOUT["soak"].search(plain):
        return "context"
    if _KEYS.search(said) and not _ABOUT["key"].search(plain):
        return "secrets"
    return None


def explains(about: str) -> bool:
    """Tell whether a tool is about conversations, prompts or models, so that its arguments may well be."""
    return _ABOUT["soak"].search(words_of(about)) is not None


def words_of(text: str) -> str:
    """Write a text in plain lower-case words, names in it too."""
    return _CAMEL.sub(" ", text[:20_000]).lower()


def skeleton(name: str) -> str:
    """Reduce a name to what a reader sees.

    >>> skeleton("read_file") == skeleton("Read\u200b-F\u0456le") == skeleton("read_fi1e")
    False
    >>> skeleton("read_file") == skeleton("Read\u200b-F\u0456le")
    True
    """
    folded = fold(name)
    return re.sub(r"[^a-z0-9]", "", (name if folded is None else folded.text).lower())


def imitates(name: str, other: str) -> str | None:
    """Say how ``name`` could be taken for ``other``: it ``looks`` the same, or is ``near``; ``None`` if it could not.

    >>> imitates("send_emai1", "send_email"), imitates("send_email", "send_emails"), imitates("sned_email", "send_email")
    ('looks', None, 'near')
    """
    if name == other:
        return None
    own, its = skeleton(name), skeleton(other)
    if own == its:
        return "looks" if not (name.isascii() and other.isascii()) else None
    if own.translate(_SWAPS) == its.translate(_SWAPS) or own.replace("rn", "m") == its.replace("rn", "m"):
        return "looks"
    return "near" if min(len(own), len(its)) >= _NEAR and _one_slip(own, its) else None


def _one_slip(own: str, its: str) -> bool:
    """Tell whether one letter is changed, dropped, doubled, or swapped with the next, but not at the end."""
    if len(own) == len(its):
        differ = [at for at, (one, two) in enumerate(zip(own, its, strict=True)) if one != two]
        if len(differ) == 1:
            return not (own[differ[0]].isdigit() or its[differ[0]].isdigit()) and differ[0] < len(own) - 1
        return len(differ) == 2 and own[differ[0]] == its[differ[1]] and own[differ[1]] == its[differ[0]]
    short, long = sorted((own, its), key=len)
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long) - 1))


def mentions(text: str, names: Iterable[str]) -> list[tuple[int, int, str]]:
    """Find names of tools in a text, as whole words; only names that are no ordinary words (``send_email``)."""
    wanted = {name for name in names if re.search(r"[_\-.]|[a-z][A-Z]", name) and len(name) >= _NEAR}
    return [(m.start(), m.end(), m[0]) for m in re.finditer(r"[A-Za-z][\w.-]{4,100}(?<![.-])", text) if m[0] in wanted]
