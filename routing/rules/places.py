"""Where it happened: names of the gazetteer in a text, and which of several places counts.

Names of provinces and prefectures, counties, townships, short and former ones come from the
catalogue; `data/landmarks.csv` adds what people say instead (estates, squares, lakes), and
`data/ambiguous_places.csv` the names that are everyday words or lie elsewhere too.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from operator import add

from catalog.rules.entries import Catalogue, Region, RegionLevel
from routing.rules.phrases import DATA_DIR, compile_phrase

READ_LENGTH = 5000

# A bare short name before these is the name of a road, a house or a dish, not of a place.
_NAME_GOES_ON = re.compile(
    r"(?:[东南西北中一二三]|[东西南北]?大)?(?:路|街|巷|大道)(?!口镇|政|边|上|过|段|面|况|通|由|桥)|堂(?!镇|乡)|宾馆|酒店|饭店|餐厅|面馆|拉面|"
    r"面片|手抓|羊肉|牦牛|酸奶|大厦|商厦|花园|家园|小区|新村|银行|保险|人寿|牌照?的?车|籍|"
    r"电池|集团|公司|驾校|号楼|药业"
)
# Whatever is named after these stands there, save the roads of other towns.
_SEATS = frozenset({"西宁"})
_FULL_NAME = re.compile(r"(?:[县市州区镇乡省]|街道|行委|管委会)$")
_COMES_FROM_BEFORE = re.compile(
    r"(?:户口|户籍|老家|籍贯|原籍|身份证|社保|来自|出生|嫁到|嫁在|生在|学籍|祖籍|娘家|婆家)"
    r"(?:是|在|落|还在|都在|上|地|所在地|的|就在)*$|(?:去过|不是|回过)$"
)
_LIVES_BEFORE = re.compile(
    r"(?:家|住|上学|人)(?:是|在|的|就在)*$|"
    r"(?:从|由|离开|发往|寄往|寄到|发到|准备去|想去|要去|打算去|调去|调到)$"
)
_LIVES_AFTER = re.compile(
    r"^(?:的?(?:人|户口|户籍|籍|老乡|来的|过来的|娃|媳妇|口音|牌照|老家)|(?:那边)?(?:来|嫁|搬)(?:的|过来|到))"
)
_HERE_BEFORE = re.compile(
    r"(?:我们?|咱们?|人|现)?(?:在|位于|地址是?|地点是?|到了?|坐标|发生在|就是|这里是|这是|属于)[:：，]?$"
)
# Who says 我在西宁上班，老家……邻居打来电话 tells of the other place.
_AWAY_BEFORE = re.compile(r"我(?:们|自己)?(?:一个)?(?:人)?(?:现在|现)?在$")
_AWAY_AFTER = re.compile(
    r"^(?:打工|上学|念书|读书|上班|工作|做生意|住院|看病|当兵|干活|干着急|开(?:了)?(?:个)?(?:面馆|饭馆|店|铺)|"
    r"做手术|回不去|给她|给他|，?(?:回不去|赶不回))"
)
_FROM_HOME = re.compile(
    r"回不去|赶不(?:回|上)|干着急|(?:邻居|妈|爸|娘家|亲戚|媳妇|儿子|丫头|妹妹?|弟弟?|姐姐?|老人|爷爷?|奶奶?)[^。]{0,12}"
    r"(?:打(?:来)?(?:的)?电话|电话|发(?:来)?(?:的)?微信|给我说|说给我)|"
    r"(?:老家|娘家|她|他|妈|爸|奶奶|爷爷|阿妈|阿爸|阿奶|老人)(?:人|一个人)?(?:现在)?(?:住)?(?:在)"
)
# 核桃庄的，……: so villagers begin.
_VILLAGER_BEFORE = re.compile(r"(?:^|[，。！？、；：,!?;:]|我们?是|咱们?是)$")
_VILLAGER_AFTER = re.compile(r"^的[，。,：:]")
# Between two places: the second is only where the way leads.
_ON_THE_WAY = re.compile(r"^(?:出来|出发|方向|开)?(?:到|往|至|去|回|发往|开往)$")
_HERE_AFTER = re.compile(
    r"^(?:县城|市区|城区|境内)?(?:这边|这儿|这里|这头|这块|那边|那头|那儿|县城|城里|街上|一带|境内|附近|镇上|乡上|市区|"
    r"路口|段|火车站|汽车站|医院|高速|某)"
)


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A bare name that counts as a place only where `accept` fits, and never where `reject` does;
    both are read over the text around it, the name standing as ◆. `region` is set where the
    catalogue itself gives no such short name."""

    region: str
    accept: re.Pattern[str] | None
    reject: re.Pattern[str] | None
    why: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: `words` at `start`; `weight` says how far it is where it happened."""

    words: str
    start: int
    region: str
    weight: float


@dataclass(frozen=True, slots=True)
class Place:
    """The region where it happened, at most as fine as a county, with the words that say so and
    the other places named."""

    region: Region
    words: str
    why: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Gazetteer:
    """Every name and the codes it may mean; `starts`: how long the names are that begin with a pair of
    characters, longest first; `bare`: names of townships without their 乡 or 镇, most of them everyday
    words too, which count only where somebody says that they are from there."""

    names: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, tuple[int, ...]]
    bare: Set[str]

    @property
    def words(self) -> Iterable[str]:
        """The names that are nothing but names."""
        return self.names.keys() - self.bare


def official_name(region: Region) -> str:
    """The name in daily official use: 民和县 for 民和回族土族自治县."""
    for short in region.short_names:
        if len(region.name) > 5 and _FULL_NAME.search(short):
            return short
    return region.name


@cache
def _landmarks() -> tuple[tuple[str, str], ...]:
    with (DATA_DIR / "landmarks.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["name"], row["region"]) for row in csv.DictReader(file))


@cache
def _ambiguities() -> Mapping[str, Ambiguity]:
    with (DATA_DIR / "ambiguous_places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: Ambiguity(
                row["region"],
                compile_phrase(row["accept"], row["name"]) if row["accept"] else None,
                compile_phrase(row["reject"], row["name"]) if row["reject"] else None,
                row["why"],
            )
            for row in csv.DictReader(file)
        }


def build_gazetteer(catalogue: Catalogue) -> Gazetteer:
    """All names of the catalogue's regions and of the landmarks whose region is published."""
    names: dict[str, list[str]] = {}
    for region in catalogue.regions.values():
        for name in (region.name, *region.short_names, *region.former_names):
            if len(name) >= 2 and region.level is not RegionLevel.PROVINCE:
                names.setdefault(name, []).append(region.code)
    for name, code in _landmarks():
        if code in catalogue.regions:
            names[name] = [code]
    for name, ambiguity in _ambiguities().items():
        if ambiguity.region in catalogue.regions:
            names[name] = [ambiguity.region]
    bare: dict[str, list[str]] = {}
    for region in catalogue.regions.values():
        name, kind = region.name[:-1], region.name[-1]
        if kind in "乡镇" and len(name) >= 2 and name not in names:
            bare.setdefault(name, []).append(region.code)
    names |= bare
    starts: dict[str, set[int]] = {}
    for name in names:
        starts.setdefault(name[:2], set()).add(len(name))
    return Gazetteer(
        {name: tuple(dict.fromkeys(codes)) for name, codes in names.items()},
        {pair: tuple(sorted(lengths, reverse=True)) for pair, lengths in starts.items()},
        frozenset(bare),
    )


