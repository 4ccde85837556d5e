"""Where it happened: short names, former names, namesakes, roads, two places at once."""

import pytest

from routing.rules.places import build_gazetteer, locate, official_name


@pytest.fixture(scope="module")
def gazetteer(catalogue):
    return build_gazetteer(catalogue)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("湟中区多巴镇的路", "湟中区"),
        ("湟中县的事", "湟中区"),
        ("大通这边停水", "大通县"),
        ("在民和官亭", "民和县"),
        ("城东区有人占道", "城东区"),
        ("海南州共和县恰卜恰", "共和县"),
        ("河南县优干宁镇", "河南县"),
        ("玉树州称多县", "称多县"),
        ("玉树赛马会散了场，垃圾没人收", "玉树市"),
        ("玉树到称多的线停了，称多没车", "称多县"),
        ("玉树州的政策", "玉树州"),
        ("海西州的政策", "海西州"),
        ("大柴旦翡翠湖边", "大柴旦行委"),
        ("结古街道的垃圾", "玉树市"),
        ("我是民和人，在格尔木打工，老板欠薪", "格尔木市"),
        ("户口在大通，现在在西宁城北区租房", "城北区"),
        ("海东市互助县威远镇", "互助县"),
        ("茫崖到格尔木的班车停了", "茫崖市"),
        ("天峻往德令哈走的路上看见火光", "天峻县"),
        ("德令哈柴达木路的家属院", "德令哈市"),
        ("循化清水河这边要发水", "循化县"),
        ("湟源县城关镇的工地", "湟源县"),
        ("大通河让门源的砂场弄浑了", "门源县"),
        ("核桃庄的，院墙根子进水了", "民和县"),
        ("文汇路上的热力管子炸了", "城西区"),
        ("我在西宁上班，我妈一个人在兴海老家，三天没接电话", "兴海县"),
        ("老家在化隆，邻居打电话说山塌了，我人在西宁开面馆，回不去", "化隆县"),
    ],
)
def test_place_of_the_matter(text, name, gazetteer, catalogue):
    place = locate(text, gazetteer, catalogue)
    assert place is not None
    assert official_name(place.region) == name


@pytest.mark.parametrize(
    "text",
    [
        "海南省的健康码",
        "河南人开的店",
        "平安夜太吵",
        "保平安的广告",
        "邻里互助小组",
        "中华人民共和国",
        "久治不愈的病",
        "送到达日期写错",
        "称多少都不够秤",
        "城中村改造",
        "同仁堂的药",
        "小区新民的房子和建设的楼",
        "青海全省都这样吗",
        "",
    ],
)
def test_namesakes_and_everyday_words_are_no_places(text, gazetteer, catalogue):
    assert locate(text, gazetteer, catalogue) is None


def test_bare_short_name_before_road_is_a_road(gazetteer, catalogue):
    place = locate("祁连路上的路灯", gazetteer, catalogue)
    assert place is None or place.region.code != "632222"


def test_callers_line_counts_only_without_a_place(gazetteer, catalogue):
    assert locate("路灯坏了", gazetteer, catalogue, "630104").region.code == "630104"
    assert locate("湟源的路灯坏了", gazetteer, catalogue, "630104").region.code == "630123"
    assert locate("路灯坏了", gazetteer, catalogue, "999999") is None


def test_where_a_caller_comes_from_counts_last(gazetteer, catalogue):
    text = "户口在囊谦，想问高考怎么报名"
    place = locate(text, gazetteer, catalogue)
    assert (place.region.code, place.why) == ("632725", "只提到来自囊谦县，请核实事发地")
    assert locate(text, gazetteer, catalogue, "630104").region.code == "630104"


def test_township_is_answered_as_its_county(gazetteer, catalogue):
    place = locate("仙米乡的路", gazetteer, catalogue)
    assert place.region.code == "632221"
    assert place.words.startswith("仙米")
