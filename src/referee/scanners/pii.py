"""Personal data with a structure: numbers with check digits, addresses of machines and people, dates beside their meaning.

Rule 1: a number without a check digit or an own form counts only beside a word that says what it is.
Rule 2: names, places and opinions are not here; they need a model, which stands behind the same protocol.
Rule 3: a pattern that runs on every text begins with its first character, and looks behind it afterwards: so it is found fast.
"""

# ruff: noqa: E501 - a pattern is read as one line, a table by its columns

from __future__ import annotations

from referee.scanners import checks
from referee.scanners.pack import Pattern

_SSN_WORDS = ("ssn", "ssns", "social security", "social security number", "soc sec", "itin", "taxpayer id", "tin")
_PHONE_WORDS = (
    "phone",
    "phones",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "cellphone",
    "call",
    "callback",
    "fax",
    "whatsapp",
    "sms",
    "dial",
    "desk",
    "handy",
    "telefon",
    "telefono",
    "contact number",
    "phone number",
    "msisdn",
    "reach me",
    "contact",
)
_BIRTH_WORDS = (
    "dob",
    "birth",
    "birthday",
    "birthdate",
    "born",
    "date of birth",
    "d.o.b",
    "geboren",
    "geburtsdatum",
    "nacimiento",
    "naissance",
    "nascita",
    "geboortedatum",
)
_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY, _YEAR, _MONTH_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"

_NUMBERS = (
    Pattern(
        kind="ssn",
        pattern=r"[0-8](?<![\w.-].)\d\d-(?!00)\d\d-(?!0000)\d{4}(?![\w-])",
        keywords=("-",),
        valid=lambda text: text[:3] not in {"000", "666"},
        score=0.9,
        examples=("Employee SSN is 123-45-6789 on file.", '{"n":"111-22-3333"}'),
        counterexamples=("Invalid 000-12-3456", "Bad 123-45-67890", "666-12-9999", "978-3-16-148410-0", "900-12-3456"),
    ),
    Pattern(
        kind="ssn",
        pattern=r"\d(?<![\w.-].)\d\d(?P<s>[-. ]?)(?!00)\d\d(?P=s)(?!0000)\d{4}(?![\w-])",
        context=_SSN_WORDS,
        valid=lambda text: text[:3] not in {"000", "666"} and len(set(checks.digits(text))) > 1,
        examples=("social security number is 109 99 6000", "ssn: 123456789", "SSN 987-65-4321", "my ssn=109.99.6000"),
        counterexamples=("token 123 45 6789 appears", "Bad SSN 123-45-678", "SSN 666-12-9999"),
    ),
    Pattern(
        kind="credit_card",
        pattern=r"[2-6](?<![\w.].)(?<!\d-.)(?:\d{3}(?P<s>[ .-])\d{4}(?P=s)\d{4}(?P=s)\d{4}|\d{3}(?P<t>[ -])\d{6}(?P=t)\d{4,5}|\d{12,18})(?![\w-]|\.\d)",
        valid=checks.card,
        examples=(
            "Card 4111111111111111 approved.",
            "5500-0000-0000-0004",
            "3400-000000-00009",
            "12 4012 8888 8888 1881",
        ),
        counterexamples=(
            "4111111111111112",
            "1234567890123456",
            "411111111111111",
            "0.4111111111111111",
            "x4111111111111111",
        ),
    ),
    Pattern(
        kind="credit_card",
        pattern=r"[2-6](?<![\w.].)(?<!\d-.)\d{3}(?P<s>[ -])\d{4}(?P=s)\d{4}(?P=s)\d{4}(?P=s)\d{3}(?![\w-]|\.\d)",
        valid=checks.card,
        examples=("6200 0000 0000 0000 000",),
        counterexamples=("6200 0000 0000 0000 004",),
    ),
    Pattern(
        kind="iban",
        pattern=r"[A-Z](?<![A-Za-z0-9].)[A-Z]\d\d(?:[A-Z0-9]{11,30}|[ -][A-Z0-9]{4}(?:[ -]\d[A-Z0-9]{3}){1,6}(?:[ -]\d[A-Z0-9]{0,2})?)(?![A-Za-z0-9])",
        valid=checks.iban,
        examples=(
            "IBAN DE44 5001 0517 5407 3249 31 ist",
            "pay to GB82WEST12345698765432 today",
            "PL61 1090 1014 0000 0712 1981 2874 THIS WEEK",
        ),
        counterexamples=("DE44 5001 0517 5407 3249 32", "SHA256ABCD1234EFGH5678"),
    ),
    Pattern(
        kind="email",
        pattern=r"[A-Za-z0-9_](?<![\w.+%/-].)[\w.+%'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![\w@(-]|\.[A-Za-z0-9])",
        keywords=("@",),
        valid=checks.mailbox,
        examples=("john.doe+tag@company.co.uk please", "HELLO@ACME.COM", "<bob.stone@acme.io>", "a@b.co,c@d.net"),
        counterexamples=(
            "git@github.com:app/app.git",
            "foo@bar",
            "@user",
            "npm i react@18.2.0",
            "icon@2x.png",
            "x@y.prototype()",
        ),
    ),
    Pattern(
        kind="email",
        pattern=r"(?i:(?<![\w.])(?P<value>[\w.+-]{2,64}(?: at | \[at\] | ?\(at\) ?|\[at\])[a-z0-9-]{2,40}(?: dot | \[dot\] |\[dot\]|\.)(?:com|org|net|edu|io|co|de|uk|fr|info))(?![\w.-]))",
        keywords=(" at ", "(at)", "[at]"),
        context=("email", "e-mail", "mail", "reach", "contact", "write"),
        score=0.7,
        examples=("My email is john at gmail.com",),
        counterexamples=("look at example.com", "we met at acme.com"),
    ),
)