def find_mentions(text: str, gazetteer: Gazetteer, catalogue: Catalogue) -> tuple[Mention, ...]:
    """Every place named in a normalised text, in the order of the text; the longest name wins."""
    part = text[:READ_LENGTH]
    raw: list[tuple[str, int, tuple[str, ...]]] = []
    end = 0
    for start, pair in enumerate(map(add, part, part[1:])):
        if start < end or pair not in gazetteer.starts:
            continue
        for length in gazetteer.starts[pair]:
            name = part[start : start + length]
            codes = gazetteer.names.get(name)
            if codes and _is_place(name, part, start, gazetteer):
                raw.append((name, start, codes))
                end = start + length
                break
    named = {code for _, _, codes in raw if len(codes) == 1 for code in codes}
    prefectures = {_prefecture(code) for code in named}
    mentions: list[Mention] = []
    from_home = len(raw) > 1 and bool(_FROM_HOME.search(part))
    for name, start, codes in raw:
        code = _choose(codes, prefectures, named, catalogue)
        if not code:
            continue
        weight = _weigh(part, start, start + len(name), from_home)
        if mentions:
            last = mentions[-1].start + len(mentions[-1].words)
            if _ON_THE_WAY.match(part[last:start]):
                weight = min(weight, 0.0) - 1.0
        mentions.append(Mention(name, start, code, weight))
    return tuple(_without_namesakes(mentions, catalogue))


def _without_namesakes(mentions: Sequence[Mention], catalogue: Catalogue) -> Iterable[Mention]:
    """The mentions without a township or landmark said right behind a place that it does not lie in:
    循化清水河 is in 循化, whatever 清水河镇 of another county is."""
    before: Mention | None = None
    for mention in mentions:
        region = catalogue.regions[mention.region]
        path = {upper.code for upper in catalogue.region_path(mention.region)}
        behind = before is not None and before.start + len(before.words) == mention.start
        names = (region.name, *region.short_names, *region.former_names)
        small = region.level is RegionLevel.TOWNSHIP or mention.words not in names
        if not (before and behind and small and before.region not in path):
            yield mention
        before = mention


