"""How a thing is said: as a fact of now, denied, past, over, feared, asked about, in a figure.

Danger words alone decide nothing. A rule finds words; this module tells in which mood they stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Mood(StrEnum):
    ACTUAL = "actual"
    NEGATED = "negated"
    PAST = "past"
    ENDED = "ended"
    FEARED = "feared"
    ENQUIRY = "enquiry"
    FIGURE = "figure"
    REPORTED = "reported"


MOOD_NAMES: dict[Mood, str] = {
    Mood.ACTUAL: "正在发生",
    Mood.NEGATED: "否定",
    Mood.PAST: "过去的事",
    Mood.ENDED: "已经结束",
    Mood.FEARED: "担心或假设",
    Mood.ENQUIRY: "询问办法或政策",
    Mood.FIGURE: "比喻或固定说法",
    Mood.REPORTED: "转述、演练或影视",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` without its end mark; `start` is its offset in the whole text."""

    text: str
    start: int


# Bounds the work on a very long text; a call is some hundred characters.
MAX_SENTENCES = 200
MAX_SENTENCE_LENGTH = 300

# Nobody in danger tells so long a story; a text beyond this is read like a letter.
LETTER_LENGTH = 220

_SENTENCE = re.compile(r"[^。！!？?；;\n]+[。！!？?；;\n]*")

_NEGATION_BEFORE = re.compile(
    r"(?:没有?|并未|未|不是|不算|无|从没|不再|别|不会|不可能|没人|无人|差一?点|险些|不让|不准|禁止|严禁|"
    r"谁也没|不要|不用|不存在|还没|没再|没见|没看见|没发现|没听见|没闻到|不属于|并非|不至于)"
    r"(?:人|有人|谁|什么|啥|发生|出现|再|把|被|发现|看到|看见|闻到|任何|过|是|什么人)?$"
)
_PAST = re.compile(
    r"去年|前年|大前年|上个?月|上上?个?(?:星期|礼拜)|上周|前几?年|前些年|几年前|[一二两三四五六七八九十几\d]+年前|"
    r"[两三四五六七八九十几\d]+个?月(?:以?前|之前)|小时候|以前|从前|曾经?|早些年|那年|当年|当时|那时候?|那次|那回|"
    r"上次|上回|原来|早年|头几年|往年|历年|20[012]\d年|年前(?!后)|年轻(?:时|那会)|[〇零一二三四五六七八九]{1,2}年(?!级)(?=.{0,3}在)"
)
_PRESENT = re.compile(
    r"现在|这会儿?|这一?会|此刻|刚刚|刚才|刚|眼下|目前|今天|今晚|今早|今儿|正在|还在|正|又|马上|眼看|"
    r"当下|夜来|昨晚|昨天|昨夜|这两天|这几天|一直|到现在|至今|再次"
)
_FEARED = re.compile(
    r"如果|要是|假如|万一|倘若|一旦|假设|怕|担心|害怕|生怕|恐怕|以免|免得|防止|避免|预防|以防|容易|极易|易发|"
    r"会不会|会发生|可能会|可能造成|可能引发|可能发生|会造成|会引发|造成的?|迟早|早晚|随时可能|随时会|随时都|"
    r"隐患|有风险|风险|的可能|危及|将会|势必|等到?(?=.{0,6}(?:才|再))|难道|非得|是不是要等|出了事|威胁到|影响到"
)
_FEARED_AFTER = re.compile(
    r"^.{0,8}?(?:怎么办|咋办|谁负责|谁来负责|的?隐患|的?风险|的?可能|的?危险性?)"
)
_ENQUIRY = re.compile(
    r"(?:怎么|如何|怎样|咋)(?:样)?(?:办理|申请|认定|赔|报销|处罚|预防|避免|索赔|理赔|定性|开证明|补办|注销|判|"
    r"收费|规定|举报|投诉|算|缴|领|写|打官司|起诉|维权|判定|区分|识别|检测|检查|安装)|"
    r"(?:什么|哪些|哪种|啥)(?:样的?)?(?:材料|手续|证件|条件|政策|规定|流程|标准|程序|补助|补偿|证明|法律|处罚|时候|情况)|"
    r"(?:多少|几)(?:钱|元|天|年|个工作日|分(?!钟))|(?:能不能|可不可以|是否|能否|可否|是不是)"
    r"(?:报销|申请|办理|赔|补|享受|算|认定|领|属于|可以|需要|要交|退)|"
    r"算不算|属不属于|有没有(?:政策|规定|补助|补贴|补偿|赔偿|法律|标准)|想了解|想知道|科普|"
    r"由谁(?:赔|管|负责)|归谁管|归哪|合不合法|违不违法|犯不犯法|犯法[吗不么]|违法[吗不么]|"
    r"担(?:多大|什么|啥|哪些)?的?责任|弄清楚|有没有依据|赔不赔|来得及吗|能不能(?:评|以旧换新|缓)"
)
_REPORTED = re.compile(
    r"听说|据说|网上(?:看|说|流传)|新闻|视频(?:里|上)|抖音|快手|朋友圈|电视|电影|小说|游戏|剧本|演习|演练|"
    r"梦见|做梦|梦里|宣传|培训|讲座|上课|预案|标语|广告(?:上|里|说)|谣言|造谣|模拟|主题|题材|故事|"
    r"演示|报(?:上|纸)|报道|广播里|歌词|台词|老图|老视频"
)
_URGENT_NOW = re.compile(
    r"正在|现在|这会儿?|此刻|刚刚|刚才|刚(?!好|需)|眼下|还在|马上|眼看|快来|快点|快派|快要|快不|赶紧来|赶快|赶紧派|"
    r"救命|救救|来不及|越来越|急急|紧急|速来|今晚|今早|咋办|怎么办|[呢哩]$|着呢|求助|求救|快救|来人|派人|过来"
)
_LETTER = re.compile(
    r"尊敬的|领导[:：,，您]|书记[:：,，您]|市长[:：,，您]|您好[！!，,。：:]|此致|敬礼|恳请|望.{0,6}领导"
)
# Words of written language: of web forms and of letters without a salutation.
_WRITTEN = re.compile(
    r"(?:书记|[厅局市县区州省]长|主任)[:：,，您]|望.{0,8}(?:领导|部门|政府|重视|解决|答复|回复|核实|查处)|"
    r"(?:有关|相关|主管|职能)(?:部门|单位)|予以|敬请|贵(?:局|单位|厅|市|县|台)|本人|特此|"
    r"关于.{2,24}的(?:问题|咨询|建议|投诉|请求|情况|诉求|反映)|如何(?:处理|解决)|是否(?!在)|"
    r"给(?:予|个)答复|盼(?:复|回复|望)"
)

