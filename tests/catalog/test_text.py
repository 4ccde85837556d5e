import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.text import normalise
from tests.catalog.spoil import full_width


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (full_width("12345"), "12345"),
        (full_width("ABc+"), "ABc+"),
        ("路灯，坏了！（真的）：“黑”；", "路灯，坏了！（真的）：“黑”；"),
        ("水　管  漏\t水", "水 管 漏 水"),
        ("停\u200b电\ufeff了", "停电了"),
        ("坏\x00字\x07符", "坏字符"),
        ("一\r\n\r\n  二 \r三", "一\n二\n三"),
        ("  前后  ", "前后"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_normalise(text, normal):
    assert normalise(text) == normal


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_and_leaves_nothing_invisible(text):
    once = normalise(text)
    assert normalise(once) == once
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in once if c != "\n")
