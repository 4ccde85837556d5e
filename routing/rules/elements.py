"""What a request should say: when, where, who, what is wrong, what is asked for."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Element(StrEnum):
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHAT = "what"
    ASKED = "asked"


ELEMENT_NAMES: dict[Element, str] = {
    Element.WHEN: "什么时间",
    Element.WHERE: "什么地点",
    Element.WHO: "涉及谁",
    Element.WHAT: "发生什么事",
    Element.ASKED: "希望怎样解决",
}

_WHEN = re.compile(
    r"\d+\s*(?:年|月|日|号|点|天|小时|分钟|周|个月)|[一二两三四五六七八九十几半]+(?:年|个?月|天|点|小时|个?钟头|礼拜|星期|周)|"
    r"今[天早晚年]|昨[天晚夜]|前[天年几]|去年|上[周月个]|这[几两]天|现在|刚[才刚]?|早上|中午|下午|晚上|夜里|半夜|凌晨|"
    r"天天|每[天晚周月]|一直|长期|夜来|最近|经常"
)
_WHERE = re.compile(
    r"[县市州区镇乡村](?!民|长|委)|街道|路|街|巷|小区|大院|家属院|广场|学校|医院|商场|超市|市场|公园|车站|机场|工地|门口|"
    r"楼|单元|号院|桥|河边|山上|草原|牧场|社区|高速|国道|寺"
)
_WHO = re.compile(
    r"公司|物业|开发商|老板|店|商家|学校|医院|派出所|社区|村委|居委|单位|局|厅|所|中心|银行|房东|中介|包工头|施工队|"
    r"邻居|工地|厂|司机|老人|孩子|娃|村民|业主|我们?|他们?|她们?|爸|妈|老公|老婆|有人"
)
_ASKED = re.compile(
    r"请|希望|要求|建议|能不能|能否|可不可以|怎么|咋|如何|什么时候|啥时候|哪里|哪儿|多少|有没有|是不是|管不管|管一管|"
    r"查一查|查查|处理|解决|修|赔|退|派人|来人|快来|帮|求|想问|咨询|举报|投诉|反映|[吗呢？?]"
)


@dataclass(frozen=True, slots=True)
class Elements:
    found: tuple[Element, ...]
    missing: tuple[Element, ...]


def read_elements(text: str, *, place_known: bool) -> Elements:
    """Which elements a normalised text gives. A text shorter than four characters says nothing."""
    given = {
        Element.WHEN: bool(_WHEN.search(text)),
        Element.WHERE: place_known or bool(_WHERE.search(text)),
        Element.WHO: bool(_WHO.search(text)),
        Element.WHAT: len(text) >= 4,
        Element.ASKED: bool(_ASKED.search(text)),
    }
    return Elements(
        tuple(element for element in Element if given[element]),
        tuple(element for element in Element if not given[element]),
    )
