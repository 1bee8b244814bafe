"""Secrets told by what stands around them: key blocks, signed tokens, URLs with a password, assignments.

Rule 1: an assigned value must look random, or be a quoted password that is neither a form, a word nor a variable.
Rule 2: the finding covers the secret part alone: the password of a URL, not the URL.
"""

# ruff: noqa: E501 - a pattern is read as one line, a table by its columns

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from referee.scanners import checks
from referee.scanners.pack import Pattern, body, hexadecimal, spell

_VARIABLE = re.compile(
    r"[$%&{<(#\\].*|arn:.*|\*.*|.*(?:\$\{|\$\(|#\{|\{\{|\(\)).*|\[.*\]|/.*|.*[:#]|[a-z_]+(?:\.[a-z_]+)+|(?:none|null|nil|true|false|undefined|required|optional|string|str|bytes"
    r"|password|passwd|pass|pwd|secret|token|user(?:name)?|admin|root|hidden|empty|default|prompt|text|value|env|self|test(?:ing)?"
    r"|(?:the|your|some|a|new|old|db|user|edit|confirm|reset|forgot|change|current|cms)?[_-]?(?:\w{1,12}_)?(?:pass|password|passwd|pwd|secret|passphrase|token|key)[_-]?\d{0,3})",
    re.IGNORECASE,
)


def jwt(text: str) -> bool:
    """Tell whether a text is a JSON web token: the header is a JSON object with an algorithm."""
    head = text.split(".", 1)[0]
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        return False
    return isinstance(header, dict) and bool({"alg", "enc", "typ"} & {str(key) for key in header})


def password(text: str) -> bool:
    """Tell whether a text may be a password: no form, no variable, not the word itself.

    >>> password("tr0ub4dor&3"), password("password"), password("$DB_PASS"), password("config.password")
    (True, False, False, False)
    """
    return len(text) >= 4 and _VARIABLE.fullmatch(text) is None and not checks.placeholder(text) and len(set(text)) >= 4


def strong_password(text: str) -> bool:
    """Tell whether an unquoted text may be a password: more than a word."""
    return (
        password(text) and any(c.isalpha() for c in text) and any(not c.isalpha() and c not in "_-./:," for c in text)
    )


def key_block(text: str) -> bool:
    """Tell whether a key block has a body that is more than a form."""
    inner = text.split("-----")[2] if text.count("-----") >= 2 else text
    return re.search(r"[A-Za-z0-9+/=]{16}", inner) is not None and not re.search(
        r"\.{3}|x{8}|<|\bYOUR|EXAMPLE|REDACTED", inner
    )