_PHONES = (
    Pattern(
        kind="phone_number",
        pattern=r"(?<![\w.+/-])(?:(?:\+|00)?1[-. ]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}(?:,?\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w-]|\.\d)",
        valid=checks.north_american_phone,
        score=0.85,
        examples=(
            "Call (555) 123-4567 now",
            "555-123-4567",
            "+1-555-777-8888",
            "1 (312) 515-2239",
            "(312)515-2239 x12",
            "555.123.4567",
        ),
        counterexamples=("Part number: 555-123-4567-A", "2020-123-4567", "v1.555.123.4567", "1.555-123"),
    ),
    Pattern(
        kind="phone_number",
        pattern=r"\+(?<![\w+.].)[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)",
        keywords=("+",),
        valid=checks.international_phone,
        examples=("+44 20 7946 0958", "+61267881324", "+47 21 30 85 99", "tel:+4915123456789"),
        counterexamples=("1+123456", "+0 12 34 56 78", "+11111111111", "x = y +1234567"),
    ),
    Pattern(
        kind="phone_number",
        pattern=r"[0(](?<![\w.+/-].)(?:(?<=\()0\d{1,4}\) ?\d{3,4}[ -]?\d{3,5}|(?<=0)\d{2,4} \d{3,4} \d{3,4}|(?<=0)[1-9](?:[ .]\d\d){4})(?![\w-]|\.\d| \d)",
        valid=checks.local_phone,
        score=0.65,
        examples=("(02) 9876 5432", "020 7946 0958", "06 12 34 56 78"),
        counterexamples=("0123 456", "(0) 12 34", "0 1 2 3 4 5 6 7 8 9", "00 12 34 56 78"),
    ),
    Pattern(
        kind="phone_number",
        pattern=r"[0-9(](?<![\w.+-].)\d{0,4}(?:[ ()/.-]{0,2}\d){6,12}(?![\w-]|\.\d)",
        context=_PHONE_WORDS,
        valid=checks.local_phone,
        score=0.75,
        examples=(
            "Desk: 5551234567 ext 9",
            "telefon 030 1234567",
            "mobile: 07911 123456",
            "phone number: 212 555 0100",
        ),
        counterexamples=("call 2024-01-01", "call 1234567", "call 192.168.10.10", "contact id 1111111111"),
    ),
)

