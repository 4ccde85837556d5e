"""The project's data files against the printed documents: numbers counted there by hand."""

import re
from collections import Counter

import pytest

from catalog.loading import DATA_DIR
from catalog.rules.assembly import catalogue_from_files
from catalog.rules.entries import HotlineMode, Platform, RegionLevel, UnitKind, UnitLevel
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.tables import read_tables

TABLES = read_tables(DATA_DIR)
CATALOGUE = catalogue_from_files(DATA_DIR)
ITEMS = list(CATALOGUE.items.values())
MEMBERS = [
    unit
    for unit in CATALOGUE.units.values()
    if unit.source.document == "青政办〔2022〕88号" and not unit.is_sample
]


# 青政办〔2022〕88号, attachments 1 and 2: fine items (细类) of each type.
@pytest.mark.parametrize(
    ("type_code", "type_", "number"),
    [
        ("12345-0101", "政务信息咨询", 5),
        ("12345-0201", "民政求助", 6),
        ("12345-0202", "医疗卫生", 4),
        ("12345-0203", "社会保险", 3),
        ("12345-0204", "环境保护", 5),
        ("12345-0205", "水电暖抢修", 8),
        ("12345-0206", "公共设施", 7),
        ("12345-0301", "林水管理", 8),
        ("12345-0302", "防震减灾", 1),
        ("12345-0303", "市场监督管理", 16),
        ("12345-0304", "文广管理", 6),
        ("12345-0305", "城市管理", 8),
        ("12345-0306", "施工管理", 4),
        ("12345-0307", "房地产管理", 7),
        ("12345-0308", "农林绿化", 5),
        ("12345-0309", "文旅管理", 3),
        ("12345-0310", "行政执法", 2),
        ("12345-0311", "司法联动", 6),
        ("12345-0401", "社会发展", 4),
        ("12345-0402", "内部监督", 4),
        ("12345-0403", "侵权投诉", 2),
        ("12345-0404", "违法举报", 5),
        ("12345-0501", "意见建议", 3),
        ("110-0101", "刑事类警情", 6),
        ("110-0201", "行政类警情", 5),
        ("110-0301", "治安类警情", 1),
        ("110-0401", "道路交通类警情", 5),
        ("110-0501", "群体性事件", 6),
        ("110-0502", "聚集上访", 2),
        ("110-0601", "群众紧急求助", 16),
        ("110-0602", "社会联动", 29),
        ("110-0603", "纠纷", 15),
        ("110-0604", "举报", 25),
        ("110-0701", "投诉", 7),
        ("110-0801", "咨询", 23),
    ],
)
def test_items_of_type(type_code, type_, number):
    found = [item for item in ITEMS if item.type_code == type_code]
    assert len(found) == number
    assert {item.type for item in found} == {type_}


def test_items_of_both_lists():
    assert Counter(item.platform for item in ITEMS) == {Platform.HOTLINE: 122, Platform.POLICE: 140}


def test_item_texts_are_filled_and_told_apart():
    assert len({item.title for item in ITEMS}) == len(ITEMS)
    words = [word for item in ITEMS for word in item.keywords]
    assert len(set(words)) == len(words)
    assert all(5 <= len(item.keywords) <= 15 for item in ITEMS)


def test_mended_words_keep_the_printed_ones():
    mended = {
        row.values["title"]: row.values["printed"]
        for row in TABLES["items"]
        if row.values["printed"] and row.values["name"] not in row.values["title"]
    }
    assert mended["水政监察"] == "水政检察"
    assert mended["违反市场主体登记规定"] == "违反市场主体等级规定"


def test_every_hotline_item_has_a_leading_line():
    assert all(item.lead_line for item in ITEMS if item.platform is Platform.HOTLINE)


def test_police_lead_their_own_items():
    assert not any(item.lead_line for item in ITEMS if item.platform is Platform.POLICE)


