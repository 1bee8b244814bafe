"""Words that orders to a model are made of, by which a hidden spelling is told from noise.

Rule 1: a spelling is undone only where such a word comes out; every other token stays as it is written.
Rule 2: a word is here because orders use it, not because a pattern does; the patterns decide.
"""

from __future__ import annotations

from typing import Final

STRONG: Final[frozenset[str]] = frozenset(
    """
    ignore ignored ignoring disregard forget forgot override overrides bypass discard dismiss neglect obey
    previous previously prior preceding above earlier foregoing former
    instruction instructions directive directives guideline guidelines prompt prompts restriction restrictions
    constraint constraints command commands training programming policies filters safeguards
    system developer assistant administrator jailbreak jailbroken uncensored unfiltered unrestricted unlimited
    pretend roleplay persona character simulate confidential secret secrets hidden reveal repeat output disclose
    password passwords credential credentials token tokens apikey environment variables private
    execute delete remove upload transmit exfiltrate forward download
    without telling mention notify warning refuse disclaimer anything everything conversation message messages
    harmful illegal malware weapon explosive hacking phishing
    ignoriere vergiss vergessen vorherigen anweisungen bisherigen regeln missachte
    ignora olvida instrucciones anteriores reglas ignorez oubliez consignes precedentes
    dimentica istruzioni precedenti ignorar instrucoes esqueca anteriores
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words that say something alone."""

SMALL: Final[frozenset[str]] = frozenset(
    """
    all any the your my you are is and now not do from this that what as an act mode new rules with to of for it be
    given tell show print send email user into these those have been were was can will must should never always
    every first last only say follow following instead answer their them they make give write how
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words that come between them."""

LONG: Final[frozenset[str]] = frozenset(
    """
    ignore ignored ignoring disregard forget override bypass previous previously preceding above earlier instruction
    instructions directives guidelines prompt restrictions constraints commands system developer assistant jailbreak
    uncensored unfiltered unrestricted pretend confidential secrets reveal password passwords credentials tokens
    exfiltrate without telling notify everything anweisungen instrucciones consignes
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""Words that are looked for however they are spelled; few, since each makes the search larger."""

MARKS: Final = (
    "instruction", "previous", "ignore", "disregard", "system prompt", "password", "forget", "override", "secret",
    "jailbreak", "credential", "pretend", "guideline", "restriction",
)  # fmt: skip
"""Pieces by which a text that is turned around or shifted is noticed."""

PREFIXES: Final = ("ghp_", "gho_", "github_pat_", "glpat-", "AKIA", "ASIA", "xoxb-", "xoxp-", "sk_live_", "sk-ant-", "sk-proj-",
    "AIzaSy", "eyJhbGci", "-----BEGIN", "PRIVATE KEY", "npm_", "pypi-", "hf_", "SG.", "password", "api_key", "secret",
)  # fmt: skip
"""Pieces by which a key that is turned around or shifted is noticed."""
