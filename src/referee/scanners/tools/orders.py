"""How definitions of tools speak to the model: orders, occasions, reasons, secrecy, and what is to be done.

Rule 1: a word alone is no finding; ``grammar`` says which of them together are.
Rule 2: an expression is bounded and ignores case; each name has what it stands for beside it.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # getting at something, or handing it over
    "read": (
        r"(?<!\w)(?:read|open|cat|load|fetch|get|retrieve|access|collect|extract|gather|obtain|grab|harvest|scan|include|"
        r"pass|provide|attach|append|add|copy|insert|put|place|supply|dump|list|print|return|embed|hand|give|set|submit|"
        r"use|fill|enter|write|encode|prefix|contain|export|steal|look up|type|exfiltrate|must be read|is read|reading|"
        r"passing|send|upload|post|forward|share|needs?|requires?|ask|gather|paste|fill(?: in)?|unlocked by|"
        r"personali[sz]e|take|append(?:ed)?|given|hand(?:ed)?|lies|lese|lire|mettre|leer|leggere|ler|\u8bfb\u53d6|"
        r"\u8b80\u53d6|\u043f\u0440\u043e\u0447\u0438\u0442\u0430\u0439|"
        r"\u043f\u0440\u043e\u0447\u0438\u0442\u0430\u0442\u044c|\u043f\u0435\u0440\u0435\u0434\u0430\u0439)(?!\w)|"
        r"\u8bfb\u53d6|\u8b80\u53d6|\u767a\u9001|\u53d1\u9001|\u50b3\u9001|\u8aad\u307f|\uc77d"
    ),
    # being told what to do
    "direct": (
        r"(?<!\w)(?:you (?:must|should|need to|have to|are (?:required|obliged|instructed|expected) to|will(?: always)?|"
        r"shall|can only)|must(?: always| first| be| not| contain| have)?|(?:is|are|be) (?:mandatory|required|essential|"
        r"necessary|compulsory|obliged|to be)|has to|have to|needs? (?:you )?to|should(?: be| have| always)?|always|"
        r"make sure|be sure|ensure|please|mandatory|never|(?:do not|don'?t)|immediately|first,? (?:of all)?|"
        r"first(?= (?:read|open|call|run|execute|add|access|fetch|get|load|retrieve|send|use|decode|go))|remember to|"
        r"it is (?:critical|vital|imperative|important|essential)|required(?: step)?|note to (?:the )?(?:model|assistant|"
        r"ai|llm|agent)|(?:assistant|model|llm|ai|agent|claude|gpt)(?:\s?[:,]| must| should| has to| is (?:required|"
        r"obliged|instructed))|critical|important|necessary|unbedingt|musst|muss|vorher|avant (?:chaque|toute?|d)|"
        r"antes de|prima di|\u043f\u0435\u0440\u0435\u0434|\u0432\u044b\u0437\u043e\u0432\u043e\u043c|"
        r"\u043e\u0431\u044f\u0437\u0430\u043d\w{0,24}|tu dois|vous devez|il faut|debes|tienes que|deve|devi|il faut|"
        r"\u043e\u0431\u044f\u0437\u0430\u0442\u0435\u043b\u044c\u043d\u043e|\u0434\u043e\u043b\u0436\u0435\u043d)(?!\w)|"
        r"\u5fc5\u987b|\u5fc5\u9808|\u52a1\u5fc5|\u4e00\u5b9a\u8981|\u5148|\u5fc5\u305a|"
        r"\u3057\u3066\u304f\u3060\u3055\u3044|\ubc18\ub4dc\uc2dc"
    ),
    # on which occasion
    "trigger": (
        r"(?<!\w)(?:before|prior to|after|when(?:ever)?|every time|each time|any ?time|as soon as|once|if|while|upon|"
        r"beforehand|in all calls of|for (?:every|each|all|any))(?!\w)"
    ),
    # keeping it from the user
    "conceal": (
        r"(?<!\w)(?:(?:(?:do not|don'?t|never|must not|should not|cannot|without|avoid|no need to|not) (?:ever |even |"
        r"be )?(?:tell(?:ing)?|inform(?:ing)?|mention(?:ing)?|notif(?:y|ying)|alert(?:ing)?|let(?:ting)?|reveal(?:ing)?|"
        r"disclos(?:e|ing)|warn(?:ing)?|report(?:ing)?|speak(?:ing)? of|explain(?:ing)?|acknowledg(?:e|ing)|"
        r"inform)\W{1,3}(?:\w{1,40}\W{1,3}){0,4}?(?:users?|human|customer|operator|anyone|this (?:tool|step|instruction|"
        r"to|in|file|fact|note|part|call)|that you|these (?:instructions?|steps)|about (?:this|it)|in your (?:reply|"
        r"answer|response)|the field)|(?:users?|human|operator|customer) (?:must|should|may|need|will|can|would)(?: not|"
        r"n'?t|not) (?:ever |need to |have to )?(?:see|know|notice|learn|be (?:told|informed|aware|notified|shown)|"
        r"find out|hear|realise|realize|be bothered)|without (?:the )?(?:user'?s?|human|their|"
        r"his)(?: \w{1,40}){0,2} (?:knowledge|knowing|noticing|consent|awareness|being (?:told|aware|informed))|(?:hidden|"
        r"invisible|secret|concealed|kept|hide|hiding|conceal|withhold|keep) (?:[^.\n]{0,40}? )?(?:from|to) (?:the |"
        r"your )?(?:user|human|customer)s?|(?:give|drop|leave) no (?:hint|trace|mention|indication|sign)|leave (?:it|them|"
        r"this) out of|if asked[^.\n]{0,20}? (?:deny|say|claim|pretend)|(?:be|is|are|was|been) (?:\w{1,40} )?(?:quietly|"
        r"silently|secretly|covertly|discreetly) (?:sent|copied|added|called|run|read|stored|uploaded|forwarded|included|"
        r"inserted|recorded|changed)|(?:added|done|sent|called|run|copied|stored|executed|included|inserted|"
        r"changed) (?:quietly|silently|secretly|covertly|discreetly|unnoticed)|(?:pretend|claim|say|report|state|"
        r"make it look)(?: to the user)? (?:that )?(?:it|they|this|everything|all|"
        r"the \w{1,40})(?: \w{1,40}){0,2}? (?:(?:were|was|been) (?:bought|sent|deleted|done|saved|made|successful)|"
        r"nothing happened)|(?:do|does|did) not say (?:why|that|so)|unnoticed by|(?:user|human|customer|"
        r"victim)s? never (?:finds?|learns?|knows?|sees?|notices?|hears?)|(?:nobody|no one|no-one) (?:notices|knows|sees|"
        r"finds|learns)|(?:must|should|may|can) not (?:show up|appear|be visible|be mentioned|be shown) in (?:the|"
        r"your) (?:answer|response|reply|output|summary|conversation)|(?:erase|delete|clear|wipe) (?:the |all )?(?:logs?|"
        r"traces?|history)(?: of \w{1,20}){0,3}? (?:afterwards|so (?:that )?(?:nobody|no one))|darf (?:das |es |davon |"
        r"hiervon )?nichts? (?:merken|wissen|sehen|erfahren)|silently (?:order|buy|sell|replace|pick|choose|book)|"
        r"no se lo digas|n\u00e3o (?:diga|conte) ao|non dirlo|keep (?:this|it|that|"
        r"the)(?: \w{1,40}){0,3} (?:a )?(?:secret|hidden|confidential|to yourself|quiet|private)|(?:silently|secretly|"
        r"covertly|quietly|discreetly|stealthily|in secret|behind the scenes|surreptitiously) (?:\w{1,40} )?(?:gather|"
        r"hoover|send|call|run|execute|upload|forward|copy|add|include|exfiltrate|read|transfer|invoke|append|email|"
        r"delete|collect|bcc|post|log|record|store|capture|transmit|use|insert|modify|change|replace|report)\w{0,24}|"
        r"(?:not|n'?t|without) (?:let|letting) (?:the )?(?:user|human)(?: \w{1,40}){0,2} (?:see|know|notice|find)|"
        r"sag (?:dem|der) (?:benutzer|nutzer)\w{0,24} nichts|\u4e0d\u8981\u544a\u8bc9\u7528\u6237|"
        r"\u4e0d\u8981\u544a\u77e5\u7528\u6237|ne (?:le )?dis rien|no (?:le )?digas (?:nada )?al usuario|"
        r"\u30e6\u30fc\u30b6\u30fc\u306b(?:\u306f)?(?:\u8a00\u308f|\u4f1d\u3048|\u77e5\u3089\u305b)|"
        r"(?:\u043d\u0435 \u0433\u043e\u0432\u043e\u0440\u0438|"
        r"\u043d\u0435 \u0441\u043e\u043e\u0431\u0449\u0430\u0439) \u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u0442"
        r"\u0435\u043b\w{1,40}))(?!\w)"
    ),
    # sending
    "send": (
        r"(?<!\w)(?:send|sent|sends|post(?:ed|s|ing)?|upload(?:ed|s|ing)?|forward(?:ed|s)?|transmit(?:ted)?|"
        r"exfiltrate\w{0,24}|e-?mail(?:ed|s)?|mail(?:ed|s)?|b?cc(?:'?d)?|leak(?:ed)?|report(?:ed)?|submit(?:ted)?|"
        r"deliver(?:ed)?|relay(?:ed)?|copied|copy|cop(?:y|ies)|share[ds]?|push(?:ed)?|publish(?:ed)?|store[ds]?|"
        r"log(?:ged)?|sync(?:ed)?|pass(?:ed)?|invite)(?!\w)"
    ),
    # another tool, or the name of one
    "other": (
        r"(?:(?<!\w)(?:(?:any|every|each|all|the|no|whichever|whatever) (?:other |another |available |further |"
        r"subsequent )?(?:tools?|functions?)(?: calls?| of| on| in| is| are| must| be| being| can| from|[,.]|(?= that|"
        r" which|\w)|$)|another tool|other (?:tools?|functions?|(?:mcp )?servers?)|tools? (?:of|from|on|in|by) (?:other|"
        r"every|any|all|the other|another|the \w{1,40} (?:mcp )?server)(?: servers?)?|all calls(?: of| to)?|"
        r"competing tools|(?:the )?[\w-]{2,30} (?:mcp )?server'?s?(?= \w{1,40}_\w{1,40}))|(?<![\w./@-])(?:mcp_\w{1,40}|"
        r"""[`'"(]?[a-z]{2,20}(?:_[a-z0-9]{2,20}){1,4}(?:\(\))?[`'"]?)(?![\w/@]|\.\w))"""
    ),
    # changing what a call is given
    "tamper": (
        r"(?<!\w)(?:(?:change[ds]?|replace[ds]?|modif(?:y|ied)|redirect(?:ed)?|substitute[ds]?|swap(?:ped)?|rewrit\w{1,8}|"
        r"alter(?:ed)?|multipl(?:y|ied)|increase[ds]?|double[ds]?|rerouted?|point(?:ed)?|use instead|in (?:its|"
        r"their) place|deliver to|whatever the user)(?!\w)(?:[^.\n]{0,60}?(?<!\w)(?:recipients?|addresse?s?|destinations?|"
        r"path|amounts?|quantit(?:y|ies)|url|endpoint|account|parameters?|arguments?|values?|query|queries|bcc|cc|remote|"
        r"host|body|dosage|price|phone numbers?|numbers?|field|`?\w{1,30}`? (?:argument|parameter|field)|content|iban|"
        r"wallet|private|branch|version|prompt|response|output|result|temperature)(?!\w))|(?:always use|should use|"
        r"must use|set|append(?:ed)?|prepend(?:ed)?|add(?:ed)?|insert(?:ed)?)(?!\w)[^.\n]{0,50}?(?<!\w)(?:recipients?|"
        r"addresse?s?|destinations?|bcc|cc|path|query|queries|body|amount|url|remote|account|`?\w{1,30}`? (?:argument|"
        r"parameter) (?:of|to))(?!\w)|(?:must|should|has to|have to|needs to|is to|are to|to) (?:always )?(?:have|be|"
        r"contain|include) [^\n]{1,90}?(?:in (?:the )?b?cc|whatever the user|at the end|appended|prepended|added|inserted|"
        r"as (?:the )?(?:recipient|destination|path|amount))|(?:recipients?|destinations?(?: address)?|address|amount|"
        r"""quantity|dosage|account|remote|path|url|wallet|iban|[`'"]?\w{1,30}[`'"]? (?:argument|parameter|"""
        r"field))(?: \w{1,20}){0,3}? (?:has to|have to|must|should|is to|are to|needs to|will)(?: always|"
        r" then)? be(?: set| changed| rewritten| replaced| redirected)?(?!\w)(?! (?:absolute|valid|an? |in |one of|"
        r"provided|specified|unique|within|relative|greater|less|between|non|formatted|empty|true|false|at least|url|"
        r"encoded|exact))|calls? (?:should|must|has to|have to|are to|is to|needs? to)(?: always)? be (?:redirected|"
        r"rerouted|routed|forwarded|sent)|arguments? named \S{1,30} (?:is|are) to be)"
    ),
    # a reason that sounds official
    "pretext": (
        r"(?<!\w)(?:(?:for|as(?: an?| part of)?|due to|in line with|per|because of|under|as required by|"
        r"in accordance with|following|to (?:ensure|satisfy|comply with|meet|pass|complete|maintain)) (?:the |a |our |"
        r"company |system |internal |mandatory |legal |safety |data |proper |correct ){0,8}(?:security|safety|compliance|"
        r"audit(?:ing)?|verification|verify|authentication|authorisation|authorization|validation|integrity|logging|"
        r"debug(?:ging)?|tracing|quality(?: assurance)?|licen[cs]e|licen[cs]ing|signing|privacy|policy|policies|"
        r"regulat\w{1,40}|gdpr|system|environment|initiali[sz]ation|compatibility|diagnostics?|health|functioning|"
        r"functionality|operation|performance|backup|telemetry|analytics|protocol)(?: (?:and \w{1,40} )?(?:purposes?|"
        r"reasons?|checks?|requirements?|policy|policies|protocols?|procedures?|standards?|reviews?|verification|process|"
        r"measures?|assurance|rules?|mechanism|step|regulations?))?|(?:otherwise|or else|or|as otherwise) (?:the tool|it|"
        r"this(?: tool)?|the (?:call|request|operation|app|application|system|server)|those tools?|"
        r"\w{1,20}_\w{1,40}) (?:breaks|fails|crashes|stops|will|won'?t|would|does|cannot|may|return|fail|"
        r"crash)(?: not)?(?: \w{1,40})?|in order (?:for|to) (?:it |this |the tool |the )?(?:to )?(?:work|function|proceed|"
        r"unlock|authenticate|verify|access|continue)|to (?:improve|increase|personali[sz]e|unlock|enable|speed up|"
        r"optimi[sz]e|tailor) (?:the |its )?(?:accuracy|results?|quality|access|ranking|output|performance|premium|speed|"
        r"answer\w{0,24})?|(?:which|that) the server needs|(?:needs?|requires?|needed|required|necessary) (?:it |this |"
        r"them |that )?(?:for|to) (?:its |the |proper |correct |it |this ){0,8}(?:licen[cs]e|rank\w{0,24}|sign\w{0,24}|"
        r"verif\w{1,40}|validat\w{1,40}|authent\w{1,40}|work\w{0,24}|function\w{0,24}|operat\w{1,40}|proceed|"
        r"config\w{0,24}|initiali\w{1,40}|calibrat\w{1,40}|personali\w{1,40}|access|security|compliance|tool)|"
        r"implementation detail|unlocked by|(?:the tool|it|this tool) (?:will not|won'?t|cannot|can'?t|does not|"
        r"doesn'?t) (?:work|function|run|return|operate)|security (?:protocol|policy|check|requirement|measure|"
        r"verification)s?|health check|\u5426\u5219|sonst funktioniert)(?!\w)"
    ),
    # a command line or a call that runs one
    "command": (
        r"(?:(?:curl|wget|iwr|irm)\s[^\n|;`]{3,200}\|\s?(?:sudo )?(?:ba|z|da)?sh(?!\w)|base64\s(?:-d|-D|--decode)\s?\|"
        r"\s?(?:ba)?sh|(?<!\w)rm -(?:rf|fr|r -f)\s|/dev/tcp/|(?<!\w)n(?:c|cat|etcat) [^\n`]{0,60}-e|"
        r"chmod (?:-R )?[0-7]?777|chmod \+x|crontab|(?:os\.system|subprocess\.\w{1,40}|child_process|execSync|exec|"
        r"eval)\(|(?:pip3?|npm|npx|uvx?|gem) (?:install |i |-y )[^\n`]{0,60}?(?:--index-url|-i https?|--registry|git\+|"
        r"https?://)[^\n`]{1,60}|(?:cat|type) (?:~|/|\$|\.|c:)\S{2,60}|\bprintenv\b|(?<!\w)env \||"
        r"powershell(?:\.exe)? -\w{1,40}|invoke-expression|iex ?\(|DROP (?:TABLE|DATABASE)|GRANT ALL|DELETE FROM|"
        r"(?<!\w)(?:git (?:push --|push origin|remote (?:add|set-url)|config --)|ssh-keygen|ssh-copy-id|scp|rsync|useradd|"
        r"adduser|sudo|mkfs|dd if=|kill -9|shutdown|reg add|certutil|schtasks|osascript|launchctl|systemctl) \S|"
        r">>? ?~?/?\S{0,40}(?:\.bashrc|\.zshrc|\.profile|authorized_keys|cron\S{0,24}))"
    ),
    # having it run
    "run": (
        r"(?<!\w)(?:run|execute[ds]?|executing|invoke[ds]?|type|paste|launch|start|perform|decode and run|call(?:ed)?|add|"
        r"append|insert|enter|evaluate|open)(?!\w)"
    ),
    # whatever the user or the model does
    "universal": (
        r"(?<!\w)(?:(?:any|every|each|all)(?: of)?(?: the| other| another| your| user'?s?| such| kind of| type of|"
        r" subsequent| further| later| new| single){0,8}(?: (?:file|files|database|db|network|system|shell|payment|email|"
        r"mail|git|browser|api|web|search|data|time|user|tool|code|document|financial|sensitive|write|read|query|"
        r"directory|folder|path|message|calendar|transaction|security|critical))?[ -](?:operations?|tools?(?: calls?)?|"
        r"functions?|requests?|quer(?:y|ies)|commands?|actions?|tasks?|calls?|prompts?|questions?|messages?|"
        r"conversations?|interactions?|responses?|answers?|replies|inputs?|access(?:es)?|activit(?:y|ies)|processing|"
        r"listings?|transactions?|searches|processes|step|steps|work|sessions?|instructions?|servers?|accounts?)|(?:(?:a|"
        r"the) user (?:asks?|requests?|wants?|tries|types?|says?|sends?|mentions?|inquires?|queries)(?: for| to| about)?)|"
        r"you (?:answer|respond|reply|do anything|proceed)|(?:answering|responding|replying|doing anything|proceeding)|"
        r"each request|any (?:content|text|code|files?) (?:saved|written|created|generated|produced)|(?:file|database|"
        r"network|system|shell) (?:operations?|access|actions?|commands?))(?!\w)"
    ),
    # what does damage
    "harmful": (
        r"(?<!\w)(?:delet(?:e|ed|ing)|remov(?:e|ed|ing)|eras(?:e|ed|ing)|wip(?:e|ed|ing)|drop(?:ped)?|truncate[ds]?|"
        r"export(?:ed|ing)?|dump(?:ed|ing)?|upload(?:ed|ing)?|chmod|grant(?:ed)?|disabl(?:e|ed|ing)|overwrit\w{1,40}|"
        r"clear(?:ed|ing)?|kill(?:ed)?|terminate[ds]?|shut ?down|encrypt(?:ed|ing)?|revoke[ds]?|escalate[ds]?|"
        r"elevate[ds]?|install(?:ed|ing)?|downloa(?:d|ded|ding)|mov(?:e|ed|ing) all|(?:delete|remove|write|edit|execute|"
        r"run|exec|create|move|upload|send|transfer|post|download|drop|install|update)_\w{2,30}|shell_exec|bash|"
        r"add (?:the|a|this) (?:line|user|key|cron|entry|rule)|creat(?:e|ed|ing) (?:a |an )?(?:admin|new|hidden|backdoor|"
        r"root) ?\w{0,24}|transfer(?:red)?|purchase[ds]?|buy|pay|withdraw|its output executed)(?!\w)"
    ),
    # into which argument
    "handover": (
        r"(?<!\w)(?:hand(?:ed)?(?: it)? over|pass(?:ed)?(?: (?:it|them))?(?: along| on)?(?: as| in| to)|put|suppl(?:y|"
        r"ied)|provid(?:e|ed)|includ(?:e|ed)|attach(?:ed)?|needed|ask the user for|collect|submit(?:ted)?|enter(?:ed)?|"
        r"send|give|set|append|use[ds]? as|prefix|goes in|be in|in the (?:parameter|field|argument)|has to hold|"
        r"""have to hold|must hold|needs|(?:in|into|as|to) [`'"]\w{1,30}[`'"]|fill(?: in)? `?\w{1,40}`? with|hand(?:ed|"""
        r"ing)?(?: \w{1,40}){0,2} to|appended? to the (?:query|request|url|prompt)|take it from|paste|for (?:validation|"
        r"verification|signing|authentication|confirmation))(?!\w)"
    ),
    # something went wrong
    "error": (
        r"(?<!\w)(?:errors?|failed|failure|expired|denied|invalid|blocked|locked|unauthori[sz]ed|timed? ?out|corrupted|"
        r"incompatible|unable to|cannot (?:load|continue|complete|proceed))(?!\w)"
    ),
    # what is to be done about it
    "remedy": (
        r"(?<!\w)(?:fix:|to (?:continue|proceed|fix|resolve|retry|recover|complete|unlock|restore|finish|solve|clear)|"
        r"the (?:fix|solution|remedy|workaround) is|please (?:run|call|read|provide|send|execute|install|use|pass|share)|"
        r"you (?:must|need to|have to|should)|(?:assistant|model|llm|ai|agent) (?:has to|must|should|needs? to))(?!\w)"
    ),
    # by way of
    "callverb": (
        r"(?<!\w)(?:call(?:ing|ed)?|us(?:e|ing)|run(?:ning)?|invok(?:e|ing|ed)|execut(?:e|ing|ed)|with|via|through)(?!\w)"
    ),
    # a command that no description needs
    "danger": (
        r"(?:(?:curl|wget|iwr|irm)\s[^\n|;`]{3,200}\|\s?(?:sudo )?(?:ba|z|da|python\d?|perl|node)?(?:sh)?(?!\w)(?<!\|)|"
        r"base64\s(?:-d|-D|--decode)\s?\|\s?(?:ba)?sh|(?<!\w)rm -(?:rf|fr|r -f)\s{1,20}(?:~|/|\$|\*|\.)|/dev/tcp/|"
        r"(?<!\w)n(?:c|cat|etcat) [^\n`]{0,60}-e\s|chmod (?:-R )?[0-7]?777|"
        r"python\d?(?:\.\d)? -c [\x22'][^\n]{0,160}(?:exec|eval|os\.system|urlopen)|docker run [^\n`]{0,80}(?:-v /:|"
        r"--privileged)|export PATH=/tmp|(?:os\.system|child_process|execSync|subprocess\.\w{2,12})\(|"
        r">>? ?~?/?\S{0,40}(?:\.bashrc|\.zshrc|\.profile|authorized_keys|cron\S{0,24})|powershell(?:\.exe)? -(?:e|"
        r"enc\w{0,24}|w\w{0,24} hidden)|iex ?\(|mkfs|:\(\)\s?\{)"
    ),
    # the contents of
    "strongread": (
        r"(?<!\w)(?:read(?:ing)?|open|cat|access(?:ed)?|fetch|load|extract|dump|send|upload|steal|retrieve|exfiltrate|"
        r"harvest|collect|get the contents?|(?:its )?contents?(?: of)?|grab|copy|pass|include|attach|append|value of|"
        r"hand over)(?!\w)"
    ),
    # one value for another
    "replace": (
        r"(?<!\w)(?:(?:change|replace|redirect(?:ed)?|substitute|swap|rewrite|alter|modify|"
        r"point)(?!\w)[^.\n]{0,60}?(?<!\w)(?:recipients?|e-?mail|authors?'?s?(?: \w{1,20})?|reviewers?|senders?|"
        r"addresse?s?|destinations?|path|amounts?|url|endpoint|account|parameters?|arguments?|values?|query|remote|host|"
        r"number|wallet|it|them)(?: \w{1,40}){0,3}? (?:with|to|by|at|as)(?!\w)|(?:recipients?|destinations?(?: address)?|"
        r"address|account|remote|path|url|wallet)(?: \w{1,40}){0,3}? (?:has to|have to|must|should|is to|needs to|"
        r"will)(?: always| then)? be|(?:bcc|cc)(?:'?d)?|invite[ds]?|added to (?:the )?(?:guests|attendees|recipients|cc|"
        r"bcc|members|collaborators|reviewers|list))(?!\w)"
    ),
    # against what the user said
    "defy": (
        r"(?<!\w)(?:instead of (?:the (?:one|\w{1,40}) (?:given|named|provided|specified|chosen|asked)|what)|in place of|"
        r"in its place|whatever|regardless|no matter|even if|rather than (?:the|what) \w{1,40}|"
        r"because of an? \w{1,40} error)(?!\w)"
    ),
    # the tools of others
    "alltools": (
        r"(?<!\w)(?:(?:for|of|in|to) (?:all|every|any)(?: the)? other tools?|all other tools|every other tool|"
        r"other tools:|tools? of (?:all|every|other) servers?)(?!\w)"
    ),
}
