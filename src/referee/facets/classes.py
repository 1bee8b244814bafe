"""What kind of file a path names, by its spelling alone.

Rule 1: one table of patterns gives classes; another takes the secret ones away again from samples and public halves.
Rule 2: matching ignores case, for a file system may.
Rule 3: a glob in a path has the classes of every well-known secret file it can match.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

PATTERNS: Final[dict[str, tuple[str, ...]]] = {
    "env_file": (".env", ".env.*", "*.env", ".envrc", ".flaskenv", ".dev.vars"),
    "private_key": (
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", "id_rsa.*", "id_ed25519.*",
        "*.key", "*.ppk", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.p8", "*-key.pem", "*_key.pem", "key.pem",
        "privkey*.pem", "private*.pem", "server.pem", "*.keytab", "identity.pem", "ssh_host_*_key", "secring.gpg",
        "private-keys-v1.d/**", "*.kdbx", "wallet.dat", "*.agekey", "*_rsa", "*_ed25519", "*.pem",
    ),
    "credential": (
        ".aws/credentials", ".aws/config", ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".pypirc",
        ".git-credentials", ".docker/config.json", ".dockercfg", ".dockerconfigjson", ".kube/config", "kubeconfig",
        "*.kubeconfig", ".config/gcloud/**", "application_default_credentials.json", "service-account*.json",
        "service_account*.json", "*credentials*.json", "credentials", "credentials.*", ".azure/**",
        ".config/gh/hosts.yml", ".config/hub", ".htpasswd", "htpasswd", "etc/shadow", "etc/shadow-", "etc/gshadow",
        "etc/sudoers", "etc/sudoers.d/*", "etc/master.passwd", "proc/*/environ", ".terraform.d/credentials.tfrc.json",
        ".terraformrc", ".cargo/credentials*", ".gem/credentials", ".m2/settings.xml", ".boto", ".s3cfg", ".ssh/config",
        ".ssh/**", ".ssh", ".gnupg/**", ".gnupg", ".vault-token", ".password-store/**", "*.ovpn", ".claude/.credentials.json",
        ".codex/auth.json", ".config/op/**", "login data", "key4.db", "logins.json", "cookies.sqlite", ".rclone.conf",
        "rclone.conf", ".mozilla/**/*.sqlite", "keychains/**", ".kaggle/kaggle.json", ".huggingface/token", "sam",
        ".config/rclone/**", "*.tfstate", "*.tfstate.backup", "run/secrets/**", "serviceaccount/token", ".bash_history",
        ".zsh_history", ".psql_history", ".mysql_history", ".python_history", ".vnc/passwd", "consolehost_history.txt",
        ".cache/huggingface/token", "ntds.dit", ".pgpass.*",
    ),
    "secret": (
        "secrets/**", ".secrets/**", "secrets.*", "secret.*", ".secrets", ".secret", "*.secret", "*.secrets",
        "*-secrets.y*ml", "*_secrets.y*ml", "*-secret.y*ml", "master.key", "*.enc.key", "api_key*", "apikey*",
        "*_token.txt", "token.txt", "tokens.json", "passwords.*", "passwd.txt", "password.txt", "vault.y*ml",
        "vault-pass*", ".vault_pass*", "terraform.tfvars", "*.auto.tfvars", "prod*.tfvars",
    ),
    "source": (
        "*.py", "*.js", "*.mjs", "*.cjs", "*.ts", "*.tsx", "*.jsx", "*.go", "*.rs", "*.java", "*.kt", "*.c", "*.cc",
        "*.cpp", "*.h", "*.hpp", "*.cs", "*.rb", "*.php", "*.swift", "*.scala", "*.sh", "*.bash", "*.zsh", "*.pl",
        "*.lua", "*.ex", "*.exs", "*.erl", "*.hs", "*.clj", "*.dart", "*.vue", "*.svelte", "*.sql", "*.css", "*.scss",
        "*.html", "*.r", "*.m", "*.mm", "*.zig", "*.ps1", "*.pyi",
    ),
    "test": (
        "test/**", "tests/**", "spec/**", "specs/**", "__tests__/**", "testdata/**", "fixtures/**", "test_*.py",
        "*_test.*", "*.test.*", "*.spec.*", "conftest.py", "*_spec.rb", "e2e/**",
    ),
    "docs": (
        "docs/**", "doc/**", "*.md", "*.mdx", "*.rst", "*.adoc", "readme*", "changelog*", "license*", "contributing*",
    ),
    "auth": (
        "auth/**", "authn/**", "authz/**", "authentication/**", "authorization/**", "oauth/**", "oauth2/**", "iam/**",
        "rbac/**", "login/**", "sso/**", "saml/**", "permissions/**", "auth.*", "*_auth.*", "*-auth.*", "auth_*",
        "auth-*", "oauth.*", "login.*", "jwt.*", "permissions.*", "passwords.py", "session*.py",
    ),
    "payment": (
        "payment/**", "payments/**", "billing/**", "invoicing/**", "checkout/**", "stripe/**", "payouts/**",
        "payment*.*", "billing*.*", "checkout.*", "stripe*.*", "invoice*.*", "refund*.*", "subscription*.*",
    ),
    "infra": (
        "*.tf", "*.tfvars", "*.hcl", "terraform/**", "infra/**", "infrastructure/**", "k8s/**", "kubernetes/**",
        "helm/**", "charts/**", "ansible/**", "pulumi/**", "pulumi.*.yaml", "pulumi.yaml", "cloudformation/**",
        "cdk.json", "dockerfile", "dockerfile.*", "*.dockerfile", "docker-compose*.y*ml", "compose.y*ml", "kustomization.y*ml",
        "chart.yaml", "nginx.conf", "serverless.y*ml", "vagrantfile", "packer/**", "*.bicep",
    ),
    "ci_cd": (
        ".github/workflows/**", ".github/actions/**", ".gitlab-ci.yml", ".gitlab/ci/**", "jenkinsfile", "jenkinsfile.*",
        ".circleci/**", ".travis.yml", "azure-pipelines*.yml", ".buildkite/**", ".drone.yml", "bitbucket-pipelines.yml",
        "cloudbuild.y*ml", ".woodpecker/**", ".woodpecker.yml", ".tekton/**", "appveyor.yml", "buildspec.y*ml",
        ".git/hooks/*", ".husky/**", ".pre-commit-config.yaml", ".ci/**",
    ),
    "migration": (
        "migrations/**", "migration/**", "migrate/**", "alembic/**", "alembic.ini", "flyway/**", "liquibase/**", "schema.prisma",
        "db/schema.rb", "db/structure.sql",
    ),
    "deployment": (
        "deploy/**", "deployment/**", "deployments/**", "deploy.*", "deploy-*", "deployment*.y*ml", "release.sh", "procfile",
        "fly.toml", "vercel.json", "netlify.toml", "app.yaml", "render.yaml", "argocd/**", "skaffold.yaml", "capfile",
        "ecosystem.config.js", "appspec.y*ml",
    ),
    "backup": (
        "backup/**", "backups/**", ".backup/**", "*.bak", "*.backup", "*.dump", "*.sql.gz", "*_backup.*", "*-backup.*",
        "backup-*", "backup_*", "backup.*", "*.old", "snapshots/**",
    ),
    "data_export": (
        "exports/**", "export/**", "data_export*", "data-export*", "*_export.csv", "*-export.csv", "*_export.xlsx", "*_export.json",
        "export_*.csv", "export-*.csv", "customers*.csv", "users*.csv", "*_dump.csv", "customers*.xlsx",
    ),
    "agent_config": (
        ".claude/settings*.json", ".claude/hooks/**", ".claude/agents/**", ".claude/commands/**", ".claude/skills/**",
        ".claude.json", "claude.md", "agents.md", "gemini.md", ".mcp.json", "mcp.json", ".cursor/**", ".cursorrules",
        ".cursorignore", ".codex/**", ".gemini/**", ".copilot/**", ".github/copilot-instructions.md", ".github/hooks/**",
        ".windsurf/**", ".windsurfrules", ".codeium/**", ".clinerules", ".clinerules/**", ".opencode/**", "opencode.json*",
        ".aider*", ".continue/**", ".roo/**", ".referee/**", "referee.y*ml", "referee.toml", "*.referee.y*ml",
        "policy.y*ml", "policies/*.y*ml", ".config/referee/**", "etc/referee/**", "etc/claude-code/**", "etc/cursor/**",
        "managed-settings.json",
    ),
}  # fmt: skip

SECRETS: Final = frozenset({"secret", "credential", "private_key", "env_file"})
_HARMLESS: Final = (
    "*.example", "*.sample", "*.template", "*.tmpl", "*.dist", "*.example.*", "*.sample.*", "*.template.*",
    "*-example.*", "*_example.*", "*-sample.*", "example.*", "sample.*", "*.pub", "*.env.default", "*.env.defaults",
    "*.env.schema", "*.env.dist", ".env.*.example", "*.md", "*.mdx", "*.rst", "*.d.ts", "*.env.ts", "*.env.js", "*.crt",
    "*.cer", "known_hosts", "known_hosts.old", "cacert.pem", "ca.pem", "ca-bundle.pem", "*-ca.pem", "cert.pem",
    "fullchain.pem", "chain.pem", "*-cert.pem", "*_cert.pem", "*_pub.pem", "public*.pem", "*public*.pem",
    "*.pub.pem", "roots.pem", "certs.pem", "dhparam*.pem", "csr.pem", "allowed_signers", "*.html",
)  # fmt: skip
_SOURCES: Final = (
    ".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".go", ".rs", ".java", ".kt", ".rb", ".php", ".c",
    ".h", ".cc", ".cpp", ".hpp", ".cs", ".swift", ".scala", ".vue", ".svelte", ".sql", ".css", ".scss", ".ex", ".exs",
    ".sh", ".proto", ".graphql", ".svg", ".png", ".snap", ".rego", ".cedar", ".tf",
)  # fmt: skip
_KNOWN: Final = (
    ".env", ".env.local", ".env.production", "id_rsa", "id_ed25519", "id_ecdsa", ".ssh/id_rsa", ".ssh/id_ed25519",
    ".aws/credentials", ".netrc", ".npmrc", ".pypirc", ".git-credentials", "etc/shadow", ".kube/config", "server.key",
    "private.pem", "credentials.json", "secrets.yml", "secrets.yaml", ".docker/config.json", ".pgpass",
)  # fmt: skip


@lru_cache(maxsize=8192)
def classes(path: str) -> tuple[str, ...]:
    """List the classes of the file that ``path`` names, sorted.

    >>> classes("/srv/app/.env"), classes("app/.env.example"), classes("/home/u/.ssh/id_rsa.pub")
    (('env_file',), (), ())
    """
    text = path[-4096:].replace("\\", "/").lower().strip("/")
    found = _table_classes(text)
    if any(mark in text for mark in "*?["):
        found = found.union(*(_table_classes(known) for known in _KNOWN if _may_match(text, known)))
    return tuple(sorted(found))


def _table_classes(text: str) -> frozenset[str]:
    found = {name for name, pattern in _compiled() if pattern.search(text)}
    if found & SECRETS and _is_harmless(text, text.rpartition("/")[2]):
        found -= SECRETS
    return frozenset(found)


def _is_harmless(text: str, name: str) -> bool:
    """Tell samples, public halves and program text from secrets; inside a folder of keys only public halves are."""
    if name.endswith(_SOURCES):
        return True
    return any(fnmatchcase(name, pattern) for pattern in _HARMLESS) or text.startswith("usr/share/")


def _may_match(text: str, known: str) -> bool:
    """Tell whether a glob can mean a well-known secret file; one that could mean anything but hidden files does not count."""
    parts = text.split("/")[-(known.count("/") + 1) :]
    glob = "/".join(parts)
    literal = [letter for letter in parts[-1] if letter not in "*?[]"]
    return (len(literal) >= 2 or parts[-1].startswith(".")) and fnmatchcase(known, glob)


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile("|".join(map(_regex, patterns)))) for name, patterns in PATTERNS.items())


def _regex(pattern: str) -> str:
    """Translate a pattern: it holds for whole components at the end of a path, or for a folder anywhere with ``/**``."""
    folder = pattern.endswith("/**")
    body = re.escape(pattern[:-3] if folder else pattern).replace(r"/\*\*/", "/(?:.*/)?").replace(r"\*", "[^/]*")
    return f"(?:^|/){body}" + ("/" if folder else "$")