# Done for practice, wherever in the sentence it is said.
_STAGED = re.compile(
    r"演习|演练|演示|排练|预演|彩排|急救课|自救课|救生课|模拟(?:考|器|训练)|剧本杀|密室逃脱"
)
# What is quoted of a threat or a farewell is the danger itself.
_QUOTED_IN_EARNEST = frozenset({"suicide", "violence", "crowd", "missing"})

# Said when the thing is over. Each kind of danger ends in its own words.
_ENDINGS: dict[str, re.Pattern[str]] = {
    "fire": re.compile(r"(?<!没)(?<!没有)(?:扑灭|灭了|熄了|熄灭|浇灭|火已经?灭|灭掉了)"),
    "medical": re.compile(
        r"(?:已经?|都)(?:送(?:到|去|往|进)?了?医院|出院|好了|醒了?|住院|做完手术)|送(?:到|去)医院了|出院了|缓过来了|救过来了|抢救过来|(?:溢血|出血|心梗|脑梗|猝死|病)[^，。]{0,3}走的|丧葬费"
    ),
    "missing": re.compile(
        r"(?<!没)(?<!没有)(?:已经?|都)(?:找到|找着|找见|回来|回家|送回)了?|(?<!没)(?<!不)(?:找到|找着|找见)了|"
        r"自己回来了|回家了|人好好的|虚惊一场|结果[^。]{0,6}(?:坐着|睡着|躲在|在[^。]{0,6}(?:玩|网吧|同学家))"
    ),
    "violence": re.compile(
        r"(?:已经?|都)(?:处理|调解|报过?警|立案|结案|拘留|抓|判)|派出所(?:已经?)?(?:处理|来过|立案|调解)|抓(?:住|到|走)了|"
        r"判了|拘留了"
    ),
    "traffic": re.compile(
        r"(?:已经?|都)(?:处理完|处理好|定责|私了|撤离|拖走|判)|定责了|私了了|责任认定|事故认定|全责|次责|主责"
    ),
    "disaster": re.compile(
        r"(?:已经?|都)(?:退|救出|转移|疏通|抢通|安置)|救(?:出来|上来)了|出来了|水退了"
    ),
    "crowd": re.compile(r"(?:已经?|都)(?:散|撤|走)了|散了"),
}

