"""What a request should say: when, where, who, what is wrong, what is asked for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from itertools import islice


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

# What is asked of the caller when an element is missing, in the operator's words.
QUESTIONS: dict[Element, str] = {
    Element.WHEN: "请问是什么时候的事，现在还在继续吗？",
    Element.WHERE: "请问具体在什么地方？哪个县区、哪条路或哪个小区、门牌或附近有什么？",
    Element.WHO: "请问涉及哪个单位、商家或者什么人？",
    Element.WHAT: "请问发生了什么事？",
    Element.ASKED: "请问您希望怎样解决？",
}

# The matter is told in the first sentence, or in its first clause when that is long.
_WHAT_ENDS = re.compile(r"[。！!？?；;\n]|(?<=.{20})[，,]")

_WHEN = re.compile(
    r"\d+\s*(?:年|月|日|号|点|天|小时|分钟|周|个月)|[一二两三四五六七八九十几半]+(?:年|个?月|天|点|小时|个?钟头|礼拜|星期|周)|"
    r"今[天早晚年]|昨[天晚夜]|前[天年几]|去年|上[周月个]|这[几两]天|现在|刚[才刚]?|早上|中午|下午|晚上|夜里|半夜|凌晨|"
    r"天天|每[天晚周月]|一直|长期|夜来|最近|经常"
)
_WHERE = re.compile(
    r"[一-鿿\d]{1,6}?(?:[县市州区镇乡村](?![民长委场区])|街道(?!办)|路(?![灯面人费过边上口])|街(?![道上])|巷子?|小区|大院|"
    r"家属院|广场|学校|小学|中学|幼儿园|医院|商场|超市|市场(?!监)|公园|车站|机场|工地|桥头?|河边|草原|牧场|社区|高速|国道|"
    r"垭口|隧道|林场|寺)|\d+(?:号院|号?楼|单元|栋|幢)"
)
_WHO = re.compile(
    r"公司|物业|开发商|老板|[一-鿿]店|商家|学校|医院|派出所|社区|村委|居委|单位|[一-鿿]局|[一-鿿]厅|中心|银行|房东|中介|包工头|施工队|"
    r"邻居|隔壁|对门|楼上|工地|[一-鿿]厂|司机|老人|孩子|娃娃?|村民|业主|我[爸妈们家]|他们?|她们?|阿[爸妈]|老公|老婆|有人|我"
)
_ASKED = re.compile(
    r"请|希望|要求|建议|能不能|能否|可不可以|怎么|咋|如何|什么时候|啥时候|哪里|哪儿|多少|有没有|是不是|管不管|管一管|"
    r"查一查|查查|处理|解决|修|赔|退|派人|来人|快来|帮|求|想问|咨询|举报|投诉|反映|[吗呢？?]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the text that give an element; `text[start:end]` are those words."""

    element: Element
    words: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True, slots=True)
class Elements:
    """What a text gives, as spans in its order, and what it does not give."""

    spans: tuple[Span, ...]
    missing: tuple[Element, ...]

    @property
    def found(self) -> tuple[Element, ...]:
        given = {span.element for span in self.spans}
        return tuple(element for element in Element if element in given)


# How many spans of one element are told; the first ones say the most.
SPANS_EACH = 4

_PATTERNS = {
    Element.WHEN: _WHEN,
    Element.WHERE: _WHERE,
    Element.WHO: _WHO,
    Element.ASKED: _ASKED,
}


def read_elements(text: str, *, places: Sequence[str] = (), place_known: bool = False) -> Elements:
    """Which elements a normalised text gives, and with which words.

    `places` are the names found in it by the gazetteer; `place_known` says that the place is known
    from elsewhere (the caller's line). A text shorter than four characters says nothing.
    """
    spans: list[Span] = []
    for element, pattern in _PATTERNS.items():
        found: Iterable[tuple[int, str]] = (
            (match.start(), match.group()) for match in pattern.finditer(text)
        )
        if element is Element.WHERE:
            named = [(start, name) for name in places if (start := text.find(name)) >= 0]
            found = merge(sorted(named, key=_place_in_text), found, key=_place_in_text)
        spans.extend(
            Span(element, words, start) for start, words in islice(_apart(found), SPANS_EACH)
        )
    if len(text) >= 4:
        what = _WHAT_ENDS.split(text, maxsplit=1)[0]
        spans.append(Span(Element.WHAT, what, 0))
    given = {span.element for span in spans}
    if place_known:
        given.add(Element.WHERE)
    return Elements(
        tuple(sorted(spans, key=lambda span: (span.start, span.element))),
        tuple(element for element in Element if element not in given),
    )


def _place_in_text(found: tuple[int, str]) -> tuple[int, int]:
    start, words = found
    return start, -len(words)


def _apart(found: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Of words in the order of the text those that do not lie within others, each once."""
    seen: set[str] = set()
    end = -1
    for start, words in found:
        if start >= end and words not in seen:
            yield start, words
            seen.add(words)
            end = start + len(words)