_MACHINES = (
    Pattern(
        kind="ip_address",
        pattern=rf"\d(?<![\w.:/-].)(?<![<>~^!]=.)\d{{0,2}}(?:\.{_OCTET}){{3}}(?![\w-]|\.\d)",
        keywords=(".",),
        valid=lambda text: checks.public_address(text) and max(map(int, text.split("."))) > 31,
        score=0.7,
        examples=("login from 203.0.113.9", "[198.51.100.7] in logs", "Server on 192.168.1.10 is online."),
        counterexamples=(
            "127.0.0.1",
            "256.1.1.1",
            "v10.2.3.4",
            "1.2.3.4.5",
            "255.255.255.0",
            "section 4.5.3.1",
        ),
    ),
    Pattern(
        kind="ip_address",
        pattern=rf"\d(?<![\w.:/-].)(?<![<>~^!]=.)\d?(?:\.{_OCTET}){{3}}(?![\w-]|\.\d)",
        valid=checks.public_address,
        context=(
            "ip",
            "ips",
            "ip address",
            "host",
            "hosts",
            "address",
            "addr",
            "server",
            "client",
            "login",
            "route",
            "dns",
            "ping",
            "node",
            "peer",
            "source",
            "visitor",
            "remote",
            "from",
        ),
        score=0.6,
        examples=("Hosts 10.0.0.1 up", "client 8.8.8.8 logged in"),
        counterexamples=("section 4.5.3.1", "release 10.2.3.4", "host 127.0.0.1"),
    ),
    Pattern(
        kind="ip_address",
        pattern=r"[0-9a-fA-F](?<![\w:.].)[0-9a-fA-F]{0,3}:(?:[0-9a-fA-F]{0,4}:){1,6}[0-9a-fA-F]{1,4}(?![\w:.])",
        keywords=(":",),
        valid=lambda text: ("::" in text or text.count(":") == 7) and checks.public_address(text),
        score=0.6,
        examples=("from 2001:db8:85a3:8d3:1319:8a2e:370:7348 today",),
        counterexamples=("12:30:45", "a:b:c", "00:1b:44:11:3a:b7", "std::vector", "::1"),
    ),
    Pattern(
        kind="mac_address",
        pattern=r"[0-9A-Fa-f](?<![\w:-].)[0-9A-Fa-f](?P<s>[:-])[0-9A-Fa-f]{2}(?P=s)[0-9A-Fa-f]{2}(?P=s)[0-9A-Fa-f]{2}(?P=s)[0-9A-Fa-f]{2}(?P=s)[0-9A-Fa-f]{2}(?![\w:-])",
        valid=lambda text: len(set(text.lower())) > 3,
        score=0.7,
        examples=("device 00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7"),
        counterexamples=("ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "00:1b:44:11:3a:b7:22"),
    ),
    Pattern(
        kind="crypto_wallet",
        pattern=r"[13](?<![A-Za-z0-9].)[1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])",
        valid=checks.base58_wallet,
        examples=("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",),
        counterexamples=("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",),
    ),
    Pattern(
        kind="crypto_wallet",
        pattern=r"(?<![A-Za-z0-9])(?:bc1[a-z0-9]{25,87}|BC1[A-Z0-9]{25,87})(?![A-Za-z0-9])",
        keywords=("bc1",),
        valid=checks.bech32_wallet,
        examples=("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",),
        counterexamples=("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mda",),
    ),
    Pattern(
        kind="crypto_wallet",
        pattern=r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])",
        keywords=("0x",),
        valid=lambda text: len(set(text[2:].lower())) > 4,
        context=("eth", "ethereum", "wallet", "address", "erc20", "usdt", "usdc", "metamask", "send", "pay"),
        score=0.8,
        examples=("my eth wallet 0x52908400098527886E0F7030069857D2E4169EE7",),
        counterexamples=(
            "hash 0x52908400098527886E0F7030069857D2E4169EE7",
            "address 0x0000000000000000000000000000000000000000",
        ),
    ),
)

