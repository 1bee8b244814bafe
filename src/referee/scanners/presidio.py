"""Presidio as a scanner: what its recognisers find, behind the same seam as the built-in ones.

Rule 1: nothing is fetched while it scans, or ever: the list of public suffixes is the one that comes with its library, and a language
model that is not installed is an error.
Rule 2: without a model its patterns and check digits work, and words beside a number count; names and places need the model.
Rule 3: it is imported when a scanner is made, for it is heavy (``pip install 'referee[presidio]'``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from referee.scanners.protocol import Hit

KINDS: Final[Mapping[str, str]] = {
    "AU_TFN": "tfn",
    "CREDIT_CARD": "credit_card",
    "CRYPTO": "crypto_wallet",
    "EMAIL_ADDRESS": "email",
    "ES_NIE": "nie",
    "ES_NIF": "dni",
    "FI_PERSONAL_IDENTITY_CODE": "hetu",
    "IBAN_CODE": "iban",
    "IN_AADHAAR": "aadhaar",
    "IN_PAN": "pan",
    "IP_ADDRESS": "ip_address",
    "IT_FISCAL_CODE": "codice_fiscale",
    "MAC_ADDRESS": "mac_address",
    "PHONE_NUMBER": "phone_number",
    "PL_PESEL": "pesel",
    "SG_NRIC_FIN": "nric_singapore",
    "UK_NHS": "nhs_number",
    "UK_NINO": "nino",
    "US_DRIVER_LICENSE": "driving_licence",
    "US_ITIN": "itin",
    "US_PASSPORT": "passport",
    "US_SSN": "ssn",
}
"""What Presidio calls a kind and we call otherwise; any other is its own name in small letters: ``PERSON`` is ``person``."""
_WORD: Final = re.compile(r"\w{1,256}|[^\w\s]")


class PresidioScanner:
    """Presidio's recognisers for one language.

    ``model`` is an installed spaCy model, for names and places; without one they are not looked for. ``countries`` leaves out
    the recognisers of other countries.

    Raises:
        ImportError: Presidio is not installed.
        ValueError: the model is not installed.
    """

    name: str = "presidio"

    def __init__(self, language: str = "en", model: str | None = None, countries: Iterable[str] | None = None) -> None:
        _stay_offline()
        presidio: Any = import_module("presidio_analyzer")
        nlp = _Words(language) if model is None else _spacy(language, model)
        registry = presidio.RecognizerRegistry(supported_languages=[language])
        wanted = None if countries is None else list(countries)
        registry.load_predefined_recognizers(languages=[language], nlp_engine=nlp, countries=wanted)
        self._language = language
        self._analyzer = presidio.AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=[language])

    def scan(self, text: str) -> list[Hit]:
        """Find what Presidio finds in ``text``."""
        found = self._analyzer.analyze(text=text, language=self._language)
        return sorted(
            Hit(one.start, one.end, kind_of(one.entity_type), min(1.0, float(one.score)))
            for one in found
            if one.score > 0 and one.start < one.end
        )


def kind_of(entity: str) -> str:
    """Name a kind of Presidio's as policies do.

    >>> kind_of("US_SSN"), kind_of("PERSON")
    ('ssn', 'person')
    """
    return KINDS.get(entity, entity.lower())


def _stay_offline() -> None:
    """Read the public suffixes that come with the library, which would otherwise fetch them with the first address."""
    tld: Any = import_module("tldextract.tldextract")
    tld.TLD_EXTRACTOR = tld.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True)


def _spacy(language: str, model: str) -> Any:
    spacy: Any = import_module("spacy.util")
    if not spacy.is_package(model):
        raise ValueError(f"the spaCy model `{model[:100]}` is not installed, and none is fetched")
    nlp: Any = import_module("presidio_analyzer.nlp_engine")
    return nlp.SpacyNlpEngine(models=[{"lang_code": language, "model_name": model}])


class _Words:
    """An engine that knows words and nothing of language: enough to see what stands beside a number."""

    def __init__(self, language: str) -> None:
        self._language = language

    def get_supported_languages(self) -> list[str]:
        """Name the language whose recognisers are asked."""
        return [self._language]

    def load(self) -> None:
        """Load nothing, for there is nothing."""

    def is_loaded(self) -> bool:
        """Say that it is ready."""
        return True

    def process_text(self, text: str, language: str) -> Any:
        """Split a text into words and signs."""
        nlp: Any = import_module("presidio_analyzer.nlp_engine")
        words = list(_WORD.finditer(text))
        tokens = [word.group() for word in words]
        places = [word.start() for word in words]
        return nlp.NlpArtifacts([], tokens, places, [token.lower() for token in tokens], self, language)

    def is_stopword(self, word: str, _language: str) -> bool:
        """Tell whether a word says nothing."""
        return len(word) < 2

    def is_punct(self, word: str, _language: str) -> bool:
        """Tell whether a word is a sign."""
        return not any(c.isalnum() for c in word)

    def get_supported_entities(self) -> list[str]:
        """Name what it finds by itself: nothing."""
        return []
