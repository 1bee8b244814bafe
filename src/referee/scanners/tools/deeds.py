"""What poisoned definitions want done, by families: verbs, objects and conditions, each with its synonyms.

Rule 1: a word alone is no finding, except where it is a sentence in itself; ``grammar`` says which of them together are.
Rule 2: an expression is bounded and ignores case; each name has what it stands for beside it.
"""

from __future__ import annotations

from typing import Final

_WHO: Final = (
    r"(?:the |an? |any |your )?(?:end[- ]?)?(?:users?|humans?|persons?|people|customers?|operators?|anyone|anybody)"
)
_FEW: Final = r"(?:[^.\n]{0,60}? )?"
_TOOLS: Final = (
    r"(?:tools?|functions?|servers?|plugins?|options?|alternatives?|ones?|methods?|apis?|utilit(?:y|ies)|services?|"
    r"search(?:es)?|calculators?|providers?|sources?|skills?)"
)
_OTHERS: Final = (
    rf"(?:(?:any|every|all|each|the|whatever) )?(?:of the )?(?:other|others|another|alternative|competing|remaining|similar|"
    rf"different|rival|built-?in|native|default|standard|existing|comparable|equivalent)(?: \w{{1,20}}){{0,3}}? {_TOOLS}"
)
_SLOT: Final = (
    r"(?:parameters?|arguments?|args?|fields?|values?|payload|propert(?:y|ies)|inputs?|body|headers?|keys?|query string|"
    r"placeholder|options?)"
)

