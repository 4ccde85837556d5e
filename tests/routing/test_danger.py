"""Danger told, denied, past, feared, asked about and in figures: the same words each time."""

import pytest

from routing.rules.clauses import Mood, split_sentences
from routing.rules.danger import danger_table, find_dangers
from routing.rules.phrases import RuleTableError, compile_phrase


def first_number(text: str) -> str:
    deciding = [f for f in find_dangers(text, split_sentences(text)) if f.decides]
    return deciding[0].rule.outcomes[0] if deciding else ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三楼厨房着火了，快来人", "119"),
        ("仓库那边浓烟滚滚，火越来越大", "119"),
        ("草场着火了风大得很", "119"),
        ("楼道里一股煤气味，越来越浓", "119"),
        ("挖机把天然气管挖断了，呲呲响", "119"),
        ("电梯停了，我们四个人困在里面，有个老人喘得厉害", "119"),
        ("我爸倒在地上叫不醒", "120"),
        ("媳妇羊水破了，车过不来", "120"),
        ("孩子误喝了半瓶农药", "120"),
        ("一家三口煤烟中毒，头晕站不起来", "120"),
        ("他说不想活了，药都摆桌上了", "110"),
        ("有人落水了，在河里扑腾", "110"),
        ("我妈早上出门走丢了，她有老年痴呆", "110"),
        ("隔壁拿着菜刀追人", "110"),
        ("有人正在撬我家门锁", "110"),
        ("高压线断了掉在路上冒火花", "110"),
        ("两辆车撞了，有人卡在里头出血了", "122"),
        ("山洪下来了，把羊圈冲走了，人还在房顶上", "110"),
        ("在工地上捡到几根雷管", "110"),
    ],
)
def test_danger_now_decides(text, number):
    assert first_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "没有着火，就是做饭烟大",
        "去年冬天这楼着过火，现在想问消防通道归谁管",
        "前年他家着火了，到现在补助没下来",
        "要是着火了消防车根本进不来",
        "怕着火，所以想请你们来看看线路",
        "家里着火了怎么申请救助，需要什么材料",
        "这家店最近火了，天天排队",
        "嗓子冒烟了也没人送水来",
        "新闻里说商场着火了，我们这楼的通道也堵着",
        "火已经扑灭了，着火了半小时，想问赔偿",
        "这物业费贵得要人命，气死我了",
        "为了抢购打折鸡蛋排了两小时队",
        "部门之间文件打架，我跑了三趟",
        "孩子走丢了一会儿，已经找到了，谢谢",
        "跳楼价清仓是骗人的，退钱",
        "手机中毒了，能在哪修",
        "燃气公司说报警器要年检，多少钱",
        "",
    ],
)
def test_danger_words_without_danger_decide_nothing(text):
    assert first_number(text) == ""


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("没着火了吧", Mood.NEGATED),
        ("去年着火了", Mood.PAST),
        ("万一着火了呢", Mood.FEARED),
        ("听说他家着火了", Mood.REPORTED),
    ],
)
def test_mood_of_same_words_differs(text, mood):
    moods = {f.mood for f in find_dangers(text, split_sentences(text)) if f.rule.kind == "fire"}
    assert moods == {mood}


def test_fear_of_suicide_is_danger_itself():
    assert first_number("我怕他想不开，门反锁着不说话") == "110"


def test_letter_needs_more_than_the_word():
    letter = "尊敬的领导您好：我们小区电动车乱充电，插座冒烟了好几回，恳请整治。"
    assert first_number(letter) == ""


def test_every_rule_names_known_codes(catalogue):
    for rule in danger_table().rules:
        assert rule.clause in catalogue.clauses, rule.code
        assert rule.items, rule.code
        assert set(rule.items) <= set(catalogue.items), rule.code
        assert set(rule.outcomes) <= {"12345", "110", "119", "120", "122"}, rule.code


def test_unknown_word_group_is_named():
    with pytest.raises(RuleTableError, match="没有词组〈不存在〉"):
        compile_phrase("<不存在>着火", "表 第3行")


def test_long_text_is_read_in_bounded_sentences():
    assert len(split_sentences("着火。" * 100_000)) == 200