_QUOTE = r"[\"'`]"
_ASSIGN = r"\\?[\"'`\]]?\s{0,24}(?:=>|:=|[!=]==?|[=:,(]|\[)\s{0,4}\\?"
_SET = r"\\?[\"'`\]]?\s{0,24}(?:=>|:=|[!=]==?|[=:])\s{0,4}\\?"
_JWT_HEAD = spell("eyJhbGciOiJI", "UzI1NiIsInR5cCI6IkpXVCJ9")
_KEY_NAME = (
    r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))(?i:(?:api|app|application|access|auth|client|consumer|encryption|master|private|secret|service|session|signing"
    r"|account|admin|deploy|webhook|refresh|bot|jwt|hmac|license|unseal|provision|reporter|x)[ _.-]{0,2}(?:api[ _.-]{0,2}|access[ _.-]{0,2})?(?:key|token|secret|auth)s?"
    r"|(?:secret|token|apikey|credentials?|auth|login|preshared ?key|private ?key|reporter[_-]id))"
)

_BLOCKS = (
    Pattern(
        kind="private_key",
        pattern=r"-----BEGIN (?!OPENSSH)(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){1,12000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?",
        keywords=("private key",),
        valid=key_block,
        examples=(
            spell(
                "-----BEGIN RSA PRIV", "ATE KEY-----\n", body(64), "\n", body(60), "\n-----END RSA PRIV", "ATE KEY-----"
            ),
            spell("-----BEGIN PRIV", "ATE KEY-----\\n", body(64), "\\n-----END PRIV", "ATE KEY-----"),
        ),
        counterexamples=(
            spell("-----BEGIN RSA PRIV", "ATE KEY-----\n...\n-----END RSA PRIV", "ATE KEY-----"),
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        ),
    ),
    Pattern(
        kind="ssh_key",
        pattern=r"-----BEGIN OPENSSH PRIVATE KEY-----(?:[^-]|-(?!----)){1,12000}(?:-----END OPENSSH PRIVATE KEY-----)?|PuTTY-User-Key-File-[23]: [^\x00]{1,4000}?Private-Lines: \d{1,3}\s{1,2}[A-Za-z0-9+/=\s]{16,8000}",
        keywords=("private key", "putty-user-key-file"),
        valid=key_block,
        examples=(
            spell("-----BEGIN OPENSSH PRIV", "ATE KEY-----\n", body(64), "\n-----END OPENSSH PRIV", "ATE KEY-----"),
        ),
        counterexamples=("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq7 laptop",),
    ),
    Pattern(
        kind="jwt",
        pattern=r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{2,8000}\.[A-Za-z0-9_-]{0,2000}(?:\.[A-Za-z0-9_-]{1,4000}){0,2}",
        keywords=("eyj",),
        valid=jwt,
        examples=(spell(_JWT_HEAD, ".", "eyJzdWIiOiI3MzkxIn0", ".", body(43)),),
        counterexamples=("eyJhbGciOiJ.eyJzdWIi", "eyJxxxxxxxxxxxxxxxxx.yyyyyyyyyyyyyyyyy.zzzzzzzzzzzzzz"),
    ),
)

_URLS = (
    Pattern(
        kind="database_url",
        pattern=r"(?i:(?<![a-z0-9])(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver|oracle|clickhouse|cockroachdb|snowflake|kafka|nats)(?:\+[a-z0-9]{1,20})?://)[^\s:/@\"'<>]{0,80}:(?P<value>[^\s/@\"'<>]{3,120})@[\w.\[\]:%-]{1,200}",
        keywords=("://",),
        valid=password,
        examples=("postgres://app:" + body(12) + "@db.internal:5432/app", "redis://:" + body(16) + "@cache:6379/0"),
        counterexamples=(
            "postgres://app:${DB_PASSWORD}@db/app",
            "postgres://user:password@localhost/app",
            "mysql://db/app",
        ),
    ),
    Pattern(
        kind="basic_auth_url",
        pattern=r"(?i:(?<![a-z0-9])(?:https?|ftps?|sftp|ssh|smtps?|imaps?|ldaps?|git|svn)://)[^\s:/@\"'<>?#]{1,80}:(?P<value>[^\s/@\"'<>?#]{3,120})@[\w.\[\]:%-]{1,200}",
        keywords=("://",),
        valid=password,
        examples=("https://deploy:" + body(14) + "@git.internal/app.git",),
        counterexamples=("https://user:password@example.com", "https://host:8080/@user", "https://user:${PASS}@host"),
    ),
    Pattern(
        kind="bearer_token",
        pattern=r"(?i:(?<![a-z])bearer|authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?token)\s{1,3}(?P<value>[A-Za-z0-9._~+/-]{12,2000}={0,2})",
        keywords=("bearer", "authorization"),
        valid=checks.generic_key,
        score=0.9,
        examples=("Authorization: Bearer " + body(32), "authorization: token " + hexadecimal(40)),
        counterexamples=("Authorization: Bearer YOUR_ACCESS_TOKEN_HERE_1", "bearer authentication-is-required-here"),
    ),
    Pattern(
        kind="basic_auth",
        pattern=r"(?i:authorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:basic)\s{1,3}(?P<value>[A-Za-z0-9+/]{12,400}={0,2})",
        keywords=("basic",),
        valid=checks.token,
        score=0.9,
        examples=("Authorization: Basic " + body(24),),
        counterexamples=("Authorization: Basic xxxxxxxxxxxxxxxx",),
    ),
)

_ASSIGNED = (
    Pattern(
        kind="generic_api_key",
        pattern=rf"{_KEY_NAME}[\w.-]{{0,24}}{_ASSIGN}{_QUOTE}?(?<![A-Za-z0-9_.+/-])(?P<value>[A-Za-z0-9_.+/~-]{{16,300}}={{0,2}})(?![A-Za-z0-9_(\[])",
        keywords=("key", "token", "secret", "auth", "credential", "login", "reporter"),
        valid=checks.generic_key,
        score=0.8,
        examples=(f'api_key = "{body(32)}"', f"CLIENT_SECRET={body(40)}", f'"access_token": "{hexadecimal(40)}"'),
        counterexamples=(
            'api_key = "YOUR_API_KEY"',
            'token = os.environ["GITHUB_TOKEN"]',
            "secret_key = get_secret_key_from_vault()",
            "auth_token: ${AUTH_TOKEN}",
            f'checksum = "{hexadecimal(64)}"',
        ),
    ),
    Pattern(
        kind="password",
        pattern=rf"(?:(?<![A-Za-z])|(?<=[a-z0-9])(?=[A-Z]))(?i:password|passwd|passphrase|pwd|pass(?![a-z])|(?:jwt|client|creds?\.|app)[_.]?secret)\w{{0,8}}{_SET}(?P<q>{_QUOTE})(?P<value>(?:(?!\\?(?P=q))\S){{4,120}})\\?(?P=q)",
        keywords=("pass", "pwd"),
        valid=password,
        score=0.8,
        examples=('password = "tr0ub4dor&3"', "'db_password': 'Winter2026!'"),
        counterexamples=(
            'password = "password"',
            'password: "${DB_PASSWORD}"',
            'password = ""',
            'label = "password"',
            '"passenger", "rear_left"',
        ),
    ),
    Pattern(
        kind="password",
        pattern=r"(?i:(?<![a-z])(?:password|passwd|passphrase|pwd|passwort|contrasena|pw)(?: is| was)?)\s{0,3}[:= ]\s{0,3}(?P<value>[^\s\"'`,;()\[\]{}<>]{6,120})",
        keywords=("passw", "pwd", "pw", "passphrase", "contrasena"),
        valid=strong_password,
        score=0.7,
        examples=("the password is Winter2026!", "DB_PASSWORD=tr0ub4dor&3", "pwd: s3cr3tPhrase"),
        counterexamples=("password is required", "password: str", "password reset2fa.example.com"),
    ),
    Pattern(
        kind="password",
        pattern=r"(?:^|(?<=\n))[ \t#]{0,8}(?:export |set )?[A-Z][A-Z0-9_]{0,40}(?:PASS|PASSWD|PASSWORD|PWD|SECRET)[ \t]?=[ \t]?(?P<value>[^\s\"'`;$()<>{}\[\]]{4,120})(?=\s|$)",
        keywords=("pass", "pwd", "secret"),
        valid=password,
        score=0.7,
        examples=("REACT_APP_AUTH_PASS=whiteduke", "export DB_PASSWORD=mellon7"),
        counterexamples=("DB_PASSWORD=password", "DB_PASSWORD=$PASS", "MIN_PASSWORD = len(password)"),
    ),
    Pattern(
        kind="password",
        pattern=r"(?i:(?<![a-z])(?:server|data source|uid|user id|user|host|driver|database|initial catalog)\s?=[^;\n\"']{1,80};(?:[^;\n\"']{1,80};){0,6}?\s?(?:password|pwd)\s?=\s?)(?P<value>[^;\s\"'{}$#]{4,120})",
        keywords=("pwd", "password"),
        valid=password,
        score=0.8,
        examples=("Server=host;Port=5432;User Id=app;Password=mellon;Database=x;",),
        counterexamples=("Server=host;Password=${PASS};",),
    ),
    Pattern(
        kind="password",
        pattern=r"(?i:(?<![a-z])(?:password|passphrase|passwd)(?: for [^\n:=]{1,40}?)?(?: is|:)? )(?P<q>[\"'])(?P<value>(?:(?!(?P=q))[^\s\\]){4,64})(?P=q)",
        keywords=("password", "passphrase", "passwd"),
        valid=password,
        score=0.7,
        examples=("The default Password is 'blooberry'", "password 'mellon7'"),
        counterexamples=("the password 'password'", 'password "${pass}"'),
    ),
    Pattern(
        kind="password",
        pattern=r"(?:NetworkCredential|DirectoryEntry|PasswordAuthentication)\s?\((?:[^\"'\n)]{0,40}[\"'][^\"'\n]{1,80}[\"']\s{0,20},\s{0,20}){1,2}[\"'](?P<value>[^\"'\s]{4,120})[\"']",
        keywords=("networkcredential", "directoryentry", "passwordauthentication"),
        valid=password,
        score=0.8,
        examples=('new NetworkCredential("joe", "vzihlaqu")',),
        counterexamples=('new NetworkCredential("joe", "password")',),
    ),
    Pattern(
        kind="password",
        pattern=r"(?i:(?:user(?:name)?|login|u)\s{0,2}[:= ]\s{0,2}\S{1,64}\s{1,4}(?:password|passwd|pass|pw|p)\s{0,2}[:= ]\s{0,2})(?P<value>[^\s\"'`,;()\[\]{}<>]{4,120})",
        keywords=("user", "login", "u:"),
        valid=password,
        score=0.7,
        examples=("username: jdoe\npassword: crickets", "login jdoe pw biggreenhat"),
        counterexamples=("username and password required",),
    ),
    Pattern(
        kind="password",
        pattern=r"(?i:(?<![a-z])(?:curl|wget|sshpass|mysql|psql|net use|psexec(?:\.exe)?|connect-viserver)(?![a-z])[^\n]{0,200}?\s(?:-u\s{0,2}[^\s:\"']{1,64}:|-p\s?|-pass(?:word)?\s|--password[= ]|--user[= ][^\s:]{1,64}:))[\"']?(?P<value>[^\s\"'`$]{4,120})",
        keywords=("curl", "wget", "sshpass", "mysql", "psql", "net use", "psexec", "viserver"),
        valid=strong_password,
        score=0.8,
        examples=("curl -u admin:tr0ub4dor https://host/", "sshpass -p Winter2026 ssh host"),
        counterexamples=("curl -u $USER:$PASS https://host/", "mysql -p production"),
    ),
)


def patterns() -> tuple[Pattern, ...]:
    """Return the pack."""
    return _BLOCKS + _URLS + _ASSIGNED