def test_lines_of_items_are_provincial_members_and_marked_as_local():
    members = {unit.code for unit in MEMBERS}
    for item in ITEMS:
        assert {item.lead_line, *item.co_lines} - {None} <= members
        assert item.lead_line not in item.co_lines
    for row in TABLES["items"]:
        assigned = row.values["lead_line"] or row.values["co_lines"] or row.values["hotline"]
        assert row.values["lines_source"] == ("热线本地设置" if assigned else "")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("12345-020501", "630000-housing"),  # 自来水抢修
        ("12345-020503", "630000-housing"),  # 热力管网抢修
        ("12345-020505", "630000-grid"),  # 停电
        ("12345-020301", "630000-human-resources"),  # 养老保险
        ("12345-030101", "630000-forestry"),  # 破坏森林
        ("12345-030902", "630000-culture-tourism"),  # 旅游投诉
        ("12345-040202", "630000-government-services"),  # 服务态度
    ],
)
def test_leading_line_of_item(code, line):
    assert CATALOGUE.items[code].lead_line == line


# 青政办〔2022〕88号, attachment 3, group by group as the commas of the list part them:
# 8 governments; 43 offices; 3 zones; 7 associations; 4 colleges; 14 vertical bodies and
# enterprises; 4 financial supervision and border; 1 broadcaster; 2 utilities of Xining.
def test_members_of_attachment_three():
    assert len(MEMBERS) == 8 + 43 + 3 + 7 + 4 + 14 + 4 + 1 + 2 == 86
    places = [unit.source.place for unit in MEMBERS]
    assert places == [f"附件3·第{number}个成员单位" for number in range(1, 87)]
    assert MEMBERS[0].name == "西宁市人民政府"
    assert MEMBERS[8].name == "省发展改革委"
    assert MEMBERS[-1].name == "国网西宁供电公司"


def test_governments_have_no_line_and_all_others_do():
    for unit in CATALOGUE.units.values():
        assert (unit.kind is UnitKind.GOVERNMENT) == (unit.line is None)


def test_every_region_down_to_the_county_has_its_government():
    regions = {
        region.code
        for region in CATALOGUE.regions.values()
        if region.level in (RegionLevel.PREFECTURE, RegionLevel.COUNTY)
    }
    assert set(CATALOGUE.governments) == regions
    assert all(unit.code == code for code, unit in CATALOGUE.governments.items())


def test_samples_are_marked_and_stay_in_xining():
    samples = [unit for unit in CATALOGUE.units.values() if unit.is_sample]
    assert len([unit for unit in samples if unit.level is UnitLevel.PREFECTURE]) == 21
    assert len([unit for unit in samples if unit.level is UnitLevel.COUNTY]) == 7 * 6
    assert all(unit.region.startswith("6301") for unit in samples)
    assert all(unit.source.document == "热线本地设置" for unit in samples)


def test_regions_by_level():
    # GB/T 2260: 1 province, 8 prefectures, 44 counties; and 大柴旦 with its statistics code alone.
    assert Counter(region.level for region in CATALOGUE.regions.values()) == {
        RegionLevel.PROVINCE: 1,
        RegionLevel.PREFECTURE: 8,
        RegionLevel.COUNTY: 44 + 1,
        RegionLevel.TOWNSHIP: 422,
    }
    assert "统计用区划代码" in CATALOGUE.regions["632857"].source.place


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("630121", "大通县"),
        ("630222", "民和县"),
        ("632200", "海北州"),
        ("632324", "河南县"),
        ("632857", "大柴旦行委"),
        ("630106", "湟中区"),
    ],
)
def test_first_short_name_is_the_official_one(code, short):
    assert CATALOGUE.regions[code].short_names[0] == short


@pytest.mark.parametrize(
    ("code", "former"),
    [("630106", "湟中县"), ("632301", "同仁县"), ("630200", "海东地区"), ("632701", "玉树县")],
)
def test_former_names(code, former):
    assert former in CATALOGUE.regions[code].former_names


def test_no_short_name_is_an_everyday_word_or_another_province():
    said = {name for region in CATALOGUE.regions.values() for name in region.short_names}
    everyday = {"平安", "互助", "共和", "海南", "河南", "和平", "建设", "保安", "胜利", "黄河"}
    assert not said & (everyday | {"久治", "治多", "称多", "达日", "城中", "青海湖", "兴海路"})


def test_short_names_of_townships_stand_for_one_place_and_no_county():
    counties = {
        name
        for region in CATALOGUE.regions.values()
        if region.level is not RegionLevel.TOWNSHIP
        for name in region.short_names
    }
    townships = [
        name
        for region in CATALOGUE.regions.values()
        if region.level is RegionLevel.TOWNSHIP
        for name in region.short_names
    ]
    assert not counties & set(townships)
    assert len(set(townships)) == len(townships)


