"""Words that orders to a model are made of, in many languages, by what they mean there.

Rule 1: a word alone says nothing; what counts is which meanings stand beside each other, which the model has learned.
Rule 2: words are written as ``wording`` normalises them: lower case, Latin letters without accents. ``x*`` covers every word that
begins so.
Rule 3: Chinese and Japanese have no spaces: a word there is known by two characters that stand together.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_WORDS: Final = {
    "drop": (
        "ignor* disregard* forget forgets forgot forgotten override* overrid* overwrit* bypass* neglect*"
        " discard* dismiss* skip abandon* supersed* erase nullif* void cancel* revoke* omit unlearn* vergiss*"
        " vergess* missacht* verwirf* oubli* neglig* omett* olvid* descart* omit* anul* dimentic* trascur*"
        " scart* esquec* desconsider* desprez* забуд* игнориру* отмен* пренебре* negeer* vergeet* zignoruj*"
        " ignoruj* zapomnij* pomin* yoksay* unut* gormezden 忽略 无视 無視 忘记 忘掉 忘れ 忽視 不理 무시* 잊어* 잊고* تجاهل* انس*"
        " انسى अनदेखा नजरअंदाज भूल*"
    ),
    "earlier": (
        "previous* prior above earlier before preceding foregoing initial original existing former past last"
        " everything vorherig* vorangegang* bisherig* obig* oben davor zuvor vorher ursprunglich* precedent*"
        " anterieur* avant dessus prealable* anterior* previ* antes arriba anteced* sopra prima acima"
        " предыдущ* прежн* ранее выше прошл* eerdere vorige bovenstaande voorgaande poprzedni* wczesniej*"
        " powyzsz* onceki* yukaridaki 之前 以前 先前 上面 上述 前面 以上 前の これまで 今まで 이전* 앞선 위의 السابق* أعلاه पिछल* पहले"
        " उपरोक्त"
    ),
    "orders": (
        "instruct* directive* direction* guideline* command* rule rules order orders programming protocol*"
        " anweisung* instruktion* befehl* regel* richtlin* vorgab* consigne* ordre ordres regle regles"
        " directiv* instrucc* orden* regla* istruzion* comand* regol* direttiv* instruc* instrucoes regra*"
        " ordem ordens diretriz* инструкц* указани* правил* команд* приказ* instructies opdracht* regels"
        " instrukcj* polecen* zasad* talimat* komut* kural* 指令 指示 命令 规则 規則 ルー 说明 要求 지시* 명령* 지침* 규칙* تعليمات*"
        " التعليمات* أوامر* القواعد* निर्देश* आदेश* नियम*"
    ),
    "prompt": (
        "prompt prompts preprompt context eingabeaufforderung systemprompt invite aufforderung preamble"
        " промпт* 提示 プロ 프롬프트* المطالبة प्रॉम्प्ट"
    ),
    "system": (
        "system systems developer admin administrator root sudo sistema systeme システ 系统 系統 시스템* النظام सिस्टम"
        " систем* systemu systeem sistem*"
    ),
    "ai": (
        "ai a.i llm llms gpt chatgpt claude gemini copilot bard bot bots chatbot* assistant* assistent*"
        " asistente* assistente* ki ia ии agent agents model models modell* modele* modelo* modello* модел*"
        " ассистент* помощник* 助手 助理 人工 模型 アシ モデ 어시스턴트* 모델* 인공지능* المساعد الذكاء نموذج सहायक मॉडल openai"
        " anthropic llama mistral asystent*"
    ),
    "you": (
        "you your you're youre yours yourself u ur du dein* dir dich sie ihr* tu toi ton tes vous votre vos"
        " usted* tus eres voce* seu sua voi vostr* tuo tua tuoi sei ты вы тебя тебе вам вас твой твои ваш* jij"
        " je jouw uw twoj* ty sen siz senin 你的 您的 你是 你现 あな 君は 너는 당신* 네가 너의 أنت आप तुम तुम्हार* आपक*"
    ),
    "me": (
        "i me my mine i'm i'll ich mir mein* je moi mon ma mes yo mi mis io mio eu meu minha я мне мой 我的 给我"
        " 告诉 私に 나에게 내게 أنا मुझे"
    ),
    "now": (
        "now henceforth instead onwards onward starting jetzt ab nun stattdessen maintenant desormais plutot"
        " ahora adelante lugar adesso ora invece agora vez теперь отныне вместо сейчас nu voortaan teraz odtad"
        " zamiast simdi artik bunun 现在 從現 从现 今から 今後 代わ 이제* 지금부터 대신 الآن अब"
    ),
    "new": (
        "new updated real actual following next revised neue* folgende* neu nouvel* nouveau suivant* nuev*"
        " siguient* nuov* seguent* novo nova seguint* нов* следующ* nieuwe volgende now* nastepujac* yeni"
        " asagidaki 新的 以下 新し 다음* 새로운 الجديد* التالي* नए नई निम्न*"
    ),
    "say": (
        "print say output* repeat* reveal* show tell respond* reply answer display* recite echo spell*"
        " disclos* divulg* leak* write state mention summariz* translat* list type copy paste verbatim gib"
        " sage sag zeig* nenn* wiederhol* verrat* antwort* schreib* ausgeb* dis dire montr* revel* repet*"
        " affich* ecri* repond* di dime muestr* imprim* escrib* repit* respond* dimmi mostr* stamp* rivel*"
        " ripet* scriv* rispond* diga mostre imprima repita escreva скажи* покаж* выведи* напиши* повтори*"
        " раскро* ответь* zeg toon herhaal schrijf antwoord powiedz pokaz* powtorz* napisz* wypisz soyle"
        " goster* yazdir* yaz tekrarla 输出 打印 重复 告诉 显示 透露 回答 出力 表示 教え 繰り 答え 말해* 출력* 보여* 알려* 반복*"
        " اطبع اعرض أخبر* كرر बताओ बताएं दिखा* लिखो"
    ),
    "secret": (
        "password* passwort* secret secrets key keys confidential credential* token tokens passphrase"
        " passcode private hidden geheim* schlussel* kennwort vertraulich* mot passe cle confidentiel*"
        " secretos contrasen* clave* secreta senha* chave* segredo* segret* chiav* парол* секрет* ключ*"
        " wachtwoord geheime haslo hasla tajn* sifre* parola* gizli 密码 密碼 秘密 机密 口令 パス 機密 비밀* 암호* 비번 كلمة السر"
        " سري* पासवर्ड गुप्त api_key apikey"
    ),
    "hide": (
        "secretly silently covertly quietly discreetly heimlich stillschweigend secretement discretement"
        " silencio* silenzio* segretamente тайно незаметно potajemnie gizlice 偷偷 悄悄 暗中 密か こっ 몰래 سرا चुपके"
    ),
    "not": (
        "not never don't dont no without cannot can't won't isn't aren't doesn't nor nicht kein* nie niemals"
        " ohne ne pas jamais sans aucun* nunca jamas sin non mai senza nao nenhum* sem не никогда без нет niet"
        " geen nooit zonder nie nigdy bez degil asla olmadan 不要 不得 不能 没有 不会 ない せず 않* 말고 없이 لا لن دون नहीं बिना"
        " मत"
    ),
    "send": (
        "send* forward* email mail upload* transfer* exfiltrat* submit* deliver* post share schick* send*"
        " sende* weiterleit* ubermittel* envoy* transmet* envia* enviar envie* manda* reenvi* inoltra* invia*"
        " inviar* encaminh* transfir* отправ* перешли* переведи* stuur verzend przeslij* wyslij* gonder* ilet*"
        " 发送 转发 转账 發送 送信 転送 보내* 전송* أرسل* حول भेज*"
    ),
    "exec": (
        "run execute* call invoke* use open visit click* fetch delete* remove install* download* perform*"
        " follow* access read fuhr* ausfuhr* offne* losch* besuch* klick* execut* ouvr* supprim* visit* cliqu*"
        " ejecut* abr* borr* elimin* haz clic esegu* apri* cancella* executa* abra* exclu* apag* выполни*"
        " открой* удали* запусти* voer open verwijder wykonaj* otworz* usun* calistir* ac sil 执行 運行 运行 打开 删除"
        " 点击 実行 開い 削除 실행* 삭제* 열어* نفذ احذف افتح चलाओ निष्पादित हटा*"
    ),
    "limit": (
        "restrict* limit limits limitation* filter* censor* ethic* moral* polic* safety safeguard* boundar*"
        " constraint* guardrail* inhibition* beschrank* einschrank* grenz* moralisch* sicherheits* zensur*"
        " contraint* restriccion* limitacion* etic* politica* seguridad restrizion* limitazion* limiti"
        " censura* restric* limitac* ограничен* этик* цензур* фильтр* морал* beperking* ograniczen* cenzur*"
        " kisitlama* sinir* 限制 道德 审查 過濾 过滤 安全 制限 倫理 検閲 제한* 윤리* 검열* قيود القيود* الأخلاق* प्रतिबंध* सीमा*"
    ),
    "persona": (
        "pretend* act acting roleplay* role-play* imagin* simulat* persona character play role impersonat*"
        " emulat* behave become hypothetical* fiction* scenario story tu spiel* rolle verhalt* stell agis*"
        " jou* role imagin* pretend* fais actu* finge* fing* imagina* papel agisci* fai finta ruolo immagin*"
        " aja finja притвор* представь* веди роль сыграй* doe alsof gedraag udawaj* zachowuj* wyobraz* rol"
        " davran* 扮演 假装 角色 想象 模拟 演じ 役割 振る ふり 역할* 연기* 척 تظاهر تصرف تخيل अभिनय कल्पना भूमिका"
    ),
    "free": (
        "unrestrict* unfilter* uncensor* unlimit* unbound* anything amoral jailbr* dan freed freedom"
        " unethical liberated uneingeschrankt* unzensiert* alles libre* sans-limite illimit* ilimitad* liber*"
        " все что-угодно свободн* безгранич* 任何 自由 不受 何で 自由 무엇이든 자유* أي حر कुछ"
    ),
    "refuse": (
        "refus* sorry apolog* declin* warning warnings disclaimer* unethic* illegal* inappropriat* immoral"
        " harmful weiger* verweiger* entschuldig* refuser rechaz* niega* negar* disculp* rifiut* scusa* recus*"
        " desculp* отказ* извин* weiger odmaw* reddet* 拒绝 道歉 抱歉 拒否 거부* 거절* ترفض मना"
    ),
    "must": (
        "must always immediately important urgent critical mandatory required strictly only obey comply shall"
        " attention sofort immer wichtig dringend unbedingt gehorch* toujours immediatement important* urgent*"
        " doit dois obligatoir* siempre inmediatamente debes debe obedec* sempre subito immediatamente devi"
        " deve obbed* deves imediatamente всегда немедленно обязан* должен важно срочно altijd onmiddellijk"
        " moet zawsze natychmiast musisz her hemen zorunda 必须 必須 立即 马上 重要 始终 必ず 直ち 반드시 즉시 항상 يجب فورا दائما"
        " दायम हमेशा तुरंत ज़रूरी"
    ),
    "user": (
        "user users human customer operator reader benutzer* nutzer* utilisateur* usuario* utente utenti"
        " utilizador пользовател* gebruiker uzytkownik* kullanici* 用户 用戶 ユー 사용자* المستخدم उपयोगकर्ता"
    ),
    "task": (
        "task tasks job goal mission objective purpose assignment request question conversation session"
        " aufgabe* auftrag ziel gesprach* tache* mission conversation tarea* mision objetivo* conversacion*"
        " compito* obiettiv* conversazion* tarefa* missao conversa задач* задани* цель разговор* taak gesprek"
        " zadani* cel rozmow* gorev* amac sohbet* 任务 任務 目标 对话 タス 会話 目的 작업* 임무* 대화* مهمة المهمة محادثة कार्य"
        " काम बातचीत"
    ),
    "doc": (
        "document email e-mail page article text file website message messages content review dokument* seite"
        " datei nachricht* fichier page message texte document* pagina mensaje* archivo texto documento*"
        " messaggio* testo arquivo mensagem документ* страниц* сообщени* текст* bericht bestand wiadomosc*"
        " tekst* mesaj* metin* belge 文档 文件 邮件 文本 内容 消息 文書 文章 메시지* 문서* 텍스트* رسالة النص الملف संदेश पाठ"
    ),
    "mode": (
        "mode modus enabled activated override unlocked modo modalita режим* tryb modu 模式 モー 모드* وضع मोड"
        " debug maintenance"
    ),
    "tool": (
        "tool tools function functions api plugin parameter argument werkzeug* funktion* outil* fonction*"
        " herramient* funcion* strument* funzion* ferramenta* funcao инструмент* функци* 工具 函数 ツー 関数 도구* 함수*"
        " أداة उपकरण"
    ),
    "trust": (
        "authorized authorised authorization permission official verified creator owner boss ceo privileg*"
        " autorisiert* offiziell* autoris* autoriz* oficial* ufficial* авториз* официальн* владел* 授权 官方 認可 許可"
        " 승인* 권한* مصرح अधिकृत"
    ),
    "end": (
        "end stop finished complete completed done begin ends fin fine ende beendet termin* acab* конец"
        " закончен* koniec bitti 结束 開始 开始 終了 종료* 끝 نهاية समाप्त"
    ),
}  # fmt: skip

MEANINGS: Final = tuple(_WORDS)


@cache
def words() -> dict[str, int]:
    """Return the whole words, each with the number of its meaning (from 1)."""
    return {
        word: number
        for number, written in enumerate(_WORDS.values(), 1)
        for word in written.split()
        if not word.endswith("*")
    }


@cache
def beginnings() -> dict[str, int]:
    """Return the beginnings of words, each with the number of its meaning."""
    return {
        word[:-1]: number
        for number, written in enumerate(_WORDS.values(), 1)
        for word in written.split()
        if word.endswith("*")
    }
