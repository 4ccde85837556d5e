"""The sieve never holds back a pattern that would have matched."""

import re

import pytest

from catalog.rules.text import normalise
from routing.ml.corpus import read_corpus
from routing.rules.danger import danger_table
from routing.rules.exclusions import exclusion_table
from routing.rules.lines import line_words
from routing.rules.sieve import Sieve, ways_of
from routing.rules.subjects import subjects


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("着火", [[{"着火"}]]),
        ("着火|冒烟", [[{"着火"}], [{"冒烟"}]]),
        ("[水电]停", [[{"水停", "电停"}]]),
        ("停(?:了)?电", [[{"停电", "停了电"}]]),
        ("(?<!没)着火(?!了)", [[{"着火"}]]),
        ("煤.{0,4}(?:味|气)", [[{"煤"}, {"味", "气"}]]),
        ("煤.{0,4}(?:气味|着)", [[{"煤"}, {"气味"}], [{"煤"}, {"着"}]]),
        ("(?:停电){1,3}", [[{"停电"}]]),
        ("(?:水|电.)停了", [[{"水", "电"}, {"停了"}]]),
        ("火|", [[{"火"}], []]),
        ("[一-龥]", [[]]),
        (".*", [[]]),
        ("(?i)ok", [[]]),
        (r"\d+", [[]]),
    ],
)
def test_ways_of_a_pattern(pattern, ways):
    found = [list(map(set, way.needs)) for way in ways_of(re.compile(pattern))]
    assert found == ways


def test_a_pattern_of_unknown_needs_always_passes():
    sieve = Sieve([re.compile("着火"), re.compile(r"\d+")])
    assert sieve.passing("") == [1]
    assert sieve.passing("着火了") == [0, 1]


def test_words_alone_are_sure_and_what_stands_around_them_is_not():
    sieve = Sieve([re.compile("消防车"), re.compile("(?<!没)着火"), re.compile("煤.{0,4}气")])
    assert sieve.sort("消防车没着火") == ({0}, {1})
    assert sieve.sort("消防队，煤有气味") == (set(), {2})


@pytest.mark.parametrize("kind", ["danger", "exclusions", "subjects", "lines"])
def test_no_pattern_of_the_tables_is_held_back(kind):
    patterns = {
        "danger": [rule.pattern for rule in danger_table().rules],
        "exclusions": [rule.pattern for rule in exclusion_table().rules],
        "subjects": [subject.pattern for subject in subjects()],
        "lines": [words.strong for words in line_words()],
    }[kind]
    sieve = Sieve(patterns)
    matched = tried = 0
    for example in read_corpus()[::7]:
        text = normalise(example.text)
        sure, doubtful = sieve.sort(text)
        tried += len(sure | doubtful)
        for number, pattern in enumerate(patterns):
            if pattern.search(text):
                matched += 1
                assert number in sure | doubtful, (text, pattern.pattern)
            else:
                assert number not in sure, (text, pattern.pattern)
    assert 0 < matched <= tried
