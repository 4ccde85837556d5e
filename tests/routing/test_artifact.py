"""A small model: what it learns, how it is kept, and what is refused."""

import datetime as dt
import json
import subprocess
import sys
from collections import Counter

import jieba
import numpy as np
import pytest
import skops.io

from routing.ml import artifact
from routing.ml.artifact import ModelFileError, load_model, make_card, save_model
from routing.ml.corpus import Example, read_corpus
from routing.ml.dictionary import make_tokenizer
from routing.ml.heads import fit_sharpness
from routing.ml.matrices import fit_vectorizer
from routing.ml.predictor import Predictor
from routing.ml.softening import soften
from routing.ml.tokens import WordCutter, clip_text, count_tokens
from routing.ml.training import train_model

LIGHTS = ("路灯不亮", "路灯灭了三天", "路灯又坏了", "这条路没有路灯", "路灯一闪一闪", "路灯白天亮")
THIEVES = ("手机被偷了", "小偷偷了电瓶", "羊被偷走了", "钱包被偷", "车里东西被偷", "家里进了小偷")


def example(text: str, item: str, number: str) -> Example:
    return Example(text, (item,), (number,), number == "110", False, "")


@pytest.fixture(scope="module")
def model():
    examples = [example(text, "12345-020602", "12345") for text in LIGHTS]
    examples += [example(text, "110-010104", "110") for text in THIEVES]
    return train_model(examples, cutter=WordCutter(["路灯"]), signals_of=lambda text: ()).model


@pytest.fixture
def folder(model, tmp_path):
    card = make_card(
        model,
        name="small",
        created_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
        corpus_hash="c",
        lesson_hash="l",
        catalogue_version="1",
    )
    save_model(model, card, tmp_path / "small")
    return tmp_path / "small"


def test_saved_model_answers_as_before(model, folder):
    loaded, card = load_model(folder)
    before, after = Predictor(model, "a"), Predictor(loaded, card.name)
    for text in ("路灯全灭", "电瓶被偷"):
        first = before.predict(before.read(text, ()))
        second = after.predict(after.read(text, ()))
        assert first.items[0][0] == second.items[0][0]
        assert first.items[0][1] == pytest.approx(second.items[0][1], abs=0.01)


def test_prediction_tells_the_two_apart(model):
    predictor = Predictor(model, "small")
    light = predictor.predict(predictor.read("路灯坏了", ()))
    thief = predictor.predict(predictor.read("东西被偷了", ()))
    assert (light.numbers[0][0], light.items[0][0]) == ("12345", "12345-020602")
    assert (thief.numbers[0][0], thief.items[0][0]) == ("110", "110-010104")
    assert sum(chance for _, chance in thief.items) == pytest.approx(1.0)
    assert "路灯" in predictor.telling_words(predictor.read("路灯坏了", ()), "12345-020602")


def test_empty_text_is_predicted(model):
    predictor = Predictor(model, "small")
    assert len(predictor.predict(predictor.read("", ())).items) == 2


def test_changed_file_is_refused(folder):
    path = folder / artifact.WEIGHTS_FILE
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelFileError, match="指纹不符"):
        load_model(folder)


def test_cut_off_file_is_refused(folder):
    path = folder / artifact.WEIGHTS_FILE
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelFileError, match="指纹不符"):
        load_model(folder)


def test_cut_off_file_with_its_own_fingerprint_is_refused(folder):
    path = folder / artifact.WEIGHTS_FILE
    path.write_bytes(path.read_bytes()[:1000])
    (folder / artifact.FINGERPRINT_FILE).write_text(artifact.hash_file(path))
    with pytest.raises(ModelFileError, match="无法读取"):
        load_model(folder)


def test_file_other_than_the_registered_one_is_refused(folder):
    with pytest.raises(ModelFileError, match="指纹不符"):
        load_model(folder, "0" * 64)


def test_model_of_another_version_is_refused(folder):
    path = folder / artifact.CARD_FILE
    card = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(card | {"sklearn": "0.1"}), encoding="utf-8")
    with pytest.raises(ModelFileError, match=r"scikit-learn 0\.1"):
        load_model(folder)


def test_a_file_that_holds_more_than_plain_values_is_refused(folder):
    path = folder / artifact.WEIGHTS_FILE
    path.write_bytes(skops.io.dumps({"weights": print}))
    (folder / artifact.FINGERPRINT_FILE).write_text(artifact.hash_file(path))
    with pytest.raises(ModelFileError, match="不认识的内容"):
        load_model(folder)


@pytest.mark.parametrize("name", [artifact.WEIGHTS_FILE, artifact.CARD_FILE,
                                  artifact.FINGERPRINT_FILE])  # fmt: skip
def test_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match=r"train_router|重新训练"):
        load_model(folder)


def test_long_text_keeps_head_and_tail():
    clipped = clip_text("头" * 9000 + "尾" * 1000)
    assert clipped.startswith("头" * 4000)
    assert clipped.endswith("尾" * 1000)
    assert len(clipped) == 5001


def test_every_token_finds_its_own_column():
    # To Python's hash, which sees bytes alone, tm is 浴.
    tokens = (Counter(["浴", "路灯", "tm"]), Counter(["tm", "浴"]), Counter(["浴"]))
    vectorizer = fit_vectorizer([tokens], least=(1, 1, 1))
    vector = vectorizer.vector(tokens)
    wanted = [block[token] for block, said in zip(vectorizer.columns, tokens, strict=True)
              for token in said]  # fmt: skip
    assert vector.columns.tolist() == [*wanted, vectorizer.width - 1]
    assert vector.tokens == ("浴", "路灯", "tm", "tm", "浴", "浴")
    assert vector.ends == (3, 5, 6)
    unknown = vectorizer.vector((Counter(["灯"]), Counter(["路灯"]), Counter()))
    assert (unknown.tokens, unknown.values.tolist()) == ((), [0.5])


def test_a_kept_dictionary_cuts_as_the_first_did(tmp_path):
    text = "海湖新区的路灯不亮，请派人来修"
    first = WordCutter(["路灯不亮"], tmp_path).cut(text)
    kept = next(tmp_path.glob("jieba-*.npz"))
    assert WordCutter(["路灯不亮"], tmp_path).cut(text) == first
    kept.write_bytes(kept.read_bytes()[:1000])
    assert WordCutter(["路灯不亮"], tmp_path).cut(text) == first
    assert kept.stat().st_size > 1000


def test_texts_are_cut_as_jieba_cuts_them():
    own, theirs = make_tokenizer(), jieba.Tokenizer()
    texts = [example.text for example in read_corpus()[::25]]
    for text in [*texts, "", "a", "㐀㐁字", "abc 123 中文 4.5%"]:
        assert own.lcut(text, HMM=False) == theirs.lcut(text, HMM=False)


def test_a_process_that_answers_needs_no_scikit_learn():
    asked = "import sys, routing.ml.artifact, routing.ml.predictor; print('sklearn' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_numbers_are_one_token():
    cutter = WordCutter()
    assert count_tokens("停水3天", cutter) == count_tokens("停水12天", cutter)


def test_softened_scores_are_probabilities():
    scores = np.array([[1.0, 0.0], [0.2, 0.8]], dtype=np.float32)
    assert soften(scores, 5.0).sum(axis=1) == pytest.approx([1.0, 1.0])
    # The first answer is wrong half of the time: no sharp probabilities.
    assert fit_sharpness(scores, [[0], [1]]) > fit_sharpness(scores, [[0], [0]])
