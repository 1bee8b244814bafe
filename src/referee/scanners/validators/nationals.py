"""Numbers that states give to people and firms, by the modules of python-stdnum: ``br.cpf``, ``in_.aadhaar``.

Rule 1: the check is the library's, and it is loaded by the first candidate.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

MODULES: Final = (
    "ar.cuit",
    "au.tfn",
    "be.nn",
    "bg.egn",
    "br.cpf",
    "ca.sin",
    "ch.ssn",
    "cl.rut",
    "cn.ric",
    "cz.rc",
    "de.idnr",
    "dk.cpr",
    "do.cedula",
    "es.dni",
    "es.nie",
    "eu.vat",
    "fi.hetu",
    "fr.nir",
    "gb.nhs",
    "gr.amka",
    "hr.oib",
    "iban",
    "il.idnr",
    "in_.aadhaar",
    "in_.pan",
    "it.codicefiscale",
    "kr.rrn",
    "mx.curp",
    "mx.rfc",
    "nl.bsn",
    "no.fodselsnummer",
    "pl.pesel",
    "pt.nif",
    "ro.cnp",
    "ru.inn",
    "se.personnummer",
    "th.pin",
    "tr.tckimlik",
    "us.ein",
    "za.idnr",
)
"""A module stands here if a pack uses it."""


def national(module: str) -> Callable[[str], bool]:
    """Make the check of one national number, by its module in ``stdnum``."""

    def check(text: str) -> bool:
        try:
            return bool(import_module(f"stdnum.{module}").is_valid(text))
        except (LookupError, ValueError):
            return True  # the library lost its way in its tables: unchecked is not harmless

    return check


def nino(text: str) -> bool:
    """Tell whether a text can be a British national insurance number: no prefix that is never given out."""
    return text[:2].upper() not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"} and text[:1].isupper()


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {module: national(module) for module in MODULES} | {"nino": nino}