_DOCUMENTS = (
    Pattern(
        kind="passport",
        pattern=r"(?i:passport(?:\s{0,2}(?:no\.?|number|num|nr\.?|id|#))?\s{0,2}(?:is\s|[:=#]|\s)\s{0,2}[\"']?)(?P<value>[A-Z]{0,2}\d{6,9}[A-Z]?)(?![\w-])",
        keywords=("passport",),
        score=0.9,
        examples=("Traveler Omar, passport X1234567, phone", "passport number: 123456789", "passport no. AB1234567"),
        counterexamples=("passport.js 123", "passport office opens 2024"),
    ),
    Pattern(
        kind="passport",
        pattern=r"(?<![\w-])[A-Z]{1,2}\d{6,8}(?![\w-])",
        context=("passport", "reisepass", "passeport", "pasaporte", "passaporto"),
        score=0.7,
        examples=("X1234567 is my passport",),
        counterexamples=("X1234567 is my order",),
    ),
    Pattern(
        kind="driving_licence",
        pattern=r"(?i:driv(?:er'?s?|ing)[ _-]?licen[cs]e(?:\s{0,2}(?:no\.?|number|num|id|#))?\s{0,2}(?:is\s|[:=#]|\s)\s{0,2}[\"']?)(?P<value>(?=[A-Z]{0,5}[\d -]{0,12}\d{4})[A-Z0-9][A-Z0-9 -]{4,17}[A-Z0-9])(?![\w-])",
        keywords=("driv",),
        score=0.85,
        examples=("driver's license number: D123-4567-8901", "driving licence no: MORGA657054SM9IJ"),
        counterexamples=("driver license expired", "driving licence number required"),
    ),
    Pattern(
        kind="date_of_birth",
        pattern=rf"(?<![\w./-])(?:{_MONTH_NUMBER}[/.-]{_DAY}[/.-](?:{_YEAR}|\d\d)|{_DAY}[/.-]{_MONTH_NUMBER}[/.-](?:{_YEAR}|\d\d)|{_YEAR}[/.-]{_MONTH_NUMBER}[/.-]{_DAY}|{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}|{_DAY}(?:st|nd|rd|th)? {_MONTH},? {_YEAR})(?![\w/-])",
        context=_BIRTH_WORDS,
        examples=(
            "DOB 03/15/1989 recorded",
            "born March 15, 1989 in Madrid",
            '"date_of_birth": "1990-01-31"',
            "geboren am 31.12.1980",
        ),
        counterexamples=("released 03/15/1989", "born 2026-99-99", "birth 1.2.3"),
    ),
    Pattern(
        kind="medical_record",
        pattern=r"(?i:(?<![a-z])(?:mrn|medical[ _-]?record(?:[ _-]?(?:number|no\.?|id))?|patient[ _-]?(?:id|number|no\.?))\s{0,2}(?:is\s|[:=#]|\s)\s{0,2}[\"']?)(?P<value>[A-Z]{0,3}-?\d{5,12})(?![\w-])",
        keywords=("mrn", "medical", "patient"),
        score=0.85,
        examples=("MRN 00987654.", "patient ID: 778899"),
        counterexamples=("patient number one", "mrn 12"),
    ),
    Pattern(
        kind="bank_account",
        pattern=r"(?i:(?<![a-z])(?:(?:bank|checking|savings)?[ _-]?account[ _-]?(?:number|no\.?|num|#)|acct\.?(?:[ _-]?(?:number|no\.?|#))?|aba|routing(?:[ _-]?(?:number|no\.?))?|sort[ _-]?code)\s{0,2}(?:is\s|[:=#]|\s)\s{0,2}[\"']?)(?P<value>\d{2}-\d{2}-\d{2}|\d{6,17})(?![\w-])",
        keywords=("account", "acct", "aba", "routing", "sort"),
        score=0.8,
        examples=("account number: 000123456789", "routing number 021000021", "sort code 12-34-56"),
        counterexamples=("account number of users", "aba routing"),
    ),
)


def patterns() -> tuple[Pattern, ...]:
    """Return the pack."""
    return _NUMBERS + _PHONES + _MACHINES + _DOCUMENTS