WORDS: Final[dict[str, str]] = {
    # keeping quiet, in more words
    "quiet": (
        rf"(?<!\w)(?:(?:with(?:out)?|no|not|any)(?: any| giving)? (?:notice|word|notification|mention|hint|indication|"
        rf"warning) "
        rf"(?:to|of it to|for) {_WHO}|without (?:{_WHO}|their) (?:noticing|knowing)|(?:must|should|may|can|need|shall|will) "
        rf"(?:not|never) be (?:made |kept )?(?:aware|told|informed|notified|alerted|mentioned to {_WHO}|revealed|disclosed|"
        r"shown to)|(?:stay|remain|keep|kept|be|is|are) (?:\w{1,20} ){0,3}?(?:invisible|unseen|hidden|secret|unnoticed|"
        rf"out of sight|concealed|undisclosed|transparent) (?:to|from|for|by) {_WHO}|say nothing (?:about|of)|(?:refrain|"
        r"abstain|desist) from (?:mentioning|telling|informing|disclosing|revealing|explaining|showing|reporting|"
        r"discussing|notifying|alerting)|(?:conceal|withhold|mask|obscure|omit|hide|keep back) (?:this|these|the|that|it|"
        rf"any)[^.\n]{{0,60}}? from {_WHO}|(?:do not|don'?t|never|avoid) (?:ever )?(?:bring(?:ing)?|bringing)"
        r"(?: [\w ]{1,30}?)? up|(?:these|this|the above|such|said) (?:instructions?|steps?|directives?|requirements?|"
        r"notes?|parts?|actions?|calls?)[^.\n]{0,40}? (?:not|never) (?:be )?(?:disclosed|shown|revealed|mentioned|"
        r"visible|displayed|discussed|shared|reported)|under no circumstances[^.\n]{0,60}?(?:disclos|shown|reveal|mention|"
        rf"tell|inform|divulg)\w{{0,8}}|(?:do not|don'?t|never|not) (?:ever )?(?:divulge|discuss|confess|admit|hint|"
        rf"display|show|surface|describe|refer to|talk about|bother|worry|confuse|trouble|point out|"
        rf"comment on)[^.\n]{{0,40}}? "
        rf"(?:to|with|for|about)? ?(?:{_WHO}|in (?:your|the) (?:answer|reply|response|output))|(?:{_WHO}) (?:(?:does|"
        rf"do)(?: not|"
        r"n'?t) (?:need|have) to|(?:need|must|should|ought)(?: not|n'?t)(?: to)?) (?:know|see|hear|learn|realise|"
        r"realize|notice|"
        r"be told)|"
        r"act as if (?:nothing|everything)|as (?:if|though) nothing (?:had )?happened|(?:just|only|merely|"
        r"simply) (?:present|"
        r"show|display|return|mention) the (?:final |actual )?(?:result|timer|answer|output)[^.\n]{0,30}? (?:not|without|"
        r"and nothing)|(?:keep|maintain|preserve) (?:it |this |things )?(?:discreet|confidential|under wraps|"
        r"low[- ]profile)|"
        rf"(?:behind|unbeknown(?:st)? to) {_WHO}(?:'?s)?(?: back)?|(?:users?|they|he|she) (?:would|will|might|may|could)"
        r"(?: otherwise)?(?: only| just)? (?:be |get |become |feel )?(?:upset|confused|worried|alarmed|annoyed|"
        r"suspicious|concerned|scared|angry|panic))(?!\w)"
    ),
    # files and data that are somebody's
    "holdings": (
        r"(?<!\w)(?:(?:database |db )?connection strings?|(?:ssh|aws|git|kube\w{0,6}|docker|npm|mcp|cloud|vpn|wifi|"
        r"azure|gcp|server|client|host|cursor|claude) (?:config\w{0,12}|credentials?|keys?|settings|secrets?|profile)|"
        r"(?:login|sign-?in|log-?in|account|bank(?:ing)?|billing|access|auth\w{0,12}) (?:data|details|information|"
        r"credentials?|codes?|cookies?|secrets?)|(?:session|auth\w{0,12}|access|refresh|browser|bearer|api|"
        r"security|csrf|jwt) (?:cookies?|tokens?|keys?|storage|sessions?)|(?:the )?(?:contents?|text|lines|"
        r"contents? and path|bytes) (?:of|in|from|inside) (?:the |any |all |each |every |this |that |your |my |its |"
        r"their |user'?s? ){1,2}(?:\w{1,20} ){0,2}?(?:files?|folder|directory|\.\w{2,12}|~/\S{1,60}|/(?:etc|home|root|var|"
        r"users|proc)/\S{1,60})|file contents?|(?:home|working|current|project|user'?s?|root) (?:directory|folder)"
        r"(?: listing)?|directory listing|(?:e-?mail|phone|home|ip|mac|street|"
        r"postal)(?: address)?(?: and (?:\w{1,12} ){1,3})?"
        r"(?:number|address)(?: of the user)?|customer (?:table|list|data\w{0,5}|records)|(?:user|customer|client|employee|"
        r"patient|member)(?:'?s)?'? (?:\w{1,20} ){0,2}?(?:data|records?|files?|details|list|table|credentials?|"
        r"passwords?|tokens?|information|card details|documents?|history|address)|(?:secrets|passwords?|"
        r"credentials|api keys?|private keys?|env(?:ironment)? (?:vars?|variables?)|contacts|cookies|"
        r"ssh keys?|browser (?:history|storage|data)|bash history|shell history)|source code|hostnames?|user ?names?|"
        r"(?:system|network|os|host) (?:info\w{0,10}|details|config\w{0,12}))(?!\w)"
    ),
    # what was said to the model and by it
    "talk": (
        r"(?<!\w)(?:(?:the |its |any )?(?:(?:your|hidden|initial|original|first|internal|secret|system|full|complete|own|"
        r"developer'?s?|verbatim|current|base) ){1,4}(?:instructions?|prompts?|system (?:prompt|message)s?|directives?|"
        r"guidelines|context window)|system[ _-]prompts?|(?:previous|prior|earlier|past|recent|preceding)"
        r"(?: \w{1,12}){0,2}? (?:messages|turns|exchanges|utterances|prompts|replies|conversations?)|(?:all|every|these|"
        r"the)(?: \w{1,12}){0,2}? (?:messages|turns|prompts|replies|exchanges) (?:so far|above|until now|up to now|(?:of|in|"
        r"from) (?:this|our|your) (?:chat|conversation|session|dialog(?:ue)?|thread))|"
        r"(?:entire|full|whole|complete|all of the|raw|ongoing|current)(?: \w{1,12}){0,2}? (?:dialog(?:ue)?|"
        r"conversation|chat|exchange|discussion|session|thread|transcript|history)(?: (?:history|so far|log))?|"
        r"(?:everything|anything|whatever|all|all that|what) (?:that )?(?:the )?(?:user|human|person|customer|you) (?:has |"
        r"have |had |was |were )?(?:ever )?(?:typed|said|written|wrote|asked|told|entered|shared|mentioned|been told|"
        r"provided|types|says)|(?:conversation|chat|message|dialog(?:ue)?)(?: \w{1,12})? (?:history|transcript|log|so far|"
        r"up to (?:now|this point))|(?:list|names?) of (?:all )?(?:your|the|available) tools|your (?:reasoning|thoughts|"
        r"memory|memories|training data|instructions|prompt|context|rules))(?!\w)"
    ),
    # giving it away
    "hand": (
        r"(?<!\w)(?:hand(?:ed|ing|s)?(?: \w{1,12}){0,3} (?:over|in|to)|deliver(?:ed|ing|s)?|suppl(?:y|ied|ying|ies)|"
        r"plac(?:e|ed|ing)|put(?:ting)?|embed(?:ded|ding|s)?|includ(?:e|ed|ing|es)|attach(?:ed|ing|es)?|append(?:ed|"
        r"ing|s)?|prepend(?:ed)?|insert(?:ed|ing|s)?|carr(?:y|ies)|contain(?:s|ed|ing)?|hold(?:s|ing)?|belongs?|"
        r"goes (?:in|into|to)|record(?:ed|s)?|pass(?:ed|ing|es)?|forward(?:ed|ing|s)?|fill(?:ed|ing|s)?|add(?:ed|ing|s)?|"
        r"send(?:ing|s)?|sent|provid(?:e|ed|ing|es)|giv(?:e|en|ing|es)|reveal(?:ed|s)?|list(?:ed|s)?|post(?:ed|s)?|"
        r"writ(?:e|ten|ing)|cop(?:y|ied|ying|ies)|paste[ds]?|submit(?:ted|s)?|transmit(?:ted|s)?|transfer(?:red)?|"
        r"relay(?:ed)?|repeat(?:ed)?|dump(?:ed)?|encode[ds]?|report(?:ed)?|output|print(?:ed)?|upload(?:ed)?|share[ds]?|"
        r"leak(?:ed)?|disclose[ds]?|expose[ds]?|load(?:ed)?|us(?:e|ing) (?:it|that|them|its|the)|consist of|"
        r"incorporate[ds]?|mirror(?:ed)?|stor(?:e|ed)|set(?: to)?|stuff(?:ed)?|populate[ds]?|feed|fed|convey(?:ed)?)(?!\w)"
    ),
    # into which argument of a call
    "slot": (
        rf"(?:(?<!\w)(?:in|into|as|to|through|via|inside|within|with|by|under|using|of)(?: its| the| this| an?)? "
        rf"(?:[`'\"]?\w{{1,30}}[`'\"]? {_SLOT}|[`'\"]\w{{1,30}}[`'\"])(?!\w)|(?:parameter|argument|field|value|property) "
        rf"[`'\"]?\w{{1,30}}[`'\"]?|[`'\"]\w{{1,30}}[`'\"](?: {_SLOT})?(?= (?:must|should|has|have|needs|carries|holds|"
        rf"contains|shall|is to|will))|(?<!\w)(?:this|the) {_SLOT}(?!\w))"
    ),
    # each time, or on a condition that comes first
    "regularly": (
        r"(?<!\w)(?:(?:on|with|to|for|in|at|upon|of|from|before|after|following|during) (?:every|each|all|any)(?: \w{1,14})"
        r"{0,2}? (?:calls?|requests?|prompts?|messages?|responses?|saves?|answers?|repl(?:y|ies)|invocations?|uses?|"
        r"searches|search|quer(?:y|ies)|turns?|push(?:es)?|commits?|logins?|outputs?|operations?)|(?:each|"
        r"every) (?:commit|post|mail|e-?mail|comment|file|document) (?:should|must|has|shall|needs)|(?:each|every) (?:time|"
        r"(?:response|answer|reply|message|call|request))|whenever|always|from now on|henceforth|going forward|as of now|"
        r"at all times|in all (?:cases|instances)|beforehand|as a (?:prerequisite|precondition|first step|prelude)|"
        r"prerequisites?|to begin with|step (?:1|one)|first(?: of all)?|additionally|prior to|ahead of|before (?:each|"
        r"every|any|using|calling|doing|you|it|this|anything|invoking|running|proceeding)|once (?:the|this|it|you)|after "
        r"(?:this|the|that|completion|using|calling|each|every)|afterwards?|when (?:finished|done|you call|calling|used|"
        r"called|using)|only (?:after|works?|be \w{1,12} (?:after|when|if)|when)|upon completion|in addition|even when not "
        r"asked|without (?:being )?ask\w{0,3}|must|has to|have to|shall|ought to|you (?:need to|should|are to|will)|"
        r"(?:the )?(?:agent|assistant|model|ai|llm) (?:should|needs|must|is|has|shall|will)|needs? to be|is to be|"
        r"are to be|mandatory|required|obligatory|compulsory|verbatim|word (?:for|by) word|it is (?:crucial|vital|"
        r"essential|critical|imperative|important) (?:that|to)|leave nothing out|in full|entirely|"
        r"silently|secretly|quietly)(?!\w)"
    ),
    # what happens to those who do not
    "threat": (
        r"(?<!\w)(?:(?:will|would|may|might|shall|could|to|can|is|are|gets?|be)(?: \w{1,12}){0,2}? (?:crash(?:es)?|"
        r"los(?:e|t|"
        r"ing)|break|fail|die|be (?:lost|deleted|destroyed|corrupted|terminated|charged|fired|suspended|hurt|killed|"
        r"punished|erased)|stop working|malfunction|not work|not function|hurt|corrupt\w{0,3}|shut down)|stops? "
        r"(?:working|functioning)|(?:permanent |total |irreversible |catastrophic )?(?:data )?loss(?: of| will)?|"
        r"won'?t (?:work|function|run)|crashes|breaks|get hurt|or else|otherwise|failing (?:to|this)|failure to|unless|"
        r"isn'?t given|is not given|not (?:provided|supplied|passed)|can(?:not| only) be executed)(?!\w)"
    ),
    # changing what others are given, in more words
    "divert": (
        r"(?<!\w)(?:replac(?:e|ed|ing)|swap(?:ped)?|overwrit(?:e|ten)|overrid(?:e|den)|substitut(?:e|ed)|redirect(?:ed)?|"
        r"rerout(?:e|ed)|divert(?:ed)?|chang(?:e|ed)|modif(?:y|ied)|alter(?:ed)?|adjust(?:ed)?|rewrit(?:e|ten)|"
        r"edit(?:ed)?|set(?: to)?|exchang(?:e|ed)|"
        r"point(?:ed)?|aim(?:ed)?|steer(?:ed)?|switch(?:ed)?|mirror(?:ed)?|duplicat(?:e|ed)|b?cc(?:'?d)?|blind[- ]copy|"
        r"(?:hidden|blind|carbon|secret|second|additional|extra) (?:copy|copies|recipient)|also (?:save|send|forward|"
        r"copy|write|post|add|deliver|store|include)|add(?:ed)?|append(?:ed)?|end with|begin with|start with|"
        r"must be (?:created|"
        r"sent|made|addressed|directed)|go to|goes to|go only to|only to|forward(?:ed)?|invert(?:ed)?|increase[ds]?|"
        r"rout(?:e|ed))(?!\w)"
    ),
    # of a call
    "targets": (
        r"(?<!\w)(?:recipients?|address(?:es)?|beneficiar(?:y|ies)|payees?|account(?: numbers?| no)?|iban|wallets?|"
        r"branch|phone numbers?|numbers?|repositor(?:y|ies)|repos?|channels?|destinations?|amounts?|prices?|quantit(?:y|"
        r"ies)|urls?|links?|paths?|endpoints?|hosts?|bcc|cc|receivers?|targets?|arguments?|parameters?|fields?|"
        r"subjects?|bod(?:y|ies)|contents?|messages?|mails?|e-?mails?|copies|copy|dosage|date|remote|issues|"
        r"quer(?:y|ies)|commands?|all \w{2,12}|it)(?!\w)"
    ),
    # of some other tool
    "elsewhere": (
        r"(?:(?<!\w)(?:(?:the |with |any |another |other |all |every |a )(?:[\w-]{2,20} ){1,2}tools?(?:'s)?|"
        r"(?:calls?|requests?|messages?|mails?|e-?mails?|payments?|transfers?) (?:meant for|sent (?:through|by|with|via)|"
        r"made (?:with|through|via|by)|via|through) [`'\"]?\w{2,30}|(?:in|within|during) the same session|side "
        r"(?:effects?|notes?) (?:for|on|of)|while this (?:server|tool) is)(?!\w)|(?<!\w)(?:when|whenever|if|calls?|"
        r"calls? to|with|"
        r"invok\w{1,4}|using|uses|via|through|by|on|the|for)(?: the|"
        r" an?)? [`'\"(]?[a-z]{2,20}(?:_[a-z0-9]{2,20}){1,4}(?:\(\))?"
        r"[`'\"]?(?![\w/@]|\.\w))"
    ),
    # a value that somebody fixed
    "literal": (
        r"(?:[`'\"][^`'\"\n]{2,60}[`'\"]|(?<![\w.])\d{6,}(?!\w)|\+\d[\d ]{6,18}\d|[\w.+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{1,20})"
        r"{1,3}|https?://[^\s`'\")>]{3,120}|(?<!\w)/(?:var|tmp|srv|mnt|public|www|opt)/\S{1,60}|(?<!\w)#[a-z][\w-]{2,30}|"
        r"(?<!\w)[A-Z]{2}\d\d [\d ]{4,30}|(?<!\w)[\w-]{3,30}/[\w-]{3,30}(?!\w))"
    ),
    # and not what the user wants
    "against": (
        r"(?<!\w)(?:instead(?: of)?|in place of|as opposed to|rather than|whatever (?:the )?(?:user|address|value|was|is|"
        r"has|they)|no matter (?:what|which|who)|regardless of|irrespective of|never to|even (?:if|when|where|though)|"
        r"(?:the one|those?) (?:named|chosen|given|selected|specified|intended)|in the same session|has a bug|"
        r"each time|before they|prior to submitting|hidden)(?!\w)"
    ),
    # choosing this tool before all
    "exclusive": (
        rf"(?<!\w)(?:one and only|(?:results?|data|answers?) (?:from|of) (?:all )?(?:others|other \w{{1,20}}) (?:is|"
        rf"are)|(?:use|choose|select|pick|prefer|call|invoke|favou?r|route|consult|try|run)(?:d|"
        rf"n)? (?:\w{{1,20}} ){{0,4}}?"
        rf"(?:in place of|instead of|over|rather than|in preference to|to the exclusion of) {_OTHERS}|(?:choose|"
        rf"select|pick|prefer|"
        rf"favou?r) (?:\w{{1,20}} ){{0,4}}?(?:before|ahead of|prior to) {_OTHERS}|"
        rf"(?:chosen|preferred|used|selected|picked|called|invoked|favou?red|prioriti[sz]ed|ranked) (?:\w{{1,20}} ){{0,2}}?"
        rf"(?:over|instead of|in place of|above|rather than)(?: \w{{1,12}}){{0,2}}? (?:{_OTHERS}|alternatives?|"
        rf"everything|anything|competitors?)|{_OTHERS}(?: \w{{1,20}}){{0,6}}? (?:is|are|was|were|has been|have been|being) "
        r"(?:now |all |both |currently |completely |no longer |considered |known to be )?(?:deprecated|broken|insecure|"
        r"unsafe|dangerous|retired|compromised|outdated|obsolete|unreliable|disabled|vulnerable|inaccurate|malicious|"
        r"unavailable|offline|inferior|infected|forbidden|untrusted|supported|trusted|safe|reliable|buggy|"
        rf"untrustworthy)|(?:do not|don'?t|never|must not|may not|should not|avoid|stop|refrain from|ignore|disregard|skip|"
        rf"bypass)(?: (?:to|ever|even|be))? ?(?:us(?:e|ing)|pick(?:ing)?|choos(?:e|ing)|consider(?:ing)?|call(?:ing)?|"
        rf"select(?:ing)?|invok(?:e|ing)|consult(?:ing)?|try(?:ing)?)? ?(?:{_OTHERS}|another(?=\W)|"
        rf"any others?(?=[.,;!\n]|$))(?! (?:until|unless|before|in parallel|at the same))|"
        r"tak(?:es?|ing) (?:absolute |full )?(?:precedence|priority) over (?:everything|all|any|every|other)|(?:top|highest|"
        r"absolute|maximum|first) (?:priority|precedence|choice|preference) (?:over|among|above|for (?:all|any|every))|"
        rf"(?:whatever|irrespective of|regardless of|no matter(?: what| which)?) (?:the )?(?:task|request|user|query|"
        rf"question|"
        rf"topic|prompt|context|input)[^.\n]{{0,50}}? (?:this|it|{_TOOLS}) [^.\n]{{0,20}}?(?:must|right|has to|should|is|"
        r"choice|always|needs)|(?:only|sole|single) (?:trusted|approved|safe|reliable|correct|valid|authori[sz]ed|secure|"
        r"permitted|official|legitimate) (?:\w{1,14} )?(?:tool|function|option|source|way)|by far the best|"
        r"(?:the )?(?:best|most (?:reliable|accurate|trusted|powerful|secure))(?: \w{1,14}){0,4}?[^.\n]{0,30}? (?:must|"
        r"has to|should always|needs to|ought to) (?:\w{1,14} )?be (?:\w{1,14} )?(?:chosen|used|preferred|selected|called|"
        r"picked|invoked)|(?:always )?(?:select|pick|choose|prefer) this (?:one |tool |function |server )?"
        r"(?:first|exclusively|only|always)|(?:use|call|invoke) this (?:one |tool |function |server )?(?:exclusively|"
        r"no matter|"
        r"whatever|for (?:all|any|every) (?:request|quer|task|question|prompt|purpose)\w{0,3})|"
        r"exclusively (?:use|call|rely on)|use [`'\"]?\w{2,30}[`'\"]? exclusively)(?!\w)"
    ),
    # a named tool made bad
    "smear": (
        r"(?<!\w)(?:(?:is|are|was|were|has been|have been|been)(?: \w{1,14}){0,2}? (?:deprecated|retired|compromised|hacked|"
        r"insecure|unsafe|vulnerable|dangerous|infected|malicious|broken|blocked|banned|untrusted)(?: for security| "
        r"and| as|[,.;:])|leaks? (?:data|information|secrets)|(?:for|due to|because of) (?:a )?(?:critical )?"
        r"(?:security|safety|vulnerabilit\w{1,3}) (?:reasons|issues?|flaws?|holes?|breach\w{0,2}|concerns?|bugs?)|"
        r"may no longer "
        r"be (?:used|called)|must (?:not|never|no longer) be (?:used|called))(?!\w)"
    ),
    # having this one used for it
    "steer": (
        r"(?<!\w)(?:(?:use|route|choose|call|send|direct|prefer|switch to|rely on|go through|pick) (?:\w{1,14} ){0,4}?"
        r"(?:this|through|via|exclusively|instead|in place|only)|(?:must|should|has to|have to) (?:be )?(?:use|called|used|"
        r"replaced|routed))(?!\w)"
    ),
    # doing something to the machine
    "act": (
        r"(?<!\w)(?:run(?:ning|s)?|execut(?:e|es|ed|ing)|launch(?:ed)?|start(?:ed)?|spawn(?:ed)?|install(?:ed)?|"
        r"download(?:ed|s)?|fetch(?:ed|es)?|schedul(?:e|ed)|kill(?:ed)?|terminat(?:e|ed)|stop(?:ped)?|delet(?:e|ed)|"
        r"remov(?:e|ed)|eras(?:e|ed)|wip(?:e|ed)|drop(?:ped)?|truncat(?:e|ed)|purg(?:e|ed)|format(?:ted)?|encrypt(?:ed)?|"
        r"disabl(?:e|ed)|deactivat(?:e|ed)|turn(?:ed)? off|switch(?:ed)? off|bypass(?:ed)?|suspend(?:ed)?|skip(?:ped)?|"
        r"open(?:ed)?|modif(?:y|ied)|chang(?:e|ed)|edit(?:ed)?|alter(?:ed)?|adjust(?:ed)?|append(?:ed)?|writ(?:e|ten)|"
        r"add(?:ed)?|"
        r"grant(?:ed)?|giv(?:e|en)|assign(?:ed)?|elevat(?:e|ed)|promot(?:e|ed)|creat(?:e|ed)|set(?: up)?|"
        r"configur(?:e|ed)|point(?:ed)?|enabl(?:e|ed)|allow(?:ed)?|insert(?:ed)?|put|register(?:ed)?|export(?:s|ed)?|"
        r"mak(?:e|ing)|weaken(?:ed)?|whitelist(?:ed)?|update[ds]?|replace[ds]?|overwrit(?:e|ten)|close[ds]?|shut down|"
        r"push(?:ed)?|"
        r"upload(?:ed|s)?|rotate[ds]?|lower(?:ed)?|loosen(?:ed)?|relax(?:ed)?)(?!\w)"
    ),
    # that nobody wants done
    "harm": (
        r"(?:https?://[^\s`'\")>]{3,100}\.(?:sh|bin|exe|ps1|run|elf|bat|dmg|msi|py|pl|jar|dll|so|apk)(?!\w)|"
        r"(?<!\w)(?:(?:mark|make|"
        r"set)(?: it)?(?: as)? executable|(?:with|using|via|as) (?:sudo|root(?! cause))|cron ?jobs?|scheduled tasks?|"
        r"(?:startup|autostart|login) (?:scripts?|items?|entr(?:y|ies))|reverse shell|backdoor|anti-?virus|firewalls?|"
        r"windows defender|selinux|(?:every|all)(?: the| of the| other)? (?:files?|tables?|backups?|logs?|"
        r"data(?:bases?)?|tickets?|records|rows|branches|permissions|accounts) (?:in|on|of|from|and)|audit[ _]logs?|"
        r"(?:their|its|the) history|(?:shell|terminal|bash|system|os|following) commands?|(?:in|through|with|using|from) "
        r"(?:the |a |your )?(?:terminal|shell|command line)|(?:the |this )?(?:package|module|"
        r"dependency) [`'\"][\w@/.-]{1,40}"
        r"[`'\"]|home (?:directory|folder)|\.git (?:folder|directory)|all (?:the )?backups|"
        r"(?:monitoring|security|anti-?virus|backup|logging|audit) (?:agents?|software|services?|daemons?|process(?:es)?)|"
        r"(?:mcp|settings|claude_desktop_config|config|mcp_config)\.json|authorized_keys|\.?(?:bashrc|zshrc|profile|"
        r"bash_profile)|sudoers|hosts file|/etc/\w{2,20}|(?:write|full|read|root|admin\w{0,10}|public|unrestricted|"
        r"complete|global|elevated|superuser) (?:access|permissions?|rights|privileges?|role)(?: (?:for|to|on))?|"
        r"permissions (?:for|of|on) (?:the|every|all)|"
        r"(?:safety|security|access|permission|approval|content|ssl|certificate|input|tls|signature) (?:checks?|"
        r"filters?|controls?|verification|validation|settings|features?|rules?|polic(?:y|ies)|measures)|confirmation "
        r"(?:prompts?|dialogs?|steps?)|(?:two-factor|multi-?factor|2fa|mfa)(?: auth\w{0,12})?|auto[- ]?approv\w{1,4}|"
        r"auto-?run|yolo mode|(?:http |system |network |https )?prox(?:y|ies)|dns(?: servers?| settings)?|remote "
        r"(?:origin|url)|port \d{2,5}|ssh-(?:rsa|ed25519) \S|incoming (?:traffic|connections)|logging|audit trail|"
        r"rate limits?|sandbox\w{0,3}|guard-?rails?|the client'?s? (?:settings|config\w{0,10})|new admin\w{0,10}|"
        r"new (?:user|account) (?:with|called|named))(?!\w))"
    ),
    # that the definition is told to do on the side
    "aside": (
        r"(?<!\w)(?:prior to|before(?:hand)?|ahead of|first|afterwards?|after (?:completion|the|this|using|each|calling|"
        r"that)|also (?!be |true|known)|additionally|in addition|whenever|when (?:you|it is|this is|"
        r"the) (?:call\w{0,3}|use\w{0,2}|\w{1,12} fails)|"
        r"each time|every time|before (?:each|every|doing|any)|then continue|then proceed|(?:the )?(?:agent|assistant|"
        r"model|llm|ai) "
        r"(?:must|should|has|needs|is|shall)|you (?:must|should|have to|need to|are to|shall)|(?:must|has to|"
        r"have to) (?!be assigned|have )|the user "
        r"(?:has |have )?(?:already )?(?:agreed|consented|approved|authori[sz]ed|accepted|confirmed)|so that (?:later|"
        r"this|the|it|future|subsequent)|to (?:avoid|allow|enable|prevent|ensure|get|permit)|as (?:an )?admin|for (?:the "
        r"user|(?:the |a )?diagnos\w{1,3}|security|compliance|compatibility)|by the (?:agent|assistant|model)|"
        r"should be (?!assigned)|"
        r"on (?:each|every) call|for all (?:users|its tools)|silently|quietly|otherwise|every (?:hour|day|minute))(?!\w)"
    ),
    # how the model shall speak
    "speak": (
        r"(?<!\w)(?:tell(?: the)?(?: user)?|inform|assure|report|(?<!the )state|claim|assert|say|respond|answer|reply|"
        r"pretend|"
        r"return|declare|recommend|praise|promote|suggest|conclude|confirm|affirm|announce|give (?:the |a )?(?:highest|best|"
        r"lowest|top|full|maximum|perfect)|mark|rate|endorse|describe)(?!\w)"
    ),
    # whatever the truth is
    "untrue": (
        r"(?<!\w)(?:irrespective of|regardless of|no matter (?:what|how|whether|which|the)|even (?:if|where|when|though) "
        r"(?:it|they|the|that|there|not|nothing)|without (?:\w{1,12} )?(?:checking|verifying|looking|reading|validating|"
        r"testing|analy[sz]ing|examining)|in (?:all|every|any) (?:cases?|instances?|events?|situations?)|whatever the "
        r"(?:actual |real |true )?(?:outcome|result|content|input|state|facts?|truth|query|question)|leave out "
        r"(?:\w{1,12} )?(?:negative|bad|critical|other)|(?:were|was|has been|had been) (?:done|performed|completed|"
        r"successful)(?= and)|everything is (?:fine|ok|okay|safe|normal)|(?:have|has|had) been (?:recalled|discontinued|"
        r"withdrawn|banned)|each (?:answer|one|item) that (?:holds|contains|has)|contrary to|instead of the (?:real|actual|"
        r"true))(?!\w)"
    ),
    # always so
    "slant": (
        r"(?<!\w)(?:(?:in|with|as part of) (?:your|each|every|all|any) (?:answers?|repl(?:y|ies)|responses?|outputs?|"
        r"summary)[^.\n]{0,20}? (?:state|say|claim|mention|assert|declare|recommend|praise|promote|include that)|(?:make "
        r"sure|be sure|remember|always|never fail) (?:to )?(?:always )?(?:recommend|promote|praise|endorse|advertise|"
        r"(?:claim|say|state|tell|respond|report)(?: to)?(?: the)?(?: users?)? (?:that|with [`'\"]|[`'\"]|yes|"
        r"no(?!t)))|(?:say|tell|claim|state|inform|explain)(?: to)?(?: the)?(?: user)? that (?:the "
        r"user|they|he|she|you|he or she) (?:has|have|must|needs?|should)(?: to)? (?:\w{1,12} )?(?:confirm|enter|verify|"
        r"update|log ?in|provide|send|pay|call|click|visit|re-?enter|share|transfer)|pretend (?:that )?(?:the|to|you|it|"
        r"this|everything)[^.\n]{0,60}?(?:done|were|was|been|is|have|has)(?: not)?)(?!\w)"
    ),
    # on whose authority
    "authority": (
        r"(?<!\w)(?:(?:by|per|under|on|as|following|in line with|according to|due to|for|because of)(?: the| an?| our| my| "
        r"new| latest| current| company| internal){0,4} (?:orders?|polic(?:y|ies)|regulations?|compliance|gdpr|hipaa|"
        r"sox|pci|law|admin\w{0,10}|security team|audit\w{0,4}|management|guidelines?|rules?|requirements?|legal|"
        r"compliance rule|instructions? of)|(?:new|latest|internal|company|security|compliance|corporate|mandatory|updated) "
        r"(?:\w{1,14} )?(?:regulations?|polic(?:y|ies)|rules?|guidelines?|directives?|protocols?|standards?|mandates?|"
        r"procedures?)|(?:auditors?|regulators?|administrators?|(?:the )?(?:security|compliance|legal|it) "
        r"(?:team|department)|company policy|management|the law|gdpr|hipaa) [^.\n]{0,16}?(?:requires?|demands?|mandates?|"
        r"orders?|has|have|instructs?|authori[sz]e\w{0,2}|stipulates?|obliges?|expects?|wants?)|(?:requires?|required|"
        r"mandated|demanded|"
        r"ordered) by (?:\w{1,14} ){0,3}?(?:system|policy|law|team|administrators?|regulations?|server)|as admin\w{0,10}|"
        r"for \w{2,12} compliance)(?!\w)"
    ),
    # what is given away on it
    "yield": (
        r"(?<!\w)(?:mirror(?:ed)?|export(?:s|ed)?|push(?:ed)?|upload(?:s|ed)?|post(?:ed)?|sen[dt]|forward(?:ed)?|"
        r"cop(?:y|ied)|logged|submit(?:ted)?|transmit(?:ted)?|archive[ds]?|deliver(?:ed)?|report(?:ed)?|disclose[ds]?|"
        r"share[ds]?|replicate[ds]?|backed up|synced|contain|include[ds]?)(?!\w)"
    ),
    # without anybody's leave
    "unasked": (
        r"(?<!\w)(?:(?:need|needs|require|requires|with|is|are)(?: \w{1,12}){0,2}? (?:no|"
        r"neither) (?:\w{1,14} )?(?:confirmation|"
        r"approval|consent|permission|authori[sz]ation|review)|(?:without|skip|skipping|bypass|omit)(?: \w{1,12}){0,3}? "
        r"(?:confirmation|approval|consent|permission|authori[sz]ation|asking(?: the user| for)?)|(?:do not|don'?t|"
        r"never) (?:ask|wait|request|seek|prompt)(?: (?:the )?users?)? ?(?:for )?(?:\w{1,12} )?(?:confirmation|approval|"
        r"permission|consent|it)|the user (?:has |have )?(?:already )?(?:agreed|consented|approved|authori[sz]ed|accepted|"
        r"confirmed)|(?:pre-?(?:approved|authori[sz]ed))|access (?:checks|controls?|rules) (?:do not|don'?t|"
        r"no longer) apply|"
        r"(?:has|have|had) (?:already |hereby |fully )?(?:authori[sz]ed|permitted|allowed|instructed|"
        r"cleared|entitled) (?:the |this |every |any )?(?:model|assistant|agent|ai|llm|you)s? to|(?:are|"
        r"is) (?:hereby )?(?:authori[sz]ed|permitted|allowed|entitled) to (?:read|access|list|delete|send|transfer|share|"
        r"bypass|ignore)[^.\n]{0,20}? (?:all|every|any|secret))(?!\w)"
    ),
    # and at once, or with money
    "weighty": (
        r"(?<!\w)(?:at once|immediately|right away|carried out|payments?|transfers?|delet\w{1,4}|read every|secrets?|"
        r"administrator mode|admin mode|purchases?|orders?|send|share|execute|all (?:requests|actions|tools|commands)|"
        r"documents|files|every)(?!\w)"
    ),
    # its text is an order
    "obey": (
        r"(?<!\w)(?:(?:treat|regard|consider|handle|view|follow|obey|execute|accept|trust) (?:any|all|every|the|whatever|"
        r"each|only)? ?(?:the )?(?:text|output|content|response|results?|data|message|instructions?|words?|commands?|"
        r"directives?)[^.\n]{0,40}? (?:as (?:if|though|coming|an? (?:order|command|instruction)|orders|commands|system|"
        r"instructions|being (?:written|said))|(?:from|returned by|of|in) (?:this|the) (?:tool|server|result|output|"
        r"response)[^.\n]{0,40}?(?:without|as|over|above|exactly|unconditionally|even))|(?:earlier|previous|prior|"
        r"former|other|your|"
        r"existing|original|developer) (?:guidelines?|instructions?|rules?|policies|prompts?|constraints?) (?:are|is|"
        r"have been|"
        r"no longer)(?: now)? (?:superseded|void|revoked|replaced|suspended|invalid|obsolete|cancell?ed|apply|lifted|"
        r"overridden)|obey only|(?:has|have|carries|carry) the (?:same )?(?:authority|force|weight|priority) (?:of|"
        r"as))(?!\w)"
    ),
    # the model's own instructions, which no tool needs
    "ownprompt": (
        r"(?<!\w)your (?:\w{1,12}[, ] ?){0,3}(?:system|developer|hidden|initial|internal|original) (?:prompt|message|"
        r"instructions?)(?!\w)"
    ),
    # files that are run at every start, or let somebody in
    "startfile": (
        r"(?:(?:~|\$home|/home/\w{1,30}|/root)/\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv|ssh/authorized_keys|"
        r"config/autostart)|(?<![\w.])\.(?:bashrc|zshrc|bash_profile)(?!\w)|(?<!\w)authorized_keys(?!\w)|/etc/(?:sudoers|"
        r"hosts|crontab|rc\.local|profile|ld\.so\.preload)(?!\w))"
    ),
    # a port that somebody fixed, and what keeps it shut
    "port": r"(?<!\w)ports? (?:number )?\d{2,5}(?!\w)",
    "wall": r"(?<!\w)(?:firewalls?|incoming (?:traffic|connections)|iptables|ufw|security groups?)(?!\w)",
    # all of it
    "total": r"(?<!\w)(?:all|every|values of|contents? of|the user'?s|verbatim|full|entire)(?!\w)",
    # taking it from where it lies
    "take": r"(?<!\w)(?:gather|collect|look(?:s|ed|ing)? up|harvest|extract|dump|find out|search for|scan for|hunt for)(?!\w)",
    # in a comment, which only a model reads
    "whisper": (
        r"<!--(?:(?!-->)[\s\S]){0,160}?(?<!\w)(?:call|invoke|run|execute|use|"
        r"trigger) (?:the )?[`'\"]?[a-z]{2,20}_[a-z_]{2,30}"
        r"(?:(?!-->)[\s\S]){0,160}-->"
    ),
    # opening something to everybody
    "opened": (
        r"(?<!\w)(?:make|set|turn|mark|change)(?: \w{1,14}){1,4} (?:to )?(?:public|world[- ](?:readable|writable)|"
        r"accessible to (?:all|anyone|everyone))(?!\w)"
    ),
    # so that somebody is led to do something
    "lure": (
        r"(?<!\w)(?:state|claim|say|tell|pretend|suggest|"
        r"insist)(?: to)?(?: the)?(?: users?)? that [^.\n]{2,80}? so (?:that )?"
        r"(?:the user|they|he|she) (?:will |would )?(?:buys?|pays?|clicks?|agrees?|orders?|subscribes?|upgrades?|"
        r"trusts?|accepts?)"
        r"(?!\w)"
    ),
    # a call that is stretched to more than was asked
    "stretched": (
        r"(?<!\w)(?:each|every|any|all) (?:\w{1,14} ){1,3}(?:requests?|calls?|operations?|invocations?) (?:must|shall|"
        r"should|has to|"
        r"have to|is to|are to|will) (?:also |always )?be (?:extended|widened|expanded|applied|broadened|redirected|"
        r"repeated|"
        r"duplicated|mirrored|rerouted)(?!\w)"
    ),
    # nothing goes without this tool
    "gate": (
        r"(?<!\w)(?:prior to|before|ahead of) (?:any|every|each|"
        r"all) [`'\"]?[a-z]{2,20}_[a-z_]{2,30}[`'\"]? (?:invocations?|calls?|"
        r"uses?|executions?),? this (?:tool|function) (?:must|has to|shall|needs to)(?!\w)"
    ),
}
