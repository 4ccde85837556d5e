"""How heads are solved and scored: Bayes beside vectors, the two texts of a pair left out together."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from routing.ml.corpus import Example, read_examples
from routing.ml.heads import FOLDS, Lesson, Recipe, solve_and_score, solve_head
from routing.ml.tokens import count_tokens
from routing.ml.training import group_numbers
from routing.ml.variants import IN_USE, WAYS, compare_ways


def lesson(answers, columns=3):
    """Texts whose answer stands in a column of its own."""
    rows = np.eye(columns, dtype=np.float32)[[int(answer) for answer in answers]]
    weights = np.ones(len(answers), dtype=np.float32)
    return Lesson(csr_matrix(rows), [(answer,) for answer in answers], weights)


@pytest.mark.parametrize("bayes", [0.0, 0.3])
def test_each_label_wins_where_its_column_stands(bayes):
    weights = solve_head(lesson("001122"), ["0", "1", "2"], Recipe(1.0, bayes))
    assert weights.argmax(axis=1).tolist() == [0, 1, 2]


def test_bayes_weights_favour_no_label_as_such():
    plain = solve_head(lesson("001122"), ["0", "1", "2"], Recipe(1.0))
    added = solve_head(lesson("001122"), ["0", "1", "2"], Recipe(1.0, 0.3)) - plain
    assert np.allclose(added.sum(axis=1), 0.0, atol=1e-5)


def test_a_label_without_examples_gets_no_weight():
    weights = solve_head(lesson("0011"), ["0", "1", "2"], Recipe(1.0, 0.3))
    assert not weights[:, 2].any()


def test_a_pair_has_one_number_and_a_lone_text_its_own():
    assert group_numbers(["", "contrast-1", "contrast-1", ""]) == [0, 1, 1, 2]


def test_nobody_is_scored_by_a_head_that_saw_the_other_of_its_pair():
    seen: list[set[int]] = []
    whole = lesson("01" * 10, columns=2)
    marks = np.arange(20, dtype=np.float32).reshape(-1, 1)
    marked = Lesson(csr_matrix(marks), whole.answers, whole.weights)

    def watch(part):
        seen.append({int(value) for value in part.matrix.toarray().ravel()})
        return np.zeros((1, 2), dtype=np.float32)

    groups = [row // 2 for row in range(20)]
    solve_and_score(marked, watch, list(range(20)), groups)
    assert len(seen) == FOLDS + 1
    for taught in seen[1:]:
        assert all({2 * group, 2 * group + 1} <= taught or not {2 * group, 2 * group + 1} & taught
                   for group in range(10))  # fmt: skip


def test_two_rows_of_a_contrast_file_are_a_pair(tmp_path):
    path = tmp_path / "contrast_more.csv"
    rows = "".join(f"文{n},12345-020602,,\n" for n in range(4))
    path.write_text("text,item_code,also_codes,platform\n" + rows, encoding="utf-8")
    pairs = [example.pair for example in read_examples(path)]
    assert pairs[0] == pairs[1] != pairs[2] == pairs[3]


def test_every_way_answers_what_can_be_told_apart():
    words = {"12345-020602": "路灯不亮黑", "12345-020605": "路面有坑洼", "110-060101": "落水快救人"}
    examples = [
        Example(f"{text}{place}", (code,), (code.split("-")[0],), None, None, "", weight)
        for code, text in words.items()
        for weight, place in ((0.4, ""), *((1.0, at) for at in "东南西北中里外前后左右上下"))
    ]

    class Letters:
        def cut(self, text):
            return list(text)

    tokens = [count_tokens(example.text, Letters()) for example in examples]
    done = compare_ways(examples, tokens, lambda _: None, ("number", "type"))
    found = {(one.head, one.way): one for one in done}
    assert {way for _, way in found} >= {*WAYS}
    assert all(one.right == 1.0 for one in done)
    assert found["type", IN_USE].loss < 0.5
