"""A model on disk: weights (skops), fingerprint (sha256), card (JSON).

A folder per model. The fingerprint is checked before anything is loaded, the weights are plain
arrays that run no code, and labels are stored by name.
"""

import hashlib
import json
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from routing.ml.labels import HEADS, JOINT, Labels, Mixture
from routing.ml.model import Model
from routing.ml.tokens import BLOCKS
from routing.ml.vectors import Vectorizer
from routing.ml.weights import Weights

WEIGHTS_FILE = "model.skops"
FINGERPRINT_FILE = "model.skops.sha256"
CARD_FILE = "card.json"
FORMAT = 4


class ModelFileError(Exception):
    """A model file is missing, changed, cut off or made by other versions; the message (Chinese)
    says which and how to mend it."""


@dataclass(frozen=True)
class Card:
    """What a model is made of. `created_at` is an aware datetime in ISO form. `corpus_hash` stands for
    corpus, catalogue and rules, `lesson_hash` for these and what people confirmed."""

    name: str
    created_at: str
    corpus_hash: str
    lesson_hash: str
    catalogue_version: str
    examples: int
    sklearn: str
    measured: Mapping[str, float]
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "name": self.name,
            "created_at": self.created_at,
            "corpus_hash": self.corpus_hash,
            "lesson_hash": self.lesson_hash,
            "catalogue_version": self.catalogue_version,
            "examples": self.examples,
            "sklearn": self.sklearn,
            "python": platform.python_version(),
            "measured": {key: round(value, 4) for key, value in self.measured.items()},
            "sha256": self.sha256,
        }


def make_card(
    model: Model,
    *,
    name: str,
    created_at: datetime,
    corpus_hash: str,
    lesson_hash: str,
    catalogue_version: str,
) -> Card:
    return Card(
        name=name,
        created_at=created_at.isoformat(timespec="seconds"),
        corpus_hash=corpus_hash,
        lesson_hash=lesson_hash,
        catalogue_version=catalogue_version,
        examples=int(model.measured.get("examples", 0)),
        sklearn=_sklearn_version(),
        measured=model.measured,
    )


def save_model(model: Model, card: Card, folder: Path) -> Card:
    """Write the three files; returns the card with its fingerprint."""
    import skops.io  # brings scikit-learn and scipy along, which a process that answers does without

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS_FILE
    path.write_bytes(skops.io.dumps(_to_plain(model), compression=8, compresslevel=6))
    fingerprint = hash_file(path)
    (folder / FINGERPRINT_FILE).write_text(f"{fingerprint}  {WEIGHTS_FILE}\n", encoding="utf-8")
    finished = Card(**{**_fields(card), "sha256": fingerprint})
    (folder / CARD_FILE).write_text(
        json.dumps(finished.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return finished


def _fields(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in Card.__dataclass_fields__}


def load_model(folder: Path, expected_sha256: str | None = None) -> tuple[Model, Card]:
    """Read a model. `expected_sha256` is what the database remembers. Raises ModelFileError."""
    card = read_card(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise ModelFileError(
            f"模型文件不存在：{path}。请运行 python manage.py train_router 重新训练"
        )
    data = path.read_bytes()
    fingerprint = hashlib.sha256(data).hexdigest()
    written = _written_fingerprint(folder)
    if fingerprint != written or (expected_sha256 and fingerprint != expected_sha256):
        raise ModelFileError(
            f"模型文件 {path} 与登记的指纹不符，可能被改动或没有写完。请重新训练，或回退到上一个模型"
        )
    if card.sklearn != _sklearn_version():
        raise ModelFileError(
            f"模型“{card.name}”由 scikit-learn {card.sklearn} 训练，当前是 {_sklearn_version()}。"
            "请运行 python manage.py train_router --activate 重新训练"
        )
    try:
        return _from_plain(_read_plain(data), card.measured), card
    except Exception as error:
        # zipfile, json and numpy raise many kinds; to the caller all mean the same.
        raise ModelFileError(f"模型文件 {path} 无法读取：{error}。请重新训练") from error


def read_card(folder: Path) -> Card:
    """The card of a model. Raises ModelFileError."""
    path = folder / CARD_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise ModelFileError(f"模型说明 {path} 的格式版本是 {values['format']}，应为 {FORMAT}")
        return Card(**{name: values[name] for name in Card.__dataclass_fields__})
    except OSError as error:
        raise ModelFileError(
            f"模型说明不存在：{path}。请运行 python manage.py train_router"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"模型说明 {path} 无法读取：{error}") from error


def hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sklearn_version() -> str:
    return version("scikit-learn")


def _written_fingerprint(folder: Path) -> str:
    try:
        return (folder / FINGERPRINT_FILE).read_text(encoding="utf-8").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise ModelFileError(
            f"模型指纹文件缺失：{folder / FINGERPRINT_FILE}。请重新训练"
        ) from error


def _to_plain(model: Model) -> dict[str, Any]:
    vectorizer = model.vectorizer
    return {
        "weights": model.weights.steps,
        "scales": model.weights.scales,
        "idf": vectorizer.idf,
        "tokens": {
            block: "\n".join(columns)
            for block, columns in zip(BLOCKS, vectorizer.columns, strict=True)
        },
        "block_weights": list(vectorizer.weights),
        "labels": {head: list(names) for head, names in model.labels.names.items()},
        "sharpness": dict(model.sharpness),
        "mixture": [model.mixture.item, model.mixture.type, model.mixture.list],
        "words": "\n".join(model.words),
        "confidence": list(model.confidence),
    }


def _read_plain(data: bytes) -> Any:
    """What skops wrote, by its description in the file: dictionaries, lists, texts, numbers and
    arrays. Raises ValueError for anything else: nothing in the file is ever run."""
    with zipfile.ZipFile(BytesIO(data)) as file:

        def value_of(node: Mapping[str, Any]) -> Any:
            match node["__loader__"]:
                case "DictNode":
                    return {key: value_of(value) for key, value in node["content"].items()}
                case "ListNode":
                    return [value_of(value) for value in node["content"]]
                case "JsonNode":
                    return json.loads(node["content"])
                case "NdArrayNode" if node["type"] == "numpy":
                    with file.open(node["file"]) as stream:
                        return np.lib.format.read_array(stream, allow_pickle=False)
                case other:
                    raise ValueError(f"不认识的内容 {other}")

        return value_of(json.loads(file.read("schema.json")))


def _from_plain(plain: dict[str, Any], measured: Mapping[str, float]) -> Model:
    columns: list[dict[str, int]] = []
    start = 0
    for block in BLOCKS:
        names = plain["tokens"][block].split("\n") if plain["tokens"][block] else []
        columns.append(dict(zip(names, range(start, start + len(names)), strict=True)))
        start += len(names)
    weights = Weights(np.asarray(plain["weights"], dtype=np.int8), plain["scales"])
    labels = Labels({head: tuple(plain["labels"][head]) for head in HEADS})
    if start != len(plain["idf"]) or weights.steps.shape != (start + 1, labels.width):
        raise ValueError("词表与权重的大小不一致")
    item, kind, listed = plain["mixture"]
    return Model(
        vectorizer=Vectorizer(
            tuple(columns),
            np.asarray(plain["idf"], dtype=np.float32),
            tuple(plain["block_weights"]),
        ),
        weights=weights,
        labels=labels,
        sharpness={head: float(plain["sharpness"][head]) for head in (*HEADS, JOINT)},
        mixture=Mixture(item, kind, listed),
        words=tuple(plain["words"].split("\n")) if plain["words"] else (),
        measured=dict(measured),
        confidence=tuple(plain["confidence"]),
    )
