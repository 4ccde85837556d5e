"""The invented calls of the demonstration, each with how far it has got (`demo_lives`)."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.rules.limits import HandlingClass
from hotline.rules.intake import RequestType


@dataclass(frozen=True, slots=True)
class Call:
    """`days_ago`: working days since it came; `life`: the function of `demo_lives` that goes on after
    it was taken down. The operator takes what the router suggests; `item`, `region`, `unit` (codes)
    and `handling_class` say what the operator changes. `words`: what the unit or the hotline writes.
    `same_caller_as`: the life of an earlier call of the same person.
    """

    days_ago: int
    kind: RequestType
    life: str
    text: str
    words: str = ""
    item: str = ""
    region: str = ""
    unit: str = ""
    handling_class: HandlingClass | None = None
    same_caller_as: str = ""


HELP, ASK, TELL = RequestType.HELP, RequestType.INQUIRY, RequestType.COMPLAINT
ADVISE = RequestType.ADVICE

CALLS = (
    # Waiting for the hotline, or for a signature
    Call(
        0,
        HELP,
        "dispatched",
        "西宁市城西区一个老院子从昨晚开始整栋楼没暖气，屋里老人孩子冻得不行，物业电话没人接。",
    ),
    Call(
        0,
        TELL,
        "registered",
        "城东区楼下烧烤摊天天摆到半夜，油烟直往家里灌，窗户都不敢开，希望有人来管一管。",
    ),
    Call(
        1,
        HELP,
        "dispatched",
        "西宁市小区门口的路灯灭了快半个月，晚上接孩子放学看不见路，能不能修一下。",
    ),
    Call(
        1,
        ADVISE,
        "split",
        "西宁市公交站牌太小看不清，另外站台边上的路灯也不亮。",
        words="西宁市公交站台边上的路灯不亮，晚上看不清路。",
    ),
    Call(
        1,
        HELP,
        "passed_on",
        "湟中区的供水管爆了，路面上到处是水，半天没人来修。",
        words="事发地在西宁市，由西宁市热线派单更快。",
    ),
    # With the units
    Call(
        2,
        TELL,
        "signed",
        "在城东区一家超市买的牛奶回家发现过期三天了，拿回去店里不认，还说是我自己放坏的。",
    ),
    Call(2, HELP, "urged", "西宁市人行道上一个井盖松了，车一压哐当响，老人走路差点绊倒。"),
    Call(2, TELL, "joined", "西宁市一处工地白天晚上都在施工，灰尘大噪声也大，窗台上一天一层土。"),
    Call(
        3,
        HELP,
        "waiting",
        "西宁市我们小区物业不给修电梯，高层住户上下楼全靠爬楼梯。",
        words="请来电人说明小区名称、楼栋和电梯编号，没有这些无法确定物业企业和维保单位。",
    ),
    Call(
        3,
        TELL,
        "supplied",
        "城西区一家健身房办了年卡，上个月关门了，钱也不退，老板电话打不通。",
        words="请来电人提供办卡合同和付款记录。",
    ),
    Call(8, TELL, "signed", "大通县小区旁边的厂子晚上偷偷排黑烟，味道刺鼻，嗓子疼，白天又看不到。"),
    # More time
    Call(
        4,
        HELP,
        "extension_asked",
        "西宁市老旧小区下水道堵了，污水冒到一楼院子里，味道很大，已经反映过两次。",
        words="堵塞点在地下管网干线，需破路开挖，已报批占道手续，预计一周内完成疏通。",
    ),
    Call(
        5,
        HELP,
        "extension_granted",
        "西宁市小区门前的路面坑坑洼洼，下雨全是积水，车开过去溅一身。",
        words="需铣刨后重新摊铺沥青，夜间气温过低不能施工，已先行填补大坑并设警示牌。",
    ),
    Call(
        4,
        TELL,
        "extension_refused",
        "城中区菜市场里的公平秤坏了两个月，摊贩缺斤短两没人管。",
        words="工作人员外出学习，月底返回后处理。",
    ),
    # Supervise orders
    Call(
        6,
        HELP,
        "order_open",
        "西宁市房子交房两年了开发商还不给办房产证，一直推脱。",
        words="查清未办证的原因和责任单位，三日内告知来电人办理时间表。",
    ),
    Call(
        9,
        TELL,
        "order_open",
        "城北区一家药店卖的保健品说能治高血压，老人花了好几千，没有效果也不给退。",
        words="立即核查该店广告和进货凭证，书面答复处理结果。",
    ),
    Call(
        7,
        HELP,
        "order_replied",
        "西宁市小区二次供水的水是黄的，有股铁锈味，不敢给孩子喝。",
        words="查明水质异常的原因，水质检测结果须告知全体住户。",
    ),
    # Who answers
    Call(
        2,
        TELL,
        "returned",
        "湟中区河道边上有人倒建筑垃圾，一车一车往里倒，拍了照片，车号也记下来了。",
        words="该处属河道管理范围，按职责应由水务部门牵头处理。",
        item="12345-030501",
        unit="630100-housing",
    ),
    Call(
        4,
        TELL,
        "returned_twice",
        "西宁市小区底商的饭店把排烟管接到居民楼道里，一做饭楼道全是烟。",
        words="餐饮油烟排放不属本局职责。",
    ),
    Call(
        4,
        TELL,
        "consulting",
        "西宁市一段河堤上的步道护栏断了好几处，晚上散步很危险。",
        words="步道由谁建设、由谁管护，各单位说法不一。",
    ),
    Call(
        8,
        TELL,
        "consulted",
        "西宁市公园里的公共厕所常年锁门，游客和锻炼的人都没有厕所用。",
        words="公园内公厕的管护单位没有明文规定，两单位各执一词。",
    ),
    # Answered
    Call(
        3,
        TELL,
        "replied",
        "城西区工地半夜还在打混凝土，震得床都晃，孩子第二天考试，投诉过一次只停了一晚上。",
        words="该工地未取得夜间施工许可，已责令停止夜间作业并立案，已向反映人说明处理结果。",
    ),
    Call(
        4,
        HELP,
        "called",
        "我爸在西宁市的退休工资这个月没到账，打社保电话一直占线，想问问是不是要重新认证。",
        words="经核实系资格认证到期，已协助线上完成认证，养老金将于次日补发，已电话告知本人。",
    ),
    Call(
        5,
        TELL,
        "sent_back",
        "城北区学校门口的小卖部卖过期零食，孩子天天买，没人检查。",
        words="已转相关科室处理。",
    ),
    Call(
        8,
        TELL,
        "reworked",
        "西宁市小区的垃圾好多天没人清运，堆到路边臭味很大。",
        words="已通知环卫单位清运。",
    ),
    # Over
    Call(
        10,
        HELP,
        "closed",
        "城西区家里老人瘫痪在床，想申请护理补贴，不知道找谁办。",
        words="已上门核实并指导提交申请材料，符合条件，自次月起发放护理补贴。",
        unit="630104-civil-affairs",
    ),
    Call(
        12,
        TELL,
        "closed_by_law",
        "城中区楼上把承重墙砸了，墙上裂了大口子，我们住楼下的天天提心吊胆。",
        words="已组织鉴定并责令恢复原状，对装修企业立案查处，隐患部位完成加固。",
        handling_class=HandlingClass.COMPLEX,
    ),
    Call(
        12,
        HELP,
        "reopened",
        "西宁市小区的绿地被人占去种菜，浇粪味道很大，物业不管。",
        words="已会同物业清理菜地，月底前补种绿植。",
    ),
    Call(
        34,
        HELP,
        "archived",
        "大通县村里的自来水断了三天，吃水要到邻村去拉。",
        words="水泵故障，已更换，当日恢复供水。",
    ),
    Call(
        2,
        ASK,
        "answered",
        "外地户口孩子想在城北区上小学，需要准备哪些材料，几月份报名？",
        words="报名时间以当年招生通知为准，一般需户口簿、居住证、监护人社保或务工证明。",
    ),
    Call(1, TELL, "declined", "法院判下来我不服，你们给法院打个招呼，让他们改判。"),
    Call(0, HELP, "transferred", "对面楼里有人打架，听见喊要拿刀，声音越来越大，你们快派人来！"),
    Call(4, HELP, "withdrawn", "西宁市小区门禁坏了好几天，外人随便进出。"),
    # Together with others
    Call(1, HELP, "merged", "西宁市人行道上有个井盖松动，车一压就响，我昨天也差点绊倒。"),
    Call(
        1,
        HELP,
        "reviewing",
        "城西区老人护理补贴的事我再问一遍，为什么不是每月一千。",
        same_caller_as="closed",
        words="护理补贴标准此前已当面和书面说明，来电人没有提出新的事实。",
    ),
    Call(
        6,
        TELL,
        "ended",
        "我要求政府赔我炒股亏的钱。",
        words="投资损失由投资者自行承担，已向来电人说明政策依据和投诉证券机构的途径。",
    ),
    # Not registered
    Call(0, HELP, "draft", "西宁市城中区楼道里"),
    Call(0, ASK, "discarded", "打错了"),
)
