"""Keys whose form says what they are: the tokens of providers.

Rule 1: a form is a fixed prefix or a fixed length beside the provider's name; the text after it must be more than a form.
Rule 2: the placeholder of each form is a counterexample.
"""

# ruff: noqa: E501 - a pattern is read as one line, a table by its columns

from __future__ import annotations

import re

from referee.scanners import checks
from referee.scanners.pack import Pattern, body, hexadecimal, spell, upper

_A = "[A-Za-z0-9]"
_W = "[A-Za-z0-9_-]"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID_EXAMPLE = "3f9a0c7e-15d8-4264-9b3e-7c0f15d8b264"
_START, _END = r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9])"


def _prefixed(kind: str, keyword: str, form: str, *examples: str, placeholder: bool = True) -> Pattern:
    form_only = keyword + "x" * (len(examples[0]) - len(keyword))
    return Pattern(
        kind=kind,
        pattern=f"{_START}(?:{form}){_END}",
        keywords=(keyword.lower(),),
        valid=checks.token,
        examples=examples,
        counterexamples=(form_only,) if placeholder else (),
    )


def _beside(kind: str, name: str, form: str, example: str, label: str = "") -> Pattern:
    """Make the pattern of a value without a form of its own, that follows the provider's name in an assignment."""
    label = label or f"{re.split(r'[^a-z]', name)[0]}_api_key"
    return Pattern(
        kind=kind,
        pattern=rf"(?i:(?<![a-z]){name})[\w .-]{{0,40}}?[\"']?\s{{0,4}}(?:=>|:=|[=:,(]|\s)\s{{0,4}}[\"'`]?(?<![A-Za-z0-9])(?P<value>{form}){_END}",
        keywords=(label.split("_")[0],),
        valid=checks.generic_key,
        score=0.9,
        examples=(f'{label} = "{example}"',),
        counterexamples=(f'{label} = "{"x" * len(example)}"',),
    )


