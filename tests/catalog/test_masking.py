import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.masking import (
    mask_address,
    mask_email,
    mask_identity,
    mask_name,
    mask_numbers,
    mask_phone,
)
from tests.catalog.spoil import full_width

MOBILE = "138" + "0000" + "1234"
MASKED = "138****1234"
# An identity number that nobody has: its sequence is 000.
IDENTITY = "630102" + "19900101" + "0000"
CARD = "6222" + "0000" * 3 + "123"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        (MOBILE, MASKED),
        (f"+86 {MOBILE}", MASKED),
        (f"0086{MOBILE}", MASKED),
        ("0971-6000000", "0971600****"),
        ("6000000", "600****"),
        ("12345", "12345"),
        ("110", "110"),
        ("96119", "96119"),
        ("", ""),
    ],
)
def test_phone(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("wang@example.com", "w****@example.com"), ("wang", "****"), ("", "****")],
)
def test_email(address, masked):
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王明", "王*"), ("王小明", "王**"), ("王", "*"), ("", ""), (" 王明 ", "王*")],
)
def test_name(name, masked):
    assert mask_name(name) == masked


def test_identity():
    assert mask_identity(IDENTITY) == "630102**********00"
    assert mask_identity("1234") == "****"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("西宁市城东区八一路12号3单元", "西宁市城东区****"),
        ("青海省海西蒙古族藏族自治州格尔木市昆仑路3号", "青海省海西蒙古族藏族自治州格尔木市****"),
        ("大通回族土族自治县桥头镇解放路1号", "大通回族土族自治县桥头镇****"),
        ("湟中区康川街道5号", "湟中区康川街道****"),
        ("城东区", "城东区"),
        ("八一路12号", "八一路****"),
        ("泰宁花园小区3号楼", "****"),
        ("某楼301", "****"),
        ("", ""),
    ],
)
def test_address(address, masked):
    assert mask_address(address) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"请回电{MOBILE}，谢谢", f"请回电{MASKED}，谢谢"),
        ("电话138 0000 1234。", f"电话{MASKED}。"),
        ("电话138-0000-1234", f"电话{MASKED}"),
        ("电话1380-000-1234", f"电话{MASKED}"),
        ("电话1 3 8 0 0 0 0 1 2 3 4", f"电话{MASKED}"),
        (f"+86{MOBILE}", MASKED),
        (f"86-{MOBILE}", MASKED),
        (full_width(MOBILE), MASKED),
        (f"{MOBILE}、{MOBILE}", f"{MASKED}、{MASKED}"),
        ("座机0971-6000000", "座机0971600****"),
        ("座机（0971）6000000", "座机0971600****"),
        (f"身份证{IDENTITY}", "身份证630102**********00"),
        (f"身份证{IDENTITY[:-1]}X", "身份证630102**********0X"),
        ("身份证630102 19900101 0000", "身份证630102**********00"),
        (f"卡号{CARD}", f"卡号6222***********{CARD[-4:]}"),
        ("卡号6222 0000 0000 0000", "卡号6222********0000"),
    ],
)
def test_numbers_of_people_are_masked(text, masked):
    assert mask_numbers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "打了12345、110、119和96119都没人接",
        "2026年10月10日17:30到2026-11-20",
        "1998-10-10 120来过",
        "欠我13800000元，工程款13800001234元",
        "合计3500.00元",
        "收了13800001234.50元",
        "5号楼3单元1802室",
        "工单202611200001",
        "门牌号630102",
        "快递单号9876543210",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert mask_numbers(text) == text


@given(st.text(alphabet="0123456789 -+元.（）电话Xx" + full_width("01"), max_size=60))
def test_masking_twice_changes_nothing(text):
    once = mask_numbers(text)
    assert mask_numbers(once) == once


@given(st.text(alphabet="的电话是，。人", max_size=10), st.text(alphabet="，。；的", max_size=10))
def test_mobile_is_found_anywhere(before, after):
    assert mask_numbers(before + MOBILE + after) == before + MASKED + after
