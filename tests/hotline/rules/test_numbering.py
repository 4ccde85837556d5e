"""Ticket numbers."""

import datetime as dt

from hotline.rules.numbering import NUMBER, format_number


def test_number_is_day_and_serial():
    assert format_number(dt.date(2026, 11, 20), 17) == "261120000017"
    assert NUMBER.fullmatch("261120000017")


def test_numbers_of_a_day_beyond_a_million_stay_unique():
    assert format_number(dt.date(2026, 11, 20), 1_000_001) == "2611201000001"
