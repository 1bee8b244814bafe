"""Numbers that states give their people: each with its check digits, beside a word that names it.

Rule 1: the check is the library's; the word is required, since eleven digits with a good check digit are no rarity.
Rule 2: a number of so strict a form that nothing else looks like it needs no word (``_ALONE``).
"""

# ruff: noqa: E501 - a pattern is read as one line, a table by its columns

from __future__ import annotations

from referee.scanners import checks
from referee.scanners.pack import Pattern

_LEFT, _RIGHT = r"(?<![\w.-])", r"(?![\w-]|\.\d)"


def _number(kind: str, module: str, form: str, words: tuple[str, ...], good: str, bad: str) -> Pattern:
    return Pattern(
        kind=kind,
        pattern=f"{_LEFT}(?:{form}){_RIGHT}",
        valid=checks.national(module),
        context=words,
        examples=(f"{words[0]}: {good}", f"the {words[0]} is {good}."),
        counterexamples=(f"{words[0]}: {bad}", f"order {good}"),
    )


_NUMBERS = (
    _number(
        "nhs_number",
        "gb.nhs",
        r"\d{3}[ -]?\d{3}[ -]?\d{4}",
        ("nhs", "national health service"),
        "943 476 5870",
        "943 476 5871",
    ),
    _number(
        "cpf",
        "br.cpf",
        r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}",
        ("cpf", "cadastro de pessoas"),
        "390.533.447-05",
        "390.533.447-06",
    ),
    _number(
        "aadhaar",
        "in_.aadhaar",
        r"[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}",
        ("aadhaar", "aadhar", "uidai", "uid"),
        "2341 2341 2346",
        "2341 2341 2347",
    ),
    _number(
        "pan",
        "in_.pan",
        "[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]",
        ("pan", "permanent account number", "income tax"),
        "ACUPA7085R",
        "ACUXA7085R",
    ),
    _number("pesel", "pl.pesel", r"\d{11}", ("pesel",), "44051401359", "44051401358"),
    _number(
        "dni",
        "es.dni",
        r"\d{8}[ -]?[A-Za-z]",
        ("dni", "nif", "documento nacional", "identidad"),
        "54362315-K",
        "54362315-L",
    ),
    _number(
        "nie",
        "es.nie",
        r"[XYZxyz][ -]?\d{7}[ -]?[A-Za-z]",
        ("nie", "extranjero", "dni", "nif"),
        "X-2482300W",
        "X-2482300A",
    ),
    _number(
        "nir",
        "fr.nir",
        r"[1-478][ ]?\d{2}[ ]?\d{2}[ ]?\d[\dAB][ ]?\d{3}[ ]?\d{3}[ ]?\d{2}",
        ("nir", "securite sociale", "insee", "social security"),
        "2 95 10 99 126 111 93",
        "2 95 10 99 126 111 94",
    ),
    _number(
        "steuer_id",
        "de.idnr",
        r"\d{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}",
        ("steuer id", "steueridentifikationsnummer", "idnr", "tax id", "tin"),
        "36 574 261 809",
        "36 574 261 890",
    ),
    _number(
        "bsn",
        "nl.bsn",
        r"\d{4}\.?\d{2}\.?\d{3}",
        ("bsn", "burgerservicenummer", "sofinummer"),
        "111222333",
        "111252333",
    ),
    _number(
        "sin",
        "ca.sin",
        r"\d{3}[ -]?\d{3}[ -]?\d{3}",
        ("sin", "social insurance", "social insurance number"),
        "123-456-782",
        "123-456-783",
    ),
    _number(
        "tfn",
        "au.tfn",
        r"\d{3}[ ]?\d{3}[ ]?\d{2,3}",
        ("tfn", "tax file number", "tax file"),
        "123 456 782",
        "123 456 783",
    ),
    _number(
        "rfc",
        "mx.rfc",
        r"[A-Z&]{4}-?\d{6}-?[A-Z0-9]{3}",
        ("rfc", "registro federal"),
        "VACE-460910-SX6",
        "VACE-469910-SX6",
    ),
    _number(
        "rrn",
        "kr.rrn",
        r"\d{6}-?\d{7}",
        ("rrn", "resident registration", "resident"),
        "971013-9019902",
        "971013-9019903",
    ),
    _number(
        "personnummer",
        "se.personnummer",
        r"(?:\d{2})?\d{6}[-+]?\d{4}",
        ("personnummer", "personal identity", "samordningsnummer"),
        "880320-0016",
        "880320-0018",
    ),
    _number(
        "fodselsnummer",
        "no.fodselsnummer",
        r"\d{6}[ ]?\d{5}",
        ("fodselsnummer", "personnummer", "national identity"),
        "151086 95088",
        "151086 95077",
    ),
    _number(
        "hetu",
        "fi.hetu",
        r"\d{6}[-+A]\d{3}[0-9A-Z]",
        ("hetu", "henkilotunnus", "personal identity"),
        "131052-308T",
        "131052-308U",
    ),
    _number("cpr", "dk.cpr", r"\d{6}[- ]?\d{4}", ("cpr", "cpr number", "personnummer"), "211062-5629", "211362-5629"),
    _number(
        "ahv",
        "ch.ssn",
        r"756\.?\d{4}\.?\d{4}\.?\d{2}",
        ("ahv", "avs", "sozialversicherung", "social security"),
        "756.9217.0769.85",
        "756.9217.0769.84",
    ),
    _number(
        "rijksregister",
        "be.nn",
        r"\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}",
        ("rijksregister", "registre national", "insz", "niss"),
        "85 07 30 033 28",
        "85 07 30 033 29",
    ),
    _number("rodne_cislo", "cz.rc", r"\d{6}/?\d{3,4}", ("rodne cislo", "birth number"), "710319/2745", "710319/2746"),
    _number("cnp", "ro.cnp", r"[1-9]\d{12}", ("cnp", "cod numeric personal"), "1630615123457", "1630615123458"),
    _number("egn", "bg.egn", r"\d{10}", ("egn", "edinen grazhdanski"), "8032056031", "8032056032"),
    _number("amka", "gr.amka", r"\d{11}", ("amka",), "01013099997", "01013099999"),
    _number("oib", "hr.oib", r"\d{11}", ("oib",), "33392005961", "33392005962"),
    _number("tckn", "tr.tckimlik", r"[1-9]\d{10}", ("tc kimlik", "tckn", "kimlik"), "17291716060", "17291716050"),
    _number(
        "za_id",
        "za.idnr",
        r"\d{6}[ ]?\d{4}[ ]?\d{3}",
        ("id number", "south african id", "identity number"),
        "7503305044089",
        "8503305044089",
    ),
    _number(
        "teudat_zehut",
        "il.idnr",
        r"\d{7,8}-?\d",
        ("teudat zehut", "israeli id", "mispar zehut"),
        "3933742-3",
        "3933742-4",
    ),
    _number(
        "thai_id",
        "th.pin",
        r"\d[- ]?\d{4}[- ]?\d{5}[- ]?\d{2}[- ]?\d",
        ("thai id", "citizen id", "thai national id"),
        "3100600445635",
        "3100600445636",
    ),
    _number("cuit", "ar.cuit", r"\d{2}-?\d{8}-?\d", ("cuit", "cuil"), "20-05536168-2", "20-05536168-3"),
    _number(
        "rut", "cl.rut", r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dkK]", ("rut", "run", "rol unico"), "12.531.909-2", "12.531.909-3"
    ),
    _number("cedula", "do.cedula", r"\d{3}-?\d{7}-?\d", ("cedula",), "00113918205", "00113918204"),
    _number("inn", "ru.inn", r"\d{12}", ("inn", "taxpayer"), "123456789047", "123456789037"),
    _number("nif", "pt.nif", r"\d{3}[ ]?\d{3}[ ]?\d{3}", ("nif", "contribuinte"), "501 964 843", "501 964 842"),
    _number("ein", "us.ein", r"\d{2}-\d{7}", ("ein", "employer identification", "fein"), "91-1144442", "00-1144442"),
    _number(
        "vat_id",
        "eu.vat",
        r"[A-Z]{2} ?[0-9A-Z]{8,12}",
        ("vat", "ust idnr", "ust", "tva", "vat id", "btw"),
        "DE 136695976",
        "DE 136695978",
    ),
)

