"""The scanners that come with Referee, by the names policies use.

Rule 1: importing this loads no pack. The first scan of a scanner loads its patterns; a pattern compiles when it is needed.
Rule 2: ``KINDS`` is what the packs find, no more and no less; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from referee.scanners.matching import PatternScanner

if TYPE_CHECKING:
    from referee.scanners.pack import Pattern
    from referee.scanners.protocol import Scanner

PACKS: Final[dict[str, tuple[str, ...]]] = {
    "pii": ("pii", "identity"),
    "secret": ("tokens", "credentials"),
    "injection": ("injection",),
    "jailbreak": ("jailbreak",),
    "exfiltration": ("exfiltration",),
}

ALIASES: Final[dict[str, str]] = {
    "pii_detection": "pii",
    "secrets": "secret",
    "prompt_injection": "injection",
    "data_exfiltration": "exfiltration",
}

KINDS: Final[dict[str, frozenset[str]]] = {
    "pii": frozenset({
        "aadhaar", "ahv", "amka", "bank_account", "bsn", "cedula", "cnp", "codice_fiscale", "cpf", "cpr",
        "credit_card", "crypto_wallet", "cuit", "curp", "date_of_birth", "dni", "driving_licence", "egn", "ein",
        "email", "fodselsnummer", "hetu", "iban", "inn", "ip_address", "mac_address", "medical_record",
        "nhs_number", "nie", "nif", "nino", "nir", "oib", "pan", "passport", "personnummer", "pesel",
        "phone_number", "resident_id", "rfc", "rijksregister", "rodne_cislo", "rrn", "rut", "sin", "ssn",
        "steuer_id", "tckn", "teudat_zehut", "tfn", "thai_id", "vat_id", "za_id",
    }),
    "secret": frozenset({
        "adafruit_key", "age_key", "airtable_token", "algolia_key", "anthropic_key", "artifactory_token",
        "asana_token", "atlassian_token", "aws_access_key", "aws_bedrock_key", "aws_secret_key",
        "aws_session_token", "azure_key", "basic_auth", "basic_auth_url", "bearer_token", "bitbucket_token",
        "braintree_token", "buildkite_token", "circleci_token", "clickhouse_key", "cloudflare_key",
        "codecov_token", "cohere_key", "contentful_token", "crates_token", "database_url", "databricks_token",
        "datadog_key", "dependency_track_key", "digitalocean_token", "discord_token", "docker_token",
        "doppler_token", "dropbox_token", "duffel_token", "dynatrace_token", "easypost_key", "facebook_token",
        "fastly_token", "figma_token", "fireworks_key", "flutterwave_key", "fly_token", "generic_api_key",
        "github_token", "gitlab_token", "google_api_key", "google_oauth_secret", "google_oauth_token",
        "grafana_token", "groq_key", "heroku_key", "hf_token", "infracost_key", "jenkins_key", "jina_key",
        "jwt", "langsmith_key", "launchdarkly_key", "linear_key", "linkedin_secret", "mailchimp_key",
        "mailgun_key", "mapbox_token", "mistral_key", "netlify_token", "newrelic_key", "notion_key",
        "npm_token", "nuget_key", "okta_token", "openai_key", "openrouter_key", "pagerduty_key", "password",
        "perplexity_key", "planetscale_token", "postman_key", "postmark_key", "prefect_token", "private_key",
        "pulumi_token", "pypi_token", "readme_key", "replicate_token", "rubygems_token", "salesforce_token",
        "samsara_token", "sauce_token", "segment_token", "sendbird_key", "sendgrid_key", "sendinblue_key",
        "sentry_token", "shippo_token", "shodan_key", "shopify_token", "slack_token", "snyk_token",
        "sonar_token", "sourcegraph_token", "square_token", "ssh_key", "stackhawk_key", "stripe_key",
        "supabase_key", "tailscale_key", "tavily_key", "telegram_token", "terraform_token", "thingsboard_token",
        "travis_token", "truenas_key", "twilio_key", "twitch_key", "twitter_token", "typeform_token",
        "vault_token", "webhook_url", "xai_key", "yandex_key",
    }),
    "injection": frozenset({
        "concealment", "hidden_instruction", "hidden_text", "instruction_override", "persona", "prompt_leak",
        "role_forgery", "tool_poisoning",
    }),
    "jailbreak": frozenset({
        "jailbreak_game", "privileged_mode", "refusal_suppression", "unrestricted_persona",
    }),
    "exfiltration": frozenset({
        "dns_tunnel", "environment_to_url", "html_beacon", "known_sink", "markdown_image", "send_to_url",
        "upload_secret",
    }),
}  # fmt: skip


@cache
def builtin() -> dict[str, Scanner]:
    """Return the scanners by name, aliases included."""
    scanners: dict[str, Scanner] = {name: PatternScanner(name, _loader(modules)) for name, modules in PACKS.items()}
    return scanners | {alias: scanners[name] for alias, name in ALIASES.items()}


def _loader(modules: tuple[str, ...]) -> Callable[[], tuple[Pattern, ...]]:
    def load() -> tuple[Pattern, ...]:
        found = (import_module(f"referee.scanners.{module}").patterns() for module in modules)
        return tuple(pattern for patterns in found for pattern in patterns)

    return load