_FIGURES = re.compile(
    r"(?:饿|冻|呛|熏|疼|痛)(?:都|快)?死(?:我|俺|咱)(?!.{0,3}[了爸妈爷奶娃家])|(?:气|急|愁|烦|累|困|渴|热|冷|笑|吓|忙|堵|吵|闹|臭|脏|晒|憋|恨|爱|想|羞|丢|坑|逼|干|渴|闷|挤|"
    r"磨|颠|贵|苦|难|心疼|烤|窝囊|闹腾|烟呛)(?:都|快)?死(?:我|人|个人|了|俺|咱|大家|你|他|她|老百姓|牛)?|要(?:了)?(?:人|我|老)?的?命|"
    r"人命关天|救命(?:钱|稻草|恩人|药|水|的?钱)|保命|卖命|拼命|拼死|死活|死角|死循环|死机|死路|死板|死贵|死沉|死要面子|"
    r"气炸|炸(?:了)?(?:锅|毛|裂|鸡|油条|弹鸡)|(?:头|脑袋|肺|心态|群里?)(?:都)?(?:要|快)?(?:气)?炸|爆炸头|信息爆炸|打了?鸡血|"
    r"上火|发火|冒火(?:三丈)?(?=了?[，,。]?(?:气|我))|火大(?=了?[，,。])|火冒三丈|心急火燎|火烧(?:眉毛|火燎|屁股)|眼里冒火|嗓子(?:都)?(?:冒烟|着火|冒火)|(?:心里|肚子里?|嗓子|头顶|"
    r"七窍|喉咙|嗓子眼)[^，。]{0,6}(?:冒|着|起)(?:了)?(?:火|烟)|后院(?:起|着)火|(?:生意|店|视频|直播|节目|歌|网上|"
    r"抖音|小说|景区|城市|博物馆|面馆)[^，。]{0,4}(?<![着起失发])火了|火爆|火锅|火车|火炉|火葬|火化|"
    r"跳楼价|跳水价|价格跳水|清仓跳楼|亏到跳楼|自杀式|断崖|雪崩式|血拼|大出血|放血价|血汗钱|吐血(?:价|推荐|甩卖)|骨折价|"
    r"抢(?:购|票|课|号|单|修|险|收|种|救|答|镜头|红包|先|位|占|建|着|眼|不到|不上|得|活)|"
    r"(?:跟|和|像|等于|简直|这是|就是|明摆着|好比)[^，。]{0,4}(?:抢劫|打劫|抢钱|明抢|强盗|土匪|绑架|杀人|谋杀|自杀|谋财害命|坐牢|诈骗)|"
    r"(?:道德|感情|亲情|舆论|消费|捆绑)绑架|变相(?:抢|绑架|杀人)|趁火打劫|"
    r"杀(?:价|毒|虫|菌|猪|鸡|羊|牛|青|熟|手锏|软件|鼠|蟑|时间|生)|宰(?:客|人(?=太|得)|羊|牛|猪|杀)|挨宰|被宰|"
    r"(?:手机|电脑|游戏|网络|系统|U盘|短视频)中毒|中(?:了)?(?:你的|他的)毒|毒(?:鸡汤|瘤|舌)|网瘾|"
    r"打(?:假|折|包|印|卡|听|车|水|工|算|扫|雷|预防针|官司|擦边球|电话|交道|招呼|针|扰|开|的(?:来|去)|发|点滴|麻将|牌|酱油)|"
    r"(?:眼皮|部门|政策|文件|规定|数据|信息|两家|系统|口径|说法|条款|地名|名字)[^，。]{0,6}打架|"
    r"翻车鱼|(?:直播|产品|网红|考试|带货|系统|网站|平台|程序|网上)[^，。]{0,6}翻车|(?:通知|时间|日程|档期|活动|会议?|课)[^，。]{0,4}撞(?:了)?车|杀人不见血|逼死(?:人|我)|"
    r"淹死在[^，。]{0,3}(?:材料|文件|单子|表)|(?:打|点)(?:不|得)?着(?:了)?火|(?:快递|包裹|件|手机|档案|材料)[^，。]{0,4}走丢|"
    r"(?:手机|电脑|平板|杯子)[^，。]{0,8}(?:跳楼|跳下|自杀)|"
    r"踢皮球|皮球|卡脖子|脖子都|一刀切|刀削|开刀|动刀(?=手术)|两刀|枪手|枪版|水枪|喷枪|电枪|玩具枪|焊枪|加油枪|额温枪|体温枪|充电枪|"
    r"(?:暴|大)雷|暴雷|爆雷|踩雷|炸鱼|定时炸弹|"
    r"困难|贫困|困扰|困惑|受困于|犯困|"
    r"淹没在|(?:垃圾|债|活|人群|口水|单子)[^，。]{0,3}(?:淹了|淹没)|"
    r"(?:被|给|叫|让)(?:他们?|商家|老板|房东|物业|开发商|景区)?(?:套路|坑)|"
    r"头(?:都)?(?:要|快)?(?:晕|大|昏)了|绕晕|转晕|看晕|搞晕|晕头转向|晕车|晕菜|"
    r"(?:生不如死|半死不活|寻死觅活的心|死去活来|你死我活|死水|死猪|死鱼|死树|死苗|死狗|死老鼠)|"
    r"消防(?!车来)|火灾(?:险|隐患|预防|保险|自动|报警)|防火|灭火器|火患|火警(?:器|系统)|(?:烟花|爆竹|鞭炮)|"
    r"(?:暖气|供暖|炉子|锅炉|灶|煤|柴|炕)[^，。火]{0,5}烧(?:得|的|起来)|"
    r"烟囱|油烟|抽烟|吸烟|香烟|卖烟|二手烟|炊烟|"
    r"自来水[^，。]{0,3}抢修|"
    r"(?:睡|找|见|看|听|遇|碰|逮|捡|抓|摸|赶|用|犯不|买|等|轮|点|灯|打|照)着了|"
    r"(?:失火|着火|爆炸|地震|打仗|杀人|死人|遭贼|抄家|血洗)了?(?:一样|似的|一般|的一样)|以为[^，。]{0,4}(?:失火|着火|爆炸|地震|进贼|死人)"
)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a text at its end marks; the end mark stays. At most `MAX_SENTENCES`, each cut to
    `MAX_SENTENCE_LENGTH` characters and continued in a further one."""
    sentences: list[Sentence] = []
    for piece in _pieces(text):
        sentences.append(piece)
        if len(sentences) >= MAX_SENTENCES:
            break
    return tuple(sentences)


def _pieces(text: str) -> Iterator[Sentence]:
    for match in _SENTENCE.finditer(text):
        found = match.group()
        for offset in range(0, len(found), MAX_SENTENCE_LENGTH):
            yield Sentence(found[offset : offset + MAX_SENTENCE_LENGTH], match.start() + offset)


def is_letter(text: str) -> bool:
    """Whether the text is written like a letter to an official: nobody in danger writes so."""
    return bool(_LETTER.search(text[:200]) or _LETTER.search(text[-60:]))


def is_written(text: str) -> bool:
    """Whether the text reads like a letter or a web form, or is too long to be said in danger."""
    return is_letter(text) or len(text) > LETTER_LENGTH or bool(_WRITTEN.search(text))


def is_said_now(text: str) -> bool:
    """Whether the text speaks of this moment: a word for now or a call for help, or a text so
    short that nothing else can be meant."""
    if is_letter(text) or len(text) > 600:
        return False
    return len(text) <= 90 or bool(_URGENT_NOW.search(text))


def _is_quoted(sentence: str, at: int) -> bool:
    """Whether a place lies between quotation marks."""
    return sentence.rfind("“", 0, at) > sentence.rfind("”", 0, at) and "”" in sentence[at:]


def _ended_before(ending: re.Pattern[str], before: str) -> bool:
    """Whether the end was told first, and nothing said that it began again."""
    over = ending.search(before)
    return bool(over and not re.search(r"[又再还]|复燃", before[over.end() :]))


def read_mood(sentence: str, start: int, end: int, key: int, rest: str, kind: str) -> Mood:
    """In which mood the words `sentence[start:end]` stand.

    `key` is where the telling word begins (negation is looked for before it), `rest` what follows
    the match in the whole text (how it ended), `kind` the kind of danger.
    """
    for figure in _FIGURES.finditer(sentence):
        if figure.start() < end and figure.end() > key:
            return Mood.FIGURE
    before = sentence[:key]
    clause_start = max(before.rfind("，"), before.rfind(","), before.rfind(" "), before.rfind("、"))
    clause = before[clause_start + 1 :]
    if _NEGATION_BEFORE.search(clause):
        return Mood.NEGATED
    if _REPORTED.search(sentence[:start]) or _STAGED.search(sentence):
        return Mood.REPORTED
    if kind not in _QUOTED_IN_EARNEST and _is_quoted(sentence, start):
        return Mood.REPORTED
    pasts = list(_PAST.finditer(before))
    if pasts and not _PRESENT.search(before, pasts[-1].end()):
        return Mood.PAST
    if re.search(r"过$", clause) and len(clause) > 1:
        return Mood.PAST
    ending = _ENDINGS.get(kind)
    if ending and (ending.search(rest) or _ended_before(ending, before)):
        return Mood.ENDED
    if _FEARED.search(clause) or _FEARED_AFTER.search(sentence[end:]):
        return Mood.FEARED
    # Who breaks off a question to tell what is happening no longer asks.
    broken_off = max(before.rfind("…"), before.rfind("等一下"))
    if _ENQUIRY.search(sentence, broken_off + 1) and not _URGENT_NOW.search(sentence):
        return Mood.ENQUIRY
    return Mood.ACTUAL