_ALONE = (
    Pattern(
        kind="nino",
        pattern=rf"{_LEFT}[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?(?:\d\d ?\d\d ?\d\d|\d{{3}} ?\d{{3}}) ?[A-Da-d]{_RIGHT}",
        valid=lambda text: text[:2].upper() not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"} and text[:1].isupper(),
        score=0.8,
        examples=("My NI number is AZ 12 34 56 A", "AZ 123456 A", "The number is AZ 123 456 A."),
        counterexamples=("GB 12 34 56 A", "AZ 12 34 56 E", "xAZ123456A"),
    ),
    Pattern(
        kind="codice_fiscale",
        pattern=rf"{_LEFT}[A-Za-z]{{6}}\d\d[A-EHLMPRSTa-ehlmprst]\d\d[A-Za-z]\d{{3}}[A-Za-z]{_RIGHT}",
        valid=checks.national("it.codicefiscale"),
        examples=("codice RCCMNL83S18D969H",),
        counterexamples=("RCCMNL83S18D969A",),
    ),
    Pattern(
        kind="curp",
        pattern=rf"{_LEFT}[A-Z]{{4}}\d{{6}}[HM][A-Z]{{5}}[0-9A-Z]\d{_RIGHT}",
        valid=checks.national("mx.curp"),
        examples=("BOXW310820HNERXN09",),
        counterexamples=("BOXW310820HNERXN08",),
    ),
    Pattern(
        kind="resident_id",
        pattern=rf"{_LEFT}[1-9]\d{{5}}(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{{3}}[\dXx]{_RIGHT}",
        valid=checks.national("cn.ric"),
        score=0.9,
        examples=("360426199101010071",),
        counterexamples=("360426199101010072",),
    ),
)


def patterns() -> tuple[Pattern, ...]:
    """Return the pack."""
    return _NUMBERS + _ALONE
