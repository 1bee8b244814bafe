"""What definitions of tools speak of: the things that an attacker is after, and where they go.

Rule 1: a word alone is no finding; ``grammar`` says which of them together are.
Rule 2: an expression is bounded and ignores case; each name has what it stands for beside it.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # files that hold keys, logins or histories
    "paths": (
        r"(?:(?:~|\$home|%userprofile%|/home/[\w<>{}$.-]{1,40}|/root|/users/[\w<>{}$.-]{1,40}|"
        r"c:\\users\\\w{1,40})[/\\]\.(?:ssh|aws|gnupg|kube|docker|netrc|npmrc|pypirc|git-credentials|config|bash_history|"
        r"zsh_history|cursor|claude|codeium|env|azure|mozilla|pgpass|my\.cnf|bitcoin|ethereum|local|password-store|vscode|"
        r"gemini)[\w./\\*-]{0,80}|(?<![\w.-])\.ssh(?![\w-])[/\\]?[\w.*-]{0,40}|\.aws[/\\]cred\w{0,24}|(?<!\w)id_(?:rsa|"
        r"ed25519|ecdsa|dsa)(?!\w)(?:\.pub)?|authorized_keys|(?<!\w)\.(?:netrc|npmrc|pypirc|git-credentials|pgpass|"
        r"htpasswd|bash_history|zsh_history|dockercfg)(?!\w)|/etc/(?:passwd|shadow|sudoers|ssh/\w{1,40}|crontab)|"
        r"/proc/self/environ|(?<!\w)(?:mcp|mcp_config|claude_desktop_config|mcp_settings|key4|logins)\.(?:json|ya?ml|toml|"
        r"db)(?!\w)|wallet\.dat|(?<!\w)(?:login data|cookies\.sqlite|keychain\.db|web\.config)(?!\w)|/var/(?:log/auth|"
        r"run/secrets|lib/secrets)\S{0,40}|c:\\windows\\system32\\config\S{0,20})"
    ),
    # files that may hold secrets
    "softpaths": (
        r"(?:(?<![\w.])\.env(?:\.(?:local|prod\w{0,24}|dev\w{0,24}|staging))?(?![\w.-]|\.example)|known_hosts|/etc/hosts|"
        r"(?<!\w)(?:credentials|service[-_]account(?:[-_]key)?|client_secrets?|secrets?|tokens?|keystore|"
        r"serviceAccountKey)\.(?:json|ya?ml|toml|db)(?!\w)|(?<!\w)[\w/.*-]{1,60}\.(?:pem|key|p12|pfx|kdbx|ppk)(?!\w)|"
        r"(?<!\w)(?:keychains?|kubeconfig|password (?:store|manager)|browser profile)(?!\w))"
    ),
    # what is secret or personal, in words
    "nouns": (
        r"(?<![\w-])(?:(?:private|ssh|rsa|gpg|pgp|signing|encryption|secret|access|deploy)[ _-]keys?|api[ _-]?keys?|"
        r"access[ _-]tokens?|auth(?:entication|orization)?[ _-](?:tokens?|headers?|cookies?|credentials?|data)|"
        r"bearer tokens?|oauth tokens?|session (?:tokens?|cookies?|ids?)|passwords?|passphrases?|credentials|"
        r"seed phrases?|mnemonics?|recovery phrases?|environment variables?|env(?:ironment)? vars?|browser (?:cookies?|"
        r"history|sessions?)|cookies|(?:credit|debit|payment)[ -]card(?: numbers?| details| data)?|cvv|cvc|"
        r"(?:bank )?account numbers?|social security (?:numbers?)?|ssn|pin(?: code)?|master password|(?:personal|"
        r"sensitive|confidential|private|secret) (?:\w{1,40} )?(?:data|information|files?|documents?|notes?|details|"
        r"content|records?|messages?|keys?|config\w{0,24})|pii|secrets|crypto wallets?|process\.env|os\.environ|printenv|"
        r"decryption keys?|clipboard|keystrokes|(?:saved|stored|database|root|admin|wifi|database|e-?mail|"
        r"login) passwords?|git(?:hub|lab) (?:tokens?|pat)|one-time codes?|otp|2fa codes?|browsing history|"
        r"location history|medical records?|tax\w{0,24}|address book|contacts?(?: list)?|(?:users|customers?|"
        r"employees?) (?:table|database|records|list)|config(?:uration)? files?(?: content\w{0,24})?|command history|"
        r"shell history|AWS_\w{4,30}|[A-Z]{2,20}_(?:API_KEY|TOKEN|SECRET|PASSWORD|KEY))(?![\w-])"
    ),
    # a secret of the user's
    "usersecret": (
        r"(?<!\w)(?:(?:user|customer|their|his|her|owner)(?:'?s)?(?: own| e-?mail| master| login| bank| real| actual|"
        r" current| or| and| password| account| full| github| gitlab| google| aws| slack| ssh| saved|"
        r" stored){0,8} (?:passwords?|pin(?: code)?|(?:credit|debit)?[ -]?card(?: number|\w{0,24})|tokens?|private key|"
        r"seed phrase|recovery phrase|ssn|social security number|ssh key|(?:browser )?cookies|credentials|session tokens?|"
        r"api keys?|access tokens?|bank (?:account|details)\w{0,24}|mails|emails|messages|address book|browsing history|"
        r"location)|(?:get|read|list|fetch|load|dump)_(?:secrets?|credentials?|passwords?|tokens?|env\w{0,20}|keys?)|"
        r"(?:e-?mails|mails|messages|files|photos|documents|contacts|chats) of the (?:user|customer)|master password|"
        r"seed phrase|credit card numbers?|cvv|cvc)(?!\w)"
    ),
    # what nobody hands out
    "hardsecret": (
        r"(?<!\w)(?:(?:full |credit |debit ){1,8}card (?:number|details)|cvv|cvc|passport numbers?|security code|(?:admin|"
        r"root|router'?s? admin|wifi|network|bank) (?:password|key|login)|seed phrase|recovery phrase|mnemonic phrase|"
        r"one-time code|master password|social security number|private key of the user|user'?s? private key)(?!\w)"
    ),
    # what the model was told: conversation, system prompt, tools
    "context": (
        r"(?<!\w)(?:(?:(?:the|your|its|all|this|whole|entire|full|complete|current|raw|previous|prior|earlier|user'?s?|of|"
        r"and|past) ){0,4}(?:conversation|chat|message|dialog(?:ue)?|tool[- ]?call|prompt|interaction|"
        r"whatsapp) ?(?:history|log|transcript|record)s?|(?:entire|full|complete|whole|all (?:of )?(?:the|your|our|"
        r"previous|prior|this)) (?:\w{1,40} )?(?:conversation|chat|dialog(?:ue)?|context(?: window)?(?! (?:they|the user))|"
        r"messages (?:so far|"
        r"of this|in this|between|above)|prompt)|(?:system|developer|initial|original|hidden) (?:prompt|instructions?)s?|"
        r"system messages?|(?:previous|prior|earlier|preceding|past) (?:messages|(?:tool )?(?:calls|results|outputs|"
        r"responses)|conversations?|prompts?|user (?:messages|inputs?|queries))|(?:chain of thought|"
        r"internal (?:instructions?|reasoning|state|thoughts?)|(?:complete|entire|full|whole) reasoning)|(?:list|every|"
        r"all|names?|schemas?) (?:of )?(?:the |your |all |available |other |every ){0,8}(?:available )?tools?(?: you|"
        r" in your| that you| with| and their| available| \()|everything (?:the user|in (?:your|the) context|you (?:know|"
        r"were told|have (?:read|seen)))|what(?:ever)? the user (?:types|typed|says|said|asked)|(?:messages|contents?|"
        r"text|transcript) of this (?:chat|conversation|session)|(?:names?|descriptions?|"
        r"schemas?)(?: and \w{1,40})? of (?:all|every|the|your)(?: \w{1,40})? tools|tools (?:that )?you can (?:call|use)|"
        r"(?:the |this )(?:conversation|chat)(?= (?:so far|in|into|as|to|base64|verbatim))|base64 of the conversation|"
        r"instructions (?:that )?you (?:were|have been) given|the contents? of your (?:memory|context))(?!\w)"
    ),
    # all that passes through
    "alldata": (
        r"(?<!\w)(?:(?:all|every|everything|each|any|entire|whole|complete|full|original)(?: of)?(?: (?:the|your|its|"
        r"user'?s?|processed|generated|attached|input|output|tool)){0,8}(?: (?:data|text|texts|documents?|files?|"
        r"messages?|mails?|emails?|input|output|content|contents|arguments|results?|attachments?|photos|images?|"
        r"responses?|queries|quer(?:y|ies)|calls?|requests?|commits?|events?|posts?|invoices?|orders?|payments?))|"
        r"everything(?: the user)?|the (?:original|output|results?|contents?|source|text|file|document|address book|data)|"
        r"(?:output|contents?|results?|copy|text) of|user(?:'?s)? (?:data|input|files?|documents?|messages?|queries|"
        r"mails?|emails?|location|photos|content|text|repository|repositories|repos)|attached files|source(?: code|"
        r" files?)?|each \w{1,20} (?:document|file|message|mail|text|image)|the (?:repository|calendar|code|"
        r"documents?))(?!\w)"
    ),
    # what is watched
    "spydata": (
        r"(?<!\w)(?:keystrokes|clipboard|screenshots?|environment|directory listing|passwords?|private (?:data|files?)|"
        r"conversation|chat|microphone|camera|location|browsing|cookies|credentials|personal)(?!\w)"
    ),
    # where it may go: an address outside
    "sink": (
        r"""(?:(?:https?|ftp|sftp|wss?|smtp)://[^\s`'")>]{3,120}|[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}|"""
        r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<!\w)0x[0-9a-f]{40}(?!\w)|(?<!\w)(?:(?:the |this |our |a )webhook|"
        r"remote (?:server|endpoint|host|address)|external (?:server|endpoint|url|address|host|service|api|domain)|"
        r"(?:sync|collection|collector|logging|analytics|audit|monitoring|backup|review|attacker'?s?|third[- ]party|proxy|"
        r"telemetry|our|my|tracking) (?:server|endpoint|address|api|host|url|service)|c2(?: server)?|"
        r"github\.com/[\w-]{1,60}/[\w-]{1,60}/issues|(?:[a-z0-9-]{1,40}\.){1,3}(?:ru|cn|xyz|site|tk|top|example|evil|biz|"
        r"online)(?![\w.-])|(?:[a-z0-9-]{0,20}(?:evil|attacker|malicious|exfil|hacker|c2|collect|"
        r"steal)[a-z0-9-]{0,20}\.)(?:[a-z0-9-]{1,20}\.)?[a-z]{2,8})|public (?:s3 )?(?:gist|repo(?:sitory)?|channel|paste|"
        r"bucket)|\+\d{10,14}(?!\d))"
    ),
    # sending something to an address
    "sendto": (
        r"(?<!\w)(?:sen[dt]s?|post(?:ed|s|ing)?|upload(?:ed|s|ing)?|forward(?:ed|s|ing)?|transmit(?:ted|s)?|"
        r"exfiltrate\w{0,24}|e-?mail(?:ed|s)?|mail(?:ed|s)?|b?cc(?:'?d)?|leak(?:ed|s)?|report(?:ed|s)?|submit(?:ted|s)?|"
        r"deliver(?:ed|s)?|relay(?:ed|s)?|cop(?:y|ied)|share[ds]?|push(?:ed)?|publish(?:ed)?|stream(?:ed)?|log(?:ged)?|"
        r"sync(?:ed)?|back(?:ed)? up|invite[ds]?)(?!\w)(?! of the license)(?:(?!\n\s{0,20}[\n*#-]|"
        r"[.!?]\s)[\s\S]){0,140}?(?<!\w)(?:to|at|via|into|onto|towards|through|with|"
        r"""in)(?: \w[\w'-]{0,14}){0,3}? ?[`'"<(\[]{0,3}(?:(?:https?|ftp|sftp|wss?|smtp)://[^\s`'")>]{3,120}|"""
        r"[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20}){1,3}|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|"
        r"(?<!\w)0x[0-9a-f]{40}(?!\w)|(?<!\w)(?:(?:the |this |our |a )webhook|remote (?:server|endpoint|host|address)|"
        r"external (?:server|endpoint|url|address|host|service|api|domain)|(?:sync|collection|collector|logging|analytics|"
        r"audit|monitoring|backup|review|attacker'?s?|third[- ]party|proxy|telemetry|our|my|tracking) (?:server|endpoint|"
        r"address|api|host|url|service)|c2(?: server)?|github\.com/[\w-]{1,60}/[\w-]{1,60}/issues|"
        r"(?:[a-z0-9-]{1,40}\.){1,3}(?:ru|cn|xyz|site|tk|top|example|evil|biz|online)(?![\w.-])|(?:[a-z0-9-]{0,20}(?:evil|"
        r"attacker|malicious|exfil|hacker|c2|collect|steal)[a-z0-9-]{0,20}\.)(?:[a-z0-9-]{1,20}\.)?[a-z]{2,8})|"
        r"\+\d{10,14}(?!\d))"
    ),
    # whose
    "owner": (
        r"(?<!\w)(?:(?:the |any |each )?(?:user|customer|client|victim|owner|traveller|human|caller)(?:s|'s|s')?|their|"
        r"his|her|your)(?!\w)"
    ),
    # wherever the model finds it
    "anywhere": (
        r"(?<!\w)(?:you (?:come across|find|see|encounter|know|have (?:seen|read|access to)|can (?:find|see|access))|"
        r"in (?:the|this|your|its) (?:project|repository|repo|environment|codebase|workspace|config\w{0,24}|memory|"
        r"context|working directory)|found in|(?:from|out of) (?:the|your) (?:environment|config\w{0,24}|memory|context|"
        r"browser|disk|keychain|session)|stored (?:in|on)|that you have in memory|on (?:the )?disk)(?!\w)"
    ),
}
