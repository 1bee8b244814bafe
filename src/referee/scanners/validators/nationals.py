"""Numbers that states give to people and firms, by the modules of python-stdnum: ``br.cpf``, ``in_.aadhaar``.

Rule 1: the check is the library's, and it is loaded by the first candidate.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Final

MODULES: Final = (
    "ar.cbu",
    "ar.cuit",
    "ar.dni",
    "at.vnr",
    "au.abn",
    "be.eid",
    "be.ssn",
    "bg.egn",
    "bg.pnf",
    "bic",
    "br.cnpj",
    "br.cpf",
    "ca.bc_phn",
    "ca.sin",
    "ch.ssn",
    "cl.rut",
    "cn.ric",
    "co.nit",
    "cr.cpf",
    "cu.ni",
    "cz.rc",
    "de.idnr",
    "dk.cpr",
    "do.cedula",
    "ec.ci",
    "ee.ik",
    "es.ccc",
    "es.dni",
    "es.nie",
    "eu.vat",
    "fi.hetu",
    "fi.veronumero",
    "fr.nif",
    "gb.nhs",
    "gb.utr",
    "gr.amka",
    "gr.vat",
    "hr.oib",
    "iban",
    "id.nik",
    "id.npwp",
    "ie.pps",
    "il.idnr",
    "imei",
    "in_.aadhaar",
    "in_.gstin",
    "in_.pan",
    "in_.vid",
    "is_.kennitala",
    "it.codicefiscale",
    "it.iva",
    "jp.in_",
    "ke.pin",
    "lt.asmens",
    "lv.pvn",
    "mu.nid",
    "mx.curp",
    "mx.rfc",
    "my.nric",
    "nl.bsn",
    "nl.identiteitskaartnummer",
    "no.fodselsnummer",
    "no.kontonr",
    "nz.bankaccount",
    "nz.ird",
    "pe.cui",
    "pk.cnic",
    "pl.nip",
    "pl.pesel",
    "pt.cc",
    "pt.nif",
    "ro.cnp",
    "ru.inn",
    "se.personnummer",
    "si.ddv",
    "si.emso",
    "th.pin",
    "tr.tckimlik",
    "tr.vkn",
    "ua.rntrc",
    "us.ein",
    "us.ptin",
    "us.rtn",
    "ve.rif",
    "za.idnr",
    "za.tin",
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


def nino_any_case(text: str) -> bool:
    """Tell whether a text beside a word for it can be a British national insurance number, in small letters too."""
    return nino(text.upper())


def italian_code(text: str) -> bool:
    """Check an Italian tax code, of which any digit may stand as a letter."""
    number = "".join(text.upper().split())
    return sum(c.isdigit() for c in number) >= 3 and national("it.codicefiscale")(number)


def routing(text: str) -> bool:
    """Check the number of a bank in the United States."""
    return national("us.rtn")("".join(c for c in text if c.isdigit()))


def iban_start(text: str) -> bool:
    """Check an international bank account number by its own digits, whether or not there is such a bank."""
    return bool(import_module("stdnum.iban").is_valid(text.upper(), check_country=False))


def bank_code(text: str) -> bool:
    """Tell whether a text is the code of a bank: of a country that there is, and no word in capitals."""
    return f" {text[4:6]} " in _COUNTRIES and national("bic")(text)


_COUNTRIES: Final = (
    " AD AE AL AR AT AU BA BE BG BH BR BY CA CH CL CN CO CR CY CZ DE DK DO EC EE EG ES FI FR GB GE GI GR HK HR HU ID IE IL "
    "IN IS IT JP KE KR KW KZ LB LI LT LU LV MA MC MD ME MK MT MX MY NG NL NO NZ PA PE PH PK PL PT QA RO RS RU SA SE SG SI "
    "SK SM TH TN TR TW UA US UY VE VN ZA "
)
_DATE: Final = re.compile(r"(?:19|20)\d\d[-/. ]?\d\d[-/. ]?\d\d(?:[T ].{0,12})?|\d\d?[-/. ]\d\d?[-/. ](?:19|20)\d\d")
_ALONE: Final = (
    "au.tfn", "br.cpf", "ca.sin", "ch.ssn", "cl.rut", "ee.ik", "es.dni", "es.nie", "fi.hetu", "gb.nhs", "il.idnr",
    "in_.aadhaar", "in_.pan", "lt.asmens", "mx.rfc", "nl.bsn", "no.fodselsnummer", "pl.pesel", "pt.nif", "ro.cnp",
    "se.personnummer", "th.pin", "tr.tckimlik", "za.idnr", "us.itin", "us.ssn", "de.idnr", "hr.oib", "bg.egn", "ie.pps",
)  # fmt: skip


def any_national(text: str) -> bool:
    """Tell whether a text has the form and the check digit of a national number of some state."""
    known = sum(c.isdigit() for c in text) >= 5 and _DATE.fullmatch(text) is None
    return known and any(national(module)(text) for module in _ALONE)


VALIDATORS: Final[dict[str, Callable[[str], bool]]] = {module: national(module) for module in MODULES} | {
    "any_national": any_national,
    "bank_code": bank_code,
    "iban_start": iban_start,
    "italian_code": italian_code,
    "nino": nino,
    "routing": routing,
    "nino_any_case": nino_any_case,
}