_PREFIXED = (
    _prefixed("aws_access_key", "AKIA", "(?:A3T[A-Z0-9]|AKIA|ABIA|ACCA)[A-Z2-7]{16}", "AKIA" + upper(16)),
    _prefixed("aws_access_key", "ASIA", "ASIA[A-Z2-7]{16}", "ASIA" + upper(16)),
    _prefixed("aws_bedrock_key", "ABSK", "ABSK[A-Za-z0-9+/]{109,269}={0,2}", "ABSK" + body(128)),
    _prefixed("github_token", "ghp_", f"ghp_{_A}{{36}}", "ghp_" + body(36)),
    _prefixed("github_token", "gho_", f"gho_{_A}{{36}}", "gho_" + body(36)),
    _prefixed("github_token", "ghu_", f"ghu_{_A}{{36}}", "ghu_" + body(36)),
    _prefixed("github_token", "ghs_", f"ghs_{_A}{{36}}", "ghs_" + body(36)),
    _prefixed("github_token", "ghr_", f"ghr_{_A}{{36,76}}", "ghr_" + body(76)),
    _prefixed("github_token", "github_pat_", r"github_pat_\w{22}_\w{59}", f"github_pat_{body(22)}_{body(59)}"),
    _prefixed("gitlab_token", "glpat-", f"glpat-{_W}{{20,300}}", "glpat-" + body(20)),
    _prefixed("gitlab_token", "gldt-", f"gldt-{_W}{{20,300}}", "gldt-" + body(20)),
    _prefixed("gitlab_token", "glrt-", f"glrt-{_W}{{20,300}}", "glrt-" + body(20)),
    _prefixed("gitlab_token", "glptt-", "glptt-[0-9a-f]{40}", "glptt-" + hexadecimal(40)),
    _prefixed("gitlab_token", "GR1348941", f"GR1348941{_W}{{20,50}}", "GR1348941" + body(20)),
    _prefixed("gitlab_token", "glcbt-", f"glcbt-{_W}{{20,70}}", "glcbt-" + body(24)),
    _prefixed("slack_token", "xoxb-", r"xoxb-[0-9]{8,14}-[0-9A-Za-z-]{10,80}", f"xoxb-{'7391640285'}-{body(24)}"),
    _prefixed("slack_token", "xoxp-", r"xoxp-[0-9]{8,14}-[0-9A-Za-z-]{20,120}", f"xoxp-{'7391640285'}-{body(40)}"),
    _prefixed("slack_token", "xoxa-", r"xox[ar]-[0-9A-Za-z-]{20,120}", "xoxa-" + body(40)),
    _prefixed("slack_token", "xoxe", r"xoxe(?:\.xox[bp])?-[0-9]-[0-9A-Za-z]{80,200}", "xoxe-1-" + body(146)),
    _prefixed("slack_token", "xoxs-", r"xoxs-[0-9A-Za-z-]{20,120}", "xoxs-" + body(40)),
    _prefixed(
        "slack_token",
        "xapp-",
        r"xapp-[0-9]-[A-Z0-9]{6,14}-[0-9]{8,14}-[0-9a-f]{20,80}",
        f"xapp-1-{upper(11)}-7391640285-{hexadecimal(64)}",
    ),
    _prefixed("stripe_key", "sk_live_", f"sk_live_{_A}{{16,120}}", "sk_live_" + body(24)),
    _prefixed("stripe_key", "rk_live_", f"rk_live_{_A}{{16,120}}", "rk_live_" + body(24)),
    _prefixed("stripe_key", "sk_test_", f"[sr]k_test_{_A}{{16,120}}", "sk_test_" + body(24)),
    _prefixed("stripe_key", "whsec_", "whsec_[A-Za-z0-9+/=]{32,80}", "whsec_" + body(32)),
    _prefixed("google_api_key", "AIza", f"AIza{_W}{{35}}", "AIza" + body(35)),
    _prefixed("google_oauth_token", "ya29.", rf"ya29\.{_W}{{20,1024}}", "ya29." + body(60)),
    _prefixed("google_oauth_secret", "GOCSPX-", f"GOCSPX-{_W}{{28}}", "GOCSPX-" + body(28)),
    _prefixed("openai_key", "sk-proj-", f"sk-(?:proj|svcacct|admin)-{_W}{{40,200}}", "sk-proj-" + body(60)),
    _prefixed(
        "openai_key",
        "T3BlbkFJ",
        f"sk-{_W}{{20,100}}T3BlbkFJ{_W}{{20,100}}",
        spell("sk-", body(20), "T3Blb", "kFJ", body(20)),
        placeholder=False,
    ),
    _prefixed("openai_key", "sk-", f"sk-{_A}{{48}}", "sk-" + body(48)),
    _prefixed(
        "anthropic_key",
        "sk-ant-",
        rf"sk-ant-(?:api|admin|sid|oat)[0-9]{{2}}-{_W}{{60,120}}",
        f"sk-ant-api03-{body(93)}AA",
    ),
    _prefixed("openrouter_key", "sk-or-v1-", "sk-or-v1-[0-9a-f]{64}", "sk-or-v1-" + hexadecimal(64)),
    _prefixed("npm_token", "npm_", f"npm_{_A}{{36}}", "npm_" + body(36)),
    _prefixed("pypi_token", "pypi-", f"pypi-AgE[A-Za-z0-9]{_W}{{60,300}}", f"pypi-AgEIcHlwaS5vcmc{body(80)}"),
    _prefixed("rubygems_token", "rubygems_", "rubygems_[0-9a-f]{48}", "rubygems_" + hexadecimal(48)),
    _prefixed("nuget_key", "oy2", "oy2[a-z0-9]{43}", "oy2" + hexadecimal(43)),
    _prefixed("crates_token", "cio", f"cio{_A}{{32}}", "cio" + body(32)),
    _prefixed("hf_token", "hf_", "hf_[A-Za-z]{30,40}", "hf_" + body(34, "ZkvQwLxRtNpHdYcMfBjGsTaUeViW")),
    _prefixed("twilio_key", "SK", "SK[0-9a-f]{32}", "SK" + hexadecimal(32)),
    _prefixed("sendgrid_key", "SG.", rf"SG\.{_W}{{22}}\.{_W}{{43}}", f"SG.{body(22)}.{body(43)}", placeholder=False),
    _prefixed("mailgun_key", "key-", "key-[0-9a-f]{32}", "key-" + hexadecimal(32)),
    _prefixed("mailchimp_key", "-us", "[0-9a-f]{32}-us[0-9]{1,2}", hexadecimal(32) + "-us12", placeholder=False),
    _prefixed(
        "sendinblue_key", "xkeysib-", f"xkeysib-[0-9a-f]{{64}}-{_A}{{16}}", f"xkeysib-{hexadecimal(64)}-{body(16)}"
    ),
    _prefixed("telegram_token", ":AA", rf"[0-9]{{8,10}}:AA{_W}{{32,35}}", "739164028:AA" + body(33), placeholder=False),
    _prefixed("shopify_token", "shpat_", "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}", "shpat_" + hexadecimal(32)),
    _prefixed("shopify_token", "shp", "shp(?:ca|pa|ss)_[0-9a-fA-F]{32}", "shpss_" + hexadecimal(32), placeholder=False),
    _prefixed("square_token", "sq0", f"sq0(?:atp|csp|idp)-{_W}{{22,43}}", "sq0atp-" + body(22)),
    _prefixed("square_token", "EAAA", f"EAAA{_W}{{60}}", "EAAA" + body(60)),
    _prefixed("facebook_token", "EAA", f"EAA(?:CEdEose0cBA|[A-Z]){_A}{{90,300}}", "EAAB" + body(120)),
    _prefixed("digitalocean_token", "do", "do[opr]_v1_[0-9a-f]{64}", "dop_v1_" + hexadecimal(64), placeholder=False),
    _prefixed(
        "doppler_token",
        "dp.",
        rf"dp\.(?:ct|pt|st|sa|scim|audit)\.(?:[a-z0-9_-]{{2,35}}\.)?{_A}{{40,44}}",
        "dp.pt." + body(43),
    ),
    _prefixed("linear_key", "lin_api_", f"lin_api_{_A}{{40}}", "lin_api_" + body(40)),
    _prefixed("notion_key", "ntn_", f"ntn_[0-9]{{11}}{_A}{{35}}", "ntn_73916402851" + body(35)),
    _prefixed("notion_key", "secret_", f"secret_{_A}{{43}}", "secret_" + body(43)),
    _prefixed("figma_token", "fig", f"fig[dopu]r?_{_W}{{40,60}}", "figd_" + body(40)),
    _prefixed("postman_key", "PMAK-", "PMAK-[0-9a-f]{24}-[0-9a-f]{34}", f"PMAK-{hexadecimal(24)}-{hexadecimal(34)}"),
    _prefixed("pulumi_token", "pul-", "pul-[0-9a-f]{40}", "pul-" + hexadecimal(40)),
    _prefixed(
        "terraform_token",
        ".atlasv1.",
        rf"{_A}{{14}}\.atlasv1\.{_W}{{60,70}}",
        f"{body(14)}.atlasv1.{body(67)}",
        placeholder=False,
    ),
    _prefixed("vault_token", "hvs.", rf"hvs\.{_W}{{24,400}}", "hvs." + body(95)),
    _prefixed("vault_token", "hvb.", rf"hv[br]\.{_W}{{100,400}}", "hvb." + body(140)),
    _prefixed("vault_token", "s.CAES", rf"s\.CAES{_W}{{60,200}}", "s.CAES" + body(90)),
    _prefixed("databricks_token", "dapi", "dapi[0-9a-f]{32}(?:-[0-9])?", "dapi" + hexadecimal(32)),
    _prefixed("dropbox_token", "sl.", rf"sl\.(?:u\.)?{_W}{{130,1000}}", "sl." + body(140)),
    _prefixed("adafruit_key", "aio_", f"aio_{_A}{{28}}", "aio_" + body(28)),
    _prefixed(
        "age_key",
        "AGE-SECRET-KEY-1",
        "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
        "AGE-SECRET-KEY-1" + body(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    ),
    _prefixed("docker_token", "dckr_pat_", f"dckr_(?:pat|oat)_{_W}{{27,40}}", "dckr_pat_" + body(27)),
    _prefixed("grafana_token", "glsa_", f"glsa_{_A}{{32}}_[0-9A-Fa-f]{{8}}", f"glsa_{body(32)}_{hexadecimal(8)}"),
    _prefixed("grafana_token", "glc_", "glc_[A-Za-z0-9+/]{32,400}={0,2}", "glc_" + body(60)),
    _prefixed("newrelic_key", "NRAK-", "NRAK-[A-Z0-9]{27}", "NRAK-" + upper(27)),
    _prefixed("newrelic_key", "NRAL", "(?:eu01xx)?[0-9a-f]{30,36}NRAL", hexadecimal(36) + "NRAL", placeholder=False),
    _prefixed(
        "newrelic_key",
        "NR",
        "NR(?:RA|BR|II|IQ|AA|JS)-[A-Za-z0-9_-]{19,42}",
        "NRRA-" + hexadecimal(42),
        placeholder=False,
    ),
    _prefixed("sentry_token", "sntrys_", "sntry[su]_[A-Za-z0-9+/=_]{60,400}", "sntrys_" + body(90)),
    _prefixed("sentry_token", "sntryu_", "sntryu_[0-9a-f]{64}", "sntryu_" + hexadecimal(64)),
    _prefixed("atlassian_token", "ATATT3", f"ATATT3{_W}{{60,250}}={{0,1}}{_A}{{0,8}}", "ATATT3" + body(180)),
    _prefixed("atlassian_token", "ATCTT3", f"ATCTT3{_W}{{60,250}}={{0,1}}{_A}{{0,8}}", "ATCTT3" + body(180)),
    _prefixed("bitbucket_token", "ATBB", f"ATBB{_A}{{32}}", "ATBB" + body(32)),
    _prefixed("artifactory_token", "AKCp", f"AKCp[0-9]{_A}{{50,100}}", "AKCp8" + body(68)),
    _prefixed("planetscale_token", "pscale_", f"pscale_(?:tkn|pw|oauth)_{_W}{{32,64}}", "pscale_tkn_" + body(43)),
    _prefixed("supabase_key", "sbp_", "sbp_[0-9a-f]{40}", "sbp_" + hexadecimal(40)),
    _prefixed("supabase_key", "sb_secret_", f"sb_secret_{_W}{{22,60}}", "sb_secret_" + body(31)),
    _prefixed("netlify_token", "nfp_", f"nfp_{_A}{{36}}", "nfp_" + body(36)),
    _prefixed("replicate_token", "r8_", f"r8_{_A}{{37}}", "r8_" + body(37)),
    _prefixed("groq_key", "gsk_", f"gsk_{_A}{{52}}", "gsk_" + body(52)),
    _prefixed("xai_key", "xai-", f"xai-{_A}{{70,90}}", "xai-" + body(80)),
    _prefixed("perplexity_key", "pplx-", f"pplx-{_A}{{48,56}}", "pplx-" + body(48)),
    _prefixed("tavily_key", "tvly-", f"tvly-(?:dev-|prod-)?{_A}{{32}}", "tvly-" + body(32)),
    _prefixed(
        "langsmith_key",
        "lsv2_",
        "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
        f"lsv2_pt_{hexadecimal(32)}_{hexadecimal(10)}",
    ),
    _prefixed(
        "dynatrace_token",
        "dt0",
        r"dt0[a-z][0-9]{2}\.[A-Z2-7]{24}\.[A-Z2-7]{64}",
        f"dt0c01.{body(24, 'QZWXKDRMNJTBVGHYPLCF234567')}.{body(64, 'QZWXKDRMNJTBVGHYPLCF234567')}",
        placeholder=False,
    ),
    _prefixed("easypost_key", "EZ", f"EZ[AT]K{_A}{{54}}", "EZAK" + body(54), placeholder=False),
    _prefixed(
        "flutterwave_key", "FLWSECK", "FLWSECK(?:_TEST)?-[0-9a-zA-Z]{12,40}(?:-X)?", f"FLWSECK-{hexadecimal(32)}-X"
    ),
    _prefixed("heroku_key", "HRKU-", f"HRKU-{_W}{{36,70}}", "HRKU-AA" + body(58)),
    _prefixed("segment_token", "sgp_", f"sgp_{_A}{{64}}", "sgp_" + body(64)),
    _prefixed("sourcegraph_token", "sgp_", "sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}", "sgp_" + hexadecimal(40)),
    _prefixed(
        "cloudflare_key", "v1.0-", "v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}", f"v1.0-{hexadecimal(24)}-{hexadecimal(146)}"
    ),
    _prefixed("buildkite_token", "bk", "bk(?:ua|pat|ct)_[0-9a-f]{40}", "bkua_" + hexadecimal(40), placeholder=False),
    _prefixed(
        "launchdarkly_key",
        "sdk-",
        "(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}",
        "sdk-" + _UUID_EXAMPLE,
    ),
    _prefixed("prefect_token", "pnu_", f"pn[ub]_{_A}{{36}}", "pnu_" + body(36)),
    _prefixed("readme_key", "rdme_", "rdme_[a-z0-9]{70}", "rdme_" + hexadecimal(70)),
    _prefixed("shippo_token", "shippo_", "shippo_(?:live|test)_[0-9a-f]{40}", "shippo_live_" + hexadecimal(40)),
    _prefixed(
        "stackhawk_key", "hawk.", rf"hawk\.{_W}{{20}}\.{_W}{{20}}", f"hawk.{body(20)}.{body(20)}", placeholder=False
    ),
    _prefixed("typeform_token", "tfp_", f"tfp_{_W}{{40,60}}", "tfp_" + body(44)),
    _prefixed("yandex_key", "AQVN", f"AQVN{_W}{{35,38}}", "AQVN" + body(36)),
    _prefixed(
        "airtable_token",
        "pat",
        rf"pat{_A}{{14}}\.[0-9a-f]{{64}}",
        f"pat{body(14)}.{hexadecimal(64)}",
        placeholder=False,
    ),
    _prefixed(
        "asana_token",
        "/",
        r"[12]/[0-9]{13,20}(?:/[0-9]{13,20})?:[0-9a-f]{32}",
        f"1/7391640285173:{hexadecimal(32)}",
        placeholder=False,
    ),
    _prefixed(
        "braintree_token",
        "access_token$",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
        f"access_token$production${hexadecimal(16)}${hexadecimal(32)}",
        placeholder=False,
    ),
    _prefixed(
        "mapbox_token",
        "sk.eyJ",
        rf"sk\.eyJ{_W}{{60,120}}\.{_W}{{20,24}}",
        f"sk.eyJ{body(70)}.{body(22)}",
        placeholder=False,
    ),
    _prefixed(
        "discord_token",
        ".",
        rf"[MNO]{_W}{{23,27}}\.{_W}{{6}}\.{_W}{{27,38}}",
        f"MTk4NjIyNDgzNDcxOTI1MjQ4.{body(6)}.{body(27)}",
        placeholder=False,
    ),
    _prefixed(
        "azure_key", "AccountKey=", "AccountKey=[A-Za-z0-9+/]{86}==", f"AccountKey={body(86)}==", placeholder=False
    ),
    _prefixed(
        "azure_key",
        "SharedAccessKey=",
        "SharedAccessKey=[A-Za-z0-9+/]{43}=",
        f"SharedAccessKey={body(43)}=",
        placeholder=False,
    ),
    _prefixed(
        "azure_key", "8Q~", r"[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}", f"{body(3)}8Q~{body(34)}", placeholder=False
    ),
    _prefixed(
        "azure_key",
        "+ASt",
        "[A-Za-z0-9+/]{76}\\+ASt[A-Za-z0-9+/]{6}==",
        f"{body(76)}+ASt{body(6)}==",
        placeholder=False,
    ),
    _prefixed(
        "azure_key", "AzCa", "[A-Za-z0-9]{42}AzCa[A-Za-z0-9+/]{6}", f"{body(42)}AzCa{body(6)}", placeholder=False
    ),
    _prefixed("azure_key", "AzSe", "[A-Za-z0-9]{42}AzSe[A-Za-z0-9]{6}", f"{body(42)}AzSe{body(6)}", placeholder=False),
    _prefixed(
        "webhook_url",
        "hooks.slack.com/",
        rf"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{{8,14}}/[A-Z0-9]{{8,14}}/{_A}{{16,40}}(?:/{_A}{{16,40}})?",
        f"hooks.slack.com/services/T{upper(9)}/B{upper(9)}/{body(24)}",
        placeholder=False,
    ),
    _prefixed(
        "webhook_url",
        "/api/webhooks/",
        rf"discord(?:app)?\.com/api/webhooks/[0-9]{{17,20}}/{_W}{{60,70}}",
        f"discord.com/api/webhooks/739164028517364028/{body(68)}",
        placeholder=False,
    ),
    _prefixed(
        "webhook_url",
        "office.com/webhook",
        r"office\.com/webhook(?:b2)?/[0-9a-f@-]{70,80}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}",
        f"webhook.office.com/webhookb2/3f9a0c7e-15d8-4264-9b3e-7c0f15d8b264@3f9a0c7e-15d8-4264-9b3e-7c0f15d8b264/IncomingWebhook/{hexadecimal(32)}/3f9a0c7e-15d8-4264-9b3e-7c0f15d8b264",
        placeholder=False,
    ),
)

_MORE = (
    _prefixed(
        "azure_key",
        "JQQJ99",
        "[A-Za-z0-9]{52}JQQJ99[A-Z0-9]{10}[A-Za-z0-9]{8}[A-Za-z0-9]{8}",
        f"{body(52)}JQQJ99{upper(10)}{body(16)}",
        placeholder=False,
    ),
    _prefixed("dependency_track_key", "odt_", f"odt_{_A}{{32,48}}", "odt_" + body(36)),
    _prefixed("jina_key", "jina_", f"jina_[0-9a-f]{{32}}{_W}{{28}}", f"jina_{hexadecimal(32)}{body(28)}"),
    _prefixed(
        "salesforce_token",
        "00D",
        rf"00D{_A}{{12,15}}![A-Za-z0-9._]{{80,120}}",
        f"00D{body(12)}!{body(96)}",
        placeholder=False,
    ),
    _prefixed(
        "twitch_key", "live_", rf"live_[0-9]{{6,12}}_{_A}{{30}}", f"live_739164028_{body(30)}", placeholder=False
    ),
    _prefixed("grafana_token", "eyJrIjoi", "eyJrIjoi[A-Za-z0-9]{60,120}={0,2}", "eyJrIjoi" + body(80)),
    _prefixed(
        "tailscale_key",
        "tskey-",
        f"tskey-(?:api-|auth-|client-)?{_A}{{8,24}}-?{_A}{{12,40}}",
        f"tskey-auth-{body(16)}-{body(32)}",
    ),
    _prefixed("contentful_token", "CFPAT-", f"CFPAT-{_W}{{43}}", "CFPAT-" + body(43)),
    _prefixed("fireworks_key", "fw_", f"fw_{_A}{{24}}", "fw_" + body(24)),
    _prefixed("clickhouse_key", "4b1d", f"4b1d{_A}{{38}}", "4b1d" + body(38)),
    _prefixed("fly_token", "fo1_", f"fo1_{_W}{{43}}", "fo1_" + body(43)),
    _prefixed("fly_token", "fm2_", "fm2_[A-Za-z0-9+/=]{100,900}", "fm2_" + body(140)),
    _prefixed("infracost_key", "ico-", f"ico-{_A}{{32}}", "ico-" + body(32)),
    _prefixed("duffel_token", "duffel_", f"duffel_(?:live|test)_{_W}{{43}}", "duffel_live_" + body(43)),
    _prefixed("samsara_token", "samsara_api_", f"samsara_api_{_A}{{30}}", "samsara_api_" + body(30)),
    _prefixed(
        "thingsboard_token",
        "thingsboard.cloud/api/",
        r"thingsboard\.cloud/api/v1/[a-z0-9]{20}",
        "thingsboard.cloud/api/v1/" + hexadecimal(20),
        placeholder=False,
    ),
    _prefixed("truenas_key", "-", rf"[0-9]{{1,3}}-{_A}{{64}}", "8-" + body(64), placeholder=False),
    _prefixed("sendbird_key", "SP", "SP-[A-Za-z0-9+/]{40}=", "SP-" + body(40) + "=", placeholder=False),
    _prefixed(
        "aws_session_token", "IQoJb3JpZ2lu", "IQoJb3JpZ2lu[A-Za-z0-9+/]{100,2000}={0,2}", "IQoJb3JpZ2lu" + body(300)
    ),
)

_BESIDE = (
    _beside(
        "aws_secret_key", "aws[_ .-]{0,2}(?:account[_ .-]{0,2})?(?:secret|sak|sk)?", r"[A-Za-z0-9+/]{40}", body(40)
    ),
    _beside(
        "aws_secret_key", "secret[_ .-]{0,2}access[_ .-]{0,2}key", r"[A-Za-z0-9+/]{40}", body(40), "secret_access_key"
    ),
    _beside("postmark_key", "postmark", _UUID, _UUID_EXAMPLE),
    _beside("sonar_token", "sonar", "[0-9a-f]{40}", hexadecimal(40)),
    _beside("jenkins_key", "jenkins", "[0-9a-f]{32,36}", hexadecimal(34)),
    _beside("heroku_key", "heroku", _UUID, _UUID_EXAMPLE),
    _beside("datadog_key", "datadog", "[0-9a-f]{32}(?:[0-9a-f]{8})?", hexadecimal(40)),
    _beside("datadog_key", "dd[_-](?:api|app)[_-]key", "[0-9a-f]{32}(?:[0-9a-f]{8})?", hexadecimal(32), "dd_api_key"),
    _beside("cloudflare_key", "cloudflare", f"{_W}{{37,40}}", body(40)),
    _beside("twilio_key", "twilio", "[0-9a-f]{32}", hexadecimal(32)),
    _beside(
        "mailgun_key",
        "mailgun",
        "[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}",
        f"{hexadecimal(32)}-{hexadecimal(8)}-{hexadecimal(8)}",
    ),
    _beside("okta_token", "okta", f"00{_W}{{40}}", "00" + body(40)),
    _beside("algolia_key", "algolia", "[0-9a-f]{32}", hexadecimal(32)),
    _beside("fastly_token", "fastly", f"{_W}{{32}}", body(32)),
    _beside("pagerduty_key", "pagerduty", f"{_W}{{20}}|{_W}{{32}}", body(20)),
    _beside("codecov_token", "codecov", f"{_UUID}|[0-9a-f]{{32}}", hexadecimal(32)),
    _beside("circleci_token", "circle", "[0-9a-f]{40}", hexadecimal(40)),
    _beside("travis_token", "travis", f"{_W}{{22}}", body(22)),
    _beside("snyk_token", "snyk", _UUID, _UUID_EXAMPLE),
    _beside("azure_key", "azure", f"{_A}{{52}}|[0-9a-f]{{32}}|[A-Za-z0-9+/]{{86}}==", hexadecimal(32)),
    _beside("cohere_key", "cohere", f"{_A}{{40}}", body(40)),
    _beside("mistral_key", "mistral", f"{_A}{{32}}", body(32)),
    _beside("facebook_token", "(?:facebook|fb)", "[0-9a-f]{32}", hexadecimal(32), "facebook_key"),
    _beside("linkedin_secret", "linkedin", f"{_A}{{16}}", body(16)),
    _beside("twitter_token", "twitter", f"[0-9]{{15,25}}-{_A}{{20,45}}|{_A}{{35,50}}", body(50)),
    _beside("github_token", "github", "[0-9a-f]{40}", hexadecimal(40)),
    _beside("bitbucket_token", "bitbucket", f"{_W}{{32}}|{_W}{{64}}", body(32)),
    _beside("shodan_key", "shodan", f"{_A}{{32}}", body(32)),
    _beside("sauce_token", "sauce", _UUID, _UUID_EXAMPLE),
    _beside("dropbox_token", "dropbox", "[a-z0-9]{15}", hexadecimal(15)),
)


def patterns() -> tuple[Pattern, ...]:
    """Return the pack."""
    return _PREFIXED + _MORE + _BESIDE