def _is_place(name: str, text: str, start: int, gazetteer: Gazetteer) -> bool:
    end = start + len(name)
    if name in gazetteer.bare:
        before, after = text[max(0, start - 4) : start], text[end : end + 2]
        return bool(_VILLAGER_BEFORE.search(before) and _VILLAGER_AFTER.match(after))
    ambiguity = _ambiguities().get(name)
    if ambiguity:
        around = text[max(0, start - 12) : start] + "◆" + text[end : end + 12]
        if ambiguity.reject and ambiguity.reject.search(around):
            return False
        return ambiguity.accept is None or bool(ambiguity.accept.search(around))
    if _FULL_NAME.search(name) or name in _SEATS:
        return True
    return not _NAME_GOES_ON.match(text, end)


def _prefecture(code: str) -> str:
    return code[:4]


def _choose(
    codes: tuple[str, ...], prefectures: set[str], named: set[str], catalogue: Catalogue
) -> str | None:
    """One meaning of a name: the only one, the one inside a place named elsewhere in the text, the
    town of a prefecture of the same name, the wider one when one holds the other; None when it stays
    open."""
    if len(codes) == 1:
        return codes[0]
    within = [code for code in codes if code[:6] in named]
    within = within or [code for code in codes if _prefecture(code) in prefectures]
    if len(within) == 1:
        return within[0]
    pool = within or list(codes)
    levels = {code: len(catalogue.region_path(code)) for code in pool}
    seat = _seat(pool, named, catalogue)
    if seat:
        return seat
    widest = min(levels.values())
    top = [code for code in pool if levels[code] == widest]
    if len(top) == 1 and all(_prefecture(code) == _prefecture(top[0]) for code in pool):
        return top[0]
    counties = {code[:6] for code in pool}
    if len(counties) == 1:
        return counties.pop()
    tops = {_prefecture(code) + "00" for code in pool}
    return tops.pop() if len(tops) == 1 else None


def _seat(pool: Sequence[str], named: set[str], catalogue: Catalogue) -> str | None:
    """The town of a prefecture of the same name: who says 玉树 is in the town, unless another county
    of the prefecture is named."""
    level = {code: catalogue.regions[code].level for code in pool}
    counties = [code for code in pool if level[code] is RegionLevel.COUNTY]
    wider = [code for code in pool if level[code] is RegionLevel.PREFECTURE]
    if len(counties) != 1 or [_prefecture(code) for code in wider] != [_prefecture(counties[0])]:
        return None
    others = {code[:6] for code in named if _prefecture(code) == _prefecture(counties[0])}
    return None if others - {counties[0], wider[0]} else counties[0]


def _weigh(text: str, start: int, end: int, from_home: bool) -> float:
    before, after = text[max(0, start - 10) : start], text[end : end + 8]
    if from_home and _AWAY_BEFORE.search(before) and _AWAY_AFTER.match(after):
        return _AWAY
    weight = 0.0
    if _COMES_FROM_BEFORE.search(before) or _LIVES_AFTER.match(after):
        weight -= 2.5
    elif _LIVES_BEFORE.search(before):
        weight -= 0.8
    if _HERE_BEFORE.search(before):
        weight += 1.0
    if _HERE_AFTER.match(after):
        weight += 1.0
    return weight


# At this weight and below a place is only where the caller comes from.
_COMES_FROM = -1.5
# Where the caller is, who tells of home: less than any place that is named as home.
_AWAY = -3.5


def locate(
    text: str, gazetteer: Gazetteer, catalogue: Catalogue, given: str | None = None
) -> Place | None:
    """Where the matter happened, at most as fine as a county.

    The best-weighed mention counts; a finer one inside it refines it. `given` (a region code from
    the caller's line) counts only when the text names no place. None when nothing is known.
    """
    mentions = find_mentions(text, gazetteer, catalogue)
    best = max(
        mentions,
        key=lambda mention: (
            mention.weight + 0.2 * len(catalogue.region_path(mention.region)),
            -mention.start,
        ),
        default=None,
    )
    # Where a caller comes from says less of where it happened than the line that was called.
    if best is None or best.weight <= _COMES_FROM:
        region = catalogue.regions.get(given or "")
        if region and region.level is not RegionLevel.PROVINCE:
            return Place(_county(region.code, catalogue), "", "按来电所属地区", ())
        if best is None:
            return None
        county = _county(best.region, catalogue)
        return Place(county, best.words, f"只提到来自{official_name(county)}，请核实事发地", ())
    path = {region.code for region in catalogue.region_path(best.region)}
    for mention in mentions:
        finer = [region.code for region in catalogue.region_path(mention.region)]
        if best.region in finer[1:] and mention.weight >= 0 and len(finer) > len(path):
            best, path = mention, set(finer)
    county = _county(best.region, catalogue)
    others = tuple(
        dict.fromkeys(
            mention.words
            for mention in mentions
            if county.code not in {r.code for r in catalogue.region_path(mention.region)}
            and mention.region not in path
        )
    )
    why = f"事发地判为{official_name(county)}"
    if others:
        why += f"，另提到{'、'.join(others[:3])}"
    return Place(county, best.words, why, others)


def _county(code: str, catalogue: Catalogue) -> Region:
    path = catalogue.region_path(code)
    for region in path:
        if region.level is not RegionLevel.TOWNSHIP:
            return region
    return path[0]
