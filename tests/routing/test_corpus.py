"""The written examples: known codes, enough of each item, no two alike."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from catalog.rules.text import normalise
from routing.management.commands.measure_quality import UNSEEN_CALLS
from routing.ml.corpus import (
    COLUMNS,
    CORPUS_DIR,
    CorpusError,
    check_codes,
    hash_examples,
    read_corpus,
    read_examples,
)

CORPUS_FILES = sorted(CORPUS_DIR.glob("*.csv"))
# Sets texts side by side that differ in one telling word.
CONTRAST = CORPUS_DIR / "contrast.csv"
# Examples that an item of a platform must have.
LEAST = {"12345": 30, "110": 20}


def bigrams(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_code_is_published(catalogue):
    check_codes(read_corpus(), catalogue)


def test_every_item_has_enough_examples(catalogue):
    counts = Counter(row["item_code"] for path in CORPUS_FILES for row in rows_of(path))
    few = {
        code: counts[code]
        for code in catalogue.items
        if counts[code] < LEAST[code.partition("-")[0]]
    }
    assert few == {}
    assert sum(counts[code] for code in catalogue.exclusions) >= 300


def test_contrast_pairs_share_words_and_differ_in_the_answer():
    rows = rows_of(CONTRAST)
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    same_answer = [one["text"] for one, two in pairs if answer(one) == answer(two)]
    nothing_shared = [
        one["text"]
        for one, two in pairs
        if not bigrams(normalise(one["text"])) & bigrams(normalise(two["text"]))
    ]
    assert (same_answer, nothing_shared) == ([], [])
    assert len(pairs) >= 1500


def answer(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("item_code", "platform", "urgent", "line", "request"))


def test_held_out_calls_are_not_learned():
    unseen = [
        bigrams(normalise(json.loads(line)["text"]))
        for line in UNSEEN_CALLS.read_text(encoding="utf-8").splitlines()
    ]
    learned = [bigrams(example.text) for example in read_corpus()]
    alike = [
        one for one in unseen if any(len(one & other) > 0.6 * len(one | other) for other in learned)
    ]
    assert len(unseen) >= 200
    assert alike == []


def test_no_two_texts_are_nearly_the_same():
    texts = [
        (path.name, number, bigrams(normalise(row["text"])))
        for path in CORPUS_FILES
        if path != CONTRAST
        for number, row in enumerate(rows_of(path), start=2)
    ]
    holders: dict[str, list[int]] = {}
    alike = []
    for at, (name, number, pairs) in enumerate(texts):
        shared = Counter(other for pair in pairs for other in holders.get(pair, ()))
        for other, common in shared.items():
            both = len(pairs) + len(texts[other][2]) - common
            if common / both > 0.6:
                alike.append((name, number, *texts[other][:2]))
        for pair in pairs:
            holders.setdefault(pair, []).append(at)
    assert alike == []


def write(path, rows, header=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_example_file_errors_name_the_row(tmp_path):
    path = write(tmp_path / "a.csv", [("路灯坏了", "12345-020602", "", "12345", 0, 0, "", ""),
                                      ("", "12345-020602", "", "12345", 0, 0, "", "")])  # fmt: skip
    with pytest.raises(CorpusError, match="第3行：text 为空"):
        read_examples(path)


def test_example_file_without_column_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", [("路灯坏了",)], header=("text",))
    with pytest.raises(CorpusError, match="缺少列 item_code"):
        read_examples(path)


def test_example_file_in_other_encoding_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("text,item_code,also_codes,platform\n路灯".encode("gbk"))
    with pytest.raises(CorpusError, match="UTF-8"):
        read_examples(path)


def test_unknown_code_is_named(tmp_path, catalogue):
    path = write(tmp_path / "a.csv", [("路灯坏了", "12345-999999", "", "", 0, 0, "", "")])
    with pytest.raises(CorpusError, match="12345-999999"):
        check_codes(read_examples(path), catalogue)


def test_hash_tells_examples_apart(tmp_path):
    one = read_examples(write(tmp_path / "a.csv", [("甲路灯", "x-1", "", "", 0, 0, "", "")]))
    two = read_examples(write(tmp_path / "b.csv", [("甲路灯", "x-1", "", "", 1, 0, "", "")]))
    assert hash_examples(one) == hash_examples(one)
    assert hash_examples(one) != hash_examples(two)