def test_hotlines_of_each_mode():
    # 青政办〔2021〕48号 二（一）1-3 and its table.
    assert Counter(hotline.mode for hotline in CATALOGUE.hotlines.values()) == {
        HotlineMode.MERGED: 15,
        HotlineMode.PARALLEL: 9,
        HotlineMode.BRANCH: 5,
    }


def test_hotline_of_a_body_that_is_no_member_has_no_unit():
    assert [h.number for h in CATALOGUE.hotlines.values() if h.unit is None] == ["12329"]


def test_clauses():
    # 青政办〔2022〕88号 三（一）: six of 12345, nine of 110.
    assert [c.label for c in CATALOGUE.clauses.values()] == [
        *(f"三（一）1（{number}）" for number in range(1, 7)),
        *(f"三（一）2（{number}）" for number in range(1, 10)),
    ]


def test_exclusions_are_those_of_the_document_in_its_order():
    assert [exclusion.name for exclusion in CATALOGUE.exclusions.values()] == [
        "涉密",
        "涉军",
        "涉访",
        "涉个人隐私",
        "违反社会公序良俗",
        "诉讼",
        "仲裁",
        "纪检监察",
        "行政复议",
        "政府信息公开",
    ]


# 青政办〔2022〕88号 三（四）4: step, class, (least, usual, most) working days.
@pytest.mark.parametrize(
    ("step", "handling_class", "days"),
    [
        (Step.HANDLE, HandlingClass.URGENT, (1, 1, 1)),
        (Step.HANDLE, HandlingClass.GENERAL, (5, 5, 10)),
        (Step.HANDLE, HandlingClass.COMPLEX, (10, 10, 15)),
        (Step.HANDLE, HandlingClass.JOINT, (1, 20, 20)),
        (Step.FORWARD, "", (1, 1, 1)),
        (Step.HANDOVER, "", (1, 1, 1)),
        (Step.EXTENSION, "", (1, 5, 10)),
    ],
)
def test_limits_of_the_document(step, handling_class, days):
    [row] = [
        row.values
        for row in TABLES["limits"]
        if (row.values["step"], row.values["handling_class"]) == (step, handling_class)
    ]
    assert (row["min_days"], row["default_days"], row["max_days"]) == days
    assert not row["is_local"]
    assert str(days[2]) in row["quote"]


def test_limits_that_no_document_sets_are_local_and_quote_nothing():
    local = [row.values for row in TABLES["limits"] if row.values["is_local"]]
    assert {(row["step"], row["handling_class"] or ""): row["default_days"] for row in local} == {
        ("sign", ""): 1,
        ("rule", ""): 1,
        ("check", ""): 1,
        ("callback", ""): 3,
        ("assist", "urgent"): 1,
        ("assist", "general"): 3,
        ("assist", "complex"): 7,
        ("assist", "joint"): 14,
        ("supplement", ""): 2,
        ("extend", ""): 1,
        ("consult", ""): 3,
        ("review", ""): 1,
        ("order", ""): 2,
        ("reopen", ""): 20,
    }
    assert all(row["quote"] == "" for row in local)


def test_ladder_is_local_and_covers_every_step_with_a_clock():
    rows = [row.values for row in TABLES["ladder"]]
    assert all(row["is_local"] for row in rows)
    assert {row["step"] for row in rows} == {step.value for step in Step} - {"extension", "reopen"}
    assert [
        (row["rung"], row["trigger"], row["offset_days"], row["audience"])
        for row in rows
        if row["step"] == "handle"
    ] == [
        ("urge", "half", 0, "unit_clerk"),
        ("urge", "last_day", 0, "unit_clerk"),
        ("supervise", "overdue", 0, "unit_leader"),
        ("summon", "overdue", 2, "unit_leader"),
        ("summon", "overdue", 2, "supervisor"),
        ("report", "overdue", 5, "government"),
    ]


def test_no_personal_number_in_the_data():
    for path in DATA_DIR.rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\d)(1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?!\d)", text), path.name
        assert "\r" not in text
