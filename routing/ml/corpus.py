"""The written examples that the router learns from."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog.rules.entries import Catalogue
from catalog.rules.text import normalise

# What a line made from the catalogue's own words counts; an utterance counts more.
CATALOGUE_WEIGHT = 0.4
CORPUS_DIR = Path(__file__).resolve().parent.parent / "corpus"
COLUMNS = ("text", "item_code", "also_codes", "platform", "urgent", "complex", "region", "trap")
# In files so named every two rows are a pair: nearly the same words, another answer.
PAIRED = "contrast"
# Files so named hold texts as they come in, with every answer that a reviewer would accept: what an
# answer may be trusted for is learned from them.
HEARD = "calls"
# Further columns that a file may have: `line` names the member units whose line of work a matter of
# an open item is, `request` what kind of request it is.
FURTHER_COLUMNS = ("line", "request")
REQUEST_TYPES = ("咨询", "求助", "投诉", "举报", "建议")
NOT_ACCEPTED = "不予受理"


class CorpusError(ValueError):
    """An example file cannot be used; the message names file, row and what to mend."""


@dataclass(frozen=True, slots=True)
class Example:
    """One utterance with its answers, best first; empty or None where unknown. `lines` are codes of
    member units, `request` one of `REQUEST_TYPES`; `weight` is 1 for an utterance and less for a
    line made from the catalogue's own words; texts set side by side because they differ in one telling
    word share a `pair`; `heard` says that it is labelled in full, as an incoming text."""

    text: str
    items: tuple[str, ...]
    numbers: tuple[str, ...]
    urgent: bool | None
    complex: bool | None
    region: str
    weight: float = 1.0
    lines: tuple[str, ...] = ()
    request: str = ""
    pair: str = ""
    heard: bool = False


def read_examples(path: Path) -> tuple[Example, ...]:
    """Read one CSV of `COLUMNS`. Raises CorpusError."""
    examples: list[Example] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]
            if missing:
                raise CorpusError(f"{path.name} 第1行：缺少列 {'、'.join(missing)}")
            for number, row in enumerate(reader, start=2):
                example = _example(row, f"{path.name} 第{number}行")
                if path.name.startswith(PAIRED):
                    example = replace(example, pair=f"{path.stem}-{number // 2}")
                if path.name.startswith(HEARD):
                    example = replace(example, heard=True)
                examples.append(example)
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8") from error
    except OSError as error:
        raise CorpusError(f"{path.name}：无法读取（{error.strerror}）") from error
    return tuple(examples)


def _example(row: dict[str, str | None], where: str) -> Example:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(value, str)}
    text, item = normalise(cells.get("text", "")), cells.get("item_code", "")
    if not text:
        raise CorpusError(f"{where}：text 为空")
    request = cells.get("request", "")
    if not item and not request:
        raise CorpusError(f"{where}：item_code 为空")
    if request and request not in REQUEST_TYPES:
        raise CorpusError(f"{where}：request 是“{request}”，应为{'、'.join(REQUEST_TYPES)}之一")
    also, numbers, lines = (
        tuple(part for part in cells.get(name, "").split("|") if part)
        for name in ("also_codes", "platform", "line")
    )
    if not numbers and item:
        numbers = (item.split("-")[0] if "-" in item else NOT_ACCEPTED,)
    return Example(
        text=text,
        items=(item, *also) if item else (),
        numbers=numbers,
        urgent={"1": True, "0": False}.get(cells.get("urgent", "")),
        complex={"1": True, "0": False}.get(cells.get("complex", "")),
        region=cells.get("region", ""),
        lines=lines,
        request=request,
    )


def read_corpus(folder: Path = CORPUS_DIR) -> tuple[Example, ...]:
    """All examples of a folder, in the order of file names. Raises CorpusError."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise CorpusError(f"{folder} 中没有语料文件（*.csv）")
    return tuple(example for path in files for example in read_examples(path))


def catalogue_examples(catalogue: Catalogue) -> tuple[Example, ...]:
    """What the catalogue itself says of each item, as light examples."""
    examples: list[Example] = []
    for item in catalogue.items.values():
        number = (item.platform.value,)
        names = f"{item.title}，{item.name}，{item.type}"
        examples.append(Example(names, (item.code,), number, None, None, "", CATALOGUE_WEIGHT))
        if item.keywords:
            words = "，".join(item.keywords)
            examples.append(Example(words, (item.code,), number, None, None, "", CATALOGUE_WEIGHT))
    return tuple(examples)


def with_lines(examples: Iterable[Example], catalogue: Catalogue) -> tuple[Example, ...]:
    """The examples with the line of work filled in where their item fixes it."""
    return tuple(
        example if example.lines else replace(example, lines=_lines_of(example, catalogue))
        for example in examples
    )


def _lines_of(example: Example, catalogue: Catalogue) -> tuple[str, ...]:
    items = [catalogue.items[code] for code in example.items if code in catalogue.items]
    if not items or items[0].open_line:
        return ()
    return tuple(
        dict.fromkeys(item.lead_line for item in items if item.lead_line and not item.open_line)
    )


def check_codes(examples: Sequence[Example], catalogue: Catalogue) -> None:
    """Raise CorpusError when an example names an item, exclusion or line that is not published."""
    unknown = sorted(
        {
            code
            for example in examples
            for code in (*example.items, *example.lines)
            if not (
                code in catalogue.items or code in catalogue.exclusions or code in catalogue.units
            )
        }
    )
    if unknown:
        raise CorpusError(f"语料中有目录里没有的代码：{'、'.join(unknown[:10])}")


def hash_examples(examples: Iterable[Example]) -> str:
    """A short fingerprint of the examples: same examples, same hash."""
    digest = hashlib.sha256()
    for example in examples:
        cells = (
            example.text,
            *(" ".join(names) for names in (example.items, example.numbers, example.lines)),
            example.request,
            example.urgent,
            example.complex,
            example.weight,
        )
        digest.update("\x1f".join(map(str, cells)).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()[:16]
