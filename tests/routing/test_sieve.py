"""The sieve never holds back a pattern that would have matched."""

import re

import pytest

from catalog.rules.text import normalise
from routing.ml.corpus import read_corpus
from routing.rules.danger import danger_table
from routing.rules.exclusions import exclusion_table
from routing.rules.sieve import Sieve, needs_of
from routing.rules.subjects import subjects


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("着火", {"着火"}),
        ("着火|冒烟", {"着火", "冒烟"}),
        ("[水电]停", {"水停", "电停"}),
        ("停(?:了)?电", {"停电", "了电"}),
        ("(?<!没)着火(?!了)", {"着火"}),
        ("煤.{0,4}气", {"煤"}),
        ("(?:停电){1,3}", {"停电"}),
        ("火|", None),
        ("[一-龥]", None),
        (".*", None),
        ("(?i)ok", None),
        (r"\d+", None),
    ],
)
def test_needs_of_a_pattern(pattern, needs):
    assert needs_of(re.compile(pattern)) == (None if needs is None else frozenset(needs))


def test_a_pattern_of_unknown_needs_always_passes():
    sieve = Sieve([re.compile("着火"), re.compile(r"\d+")])
    assert sieve.passing("") == [1]
    assert sieve.passing("着火了") == [0, 1]


@pytest.mark.parametrize("kind", ["danger", "exclusions", "subjects"])
def test_no_pattern_of_the_tables_is_held_back(kind):
    patterns = {
        "danger": [rule.pattern for rule in danger_table().rules],
        "exclusions": [rule.pattern for rule in exclusion_table().rules],
        "subjects": [subject.pattern for subject in subjects()],
    }[kind]
    sieve = Sieve(patterns)
    matched = tried = 0
    for example in read_corpus()[::7]:
        text = normalise(example.text)
        passing = set(sieve.passing(text))
        tried += len(passing)
        for number, pattern in enumerate(patterns):
            if pattern.search(text):
                matched += 1
                assert number in passing, (text, pattern.pattern)
    assert 0 < matched <= tried
