"""Figures over labelled cases: what a route answered against every answer that would be right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

EMERGENCY = frozenset({"110", "119", "120", "122"})


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text. Lists hold every right answer, best first; an empty list or None is unknown
    and not scored. `group` is any label to count answers by."""

    text: str
    platforms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    region: str | None = None
    region_known: bool = False
    urgent: bool | None = None
    complex: bool | None = None
    hotline: str | None = None
    hotline_known: bool = False
    request: str = ""
    group: str = ""


def read_case(row: Mapping[str, Any]) -> Case:
    """A case from a JSON object with the fields text, platform, type_paths, fine_items, units,
    region, urgent, complex, hotline, and a label (label, kind, unit_family or request_type).
    Raises ValueError with a Chinese reason."""
    text = row.get("text")
    if not isinstance(text, str):
        raise ValueError("缺少 text，或 text 不是文字")
    platform = row.get("platform") or ()
    group = next(
        (row[key] for key in ("label", "kind", "unit_family", "request_type") if row.get(key)), ""
    )
    return Case(
        text=text,
        platforms=(platform,) if isinstance(platform, str) else tuple(platform),
        types=tuple(row.get("type_paths") or ()),
        items=tuple(row.get("fine_items") or ()),
        units=tuple(row.get("units") or ()),
        region=row.get("region"),
        region_known="region" in row,
        urgent=row.get("urgent"),
        complex=row.get("complex"),
        hotline=row.get("hotline"),
        hotline_known="hotline" in row,
        request=row.get("request_type") or "",
        group=str(group),
    )


@dataclass(frozen=True)
class Figures:
    """All shares lie between 0 and 1; None where no case could be scored.

    `false_alarms`: of the cases that only 12345 may take, the share sent to an emergency number.
    `dangers_missed`: of the emergencies (urgent, and 12345 is no right answer), the share sent to
    12345 alone. An answer is wholly right when number and line of work are (where the line is not
    known: the number); `automatic_share` of the answers need no review, of them `automatic_right`
    are wholly right; `coverage`: how many could be answered by confidence alone with 97 of 100
    wholly right; `calibration_error`: how far confidence and that lie apart.
    """

    cases: int
    platform: float | None
    emergency_recall: float | None
    dangers_missed: float | None
    missed_emergencies: tuple[str, ...]
    false_alarms: float | None
    type: float | None
    type_top3: float | None
    item: float | None
    line: float | None
    unit: float | None
    region: float | None
    urgent_precision: float | None
    urgent_recall: float | None
    urgent_f1: float | None
    complex: float | None
    hotline: float | None
    request: float | None
    automatic_share: float | None
    automatic_right: float | None
    coverage: float | None
    calibration_error: float | None
    confusions: tuple[tuple[str, str, int], ...]
    type_confusions: tuple[tuple[str, str, int], ...]
    answers_by_group: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    urgent_by_group: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name in self.__dataclass_fields__
            for value in (getattr(self, name),)
        }


def _share(marks: Sequence[bool]) -> float | None:
    return sum(marks) / len(marks) if marks else None


Answer = Mapping[str, Any]


def lead_of(answer: Answer) -> Mapping[str, Any] | None:
    """The lead unit of an answer, or None."""
    return next((unit for unit in answer["units"] if unit["role"] == "lead"), None)


def line_is_right(case: Case, answer: Answer) -> bool:
    """Whether the line of the lead unit, or the lead unit itself, is among the right units."""
    lead = lead_of(answer)
    return bool(lead and {lead["line"], lead["name"]} & {*case.units})


def is_wholly_right(case: Case, answer: Answer) -> bool:
    """Number and, where 12345 answers and it is known, line of work."""
    if answer["platform"] not in case.platforms:
        return False
    return answer["platform"] != "12345" or not case.units or line_is_right(case, answer)


def is_emergency(case: Case) -> bool:
    return bool(case.urgent and "12345" not in case.platforms and EMERGENCY & {*case.platforms})


def marks_of(cases: Sequence[Case], answers: Sequence[Answer]) -> list[tuple[float, bool]]:
    """Confidence and whether the answer was wholly right, for every case with a known number."""
    return [
        (answer["confidence"], is_wholly_right(case, answer))
        for case, answer in zip(cases, answers, strict=True)
        if case.platforms
    ]


def measure(cases: Sequence[Case], answers: Sequence[Answer]) -> Figures:
    """Compare `answers` (the JSON of a decision each) with `cases`, pair by pair."""
    pairs = list(zip(cases, answers, strict=True))
    types = [(c, a, f"{a['category']}/{a['type']}") for c, a in pairs if c.types]
    urgent = [(c.urgent, a["urgent"]) for c, a in pairs if c.urgent is not None]
    hits = sum(1 for want, got in urgent if want and got)
    said, wanted = sum(got for _, got in urgent), sum(bool(want) for want, _ in urgent)
    precision = hits / said if said else None
    recall = hits / wanted if wanted else None
    emergencies = [(c, a) for c, a in pairs if is_emergency(c)]
    lines = [(c, a) for c, a in pairs if c.units]
    automatic = [is_wholly_right(c, a) for c, a in pairs if c.platforms and not a["review"]]
    marks = marks_of(cases, answers)
    groups: dict[str, Counter[str]] = {}
    urgent_groups: Counter[str] = Counter()
    for case, answer in pairs:
        groups.setdefault(case.group, Counter())[answer["platform"]] += 1
        urgent_groups[case.group] += bool(answer["urgent"])
    return Figures(
        cases=len(pairs),
        platform=_share([a["platform"] in c.platforms for c, a in pairs if c.platforms]),
        emergency_recall=_share([a["platform"] in EMERGENCY for _, a in emergencies]),
        dangers_missed=_share([a["platform"] == "12345" for _, a in emergencies]),
        missed_emergencies=tuple(
            c.text[:60] for c, a in emergencies if a["platform"] not in EMERGENCY
        ),
        false_alarms=_share(
            [a["platform"] in EMERGENCY for c, a in pairs if c.platforms == ("12345",)]
        ),
        type=_share([path in c.types for c, _, path in types]),
        type_top3=_share(
            [
                any(f"{x['category']}/{x['type']}" in c.types for x in a["candidates"][:3])
                for c, a, _ in types
            ]
        ),
        item=_share([a["item"] in c.items for c, a in pairs if c.items]),
        line=_share([line_is_right(c, a) for c, a in lines]),
        unit=_share([(lead_of(a) or {}).get("name") in c.units for c, a in lines]),
        region=_share(
            [(a["region"] or {}).get("name") == c.region for c, a in pairs if c.region_known]
        ),
        urgent_precision=precision,
        urgent_recall=recall,
        urgent_f1=2 * precision * recall / (precision + recall) if precision and recall else None,
        complex=_share([a["complex"] == c.complex for c, a in pairs if c.complex is not None]),
        hotline=_share([a["hotline"] == c.hotline for c, a in pairs if c.hotline_known]),
        request=_share([a["request"] == c.request for c, a in pairs if c.request]),
        automatic_share=len(automatic) / len(marks) if marks else None,
        automatic_right=_share(automatic),
        coverage=_coverage(marks, 0.97),
        calibration_error=_calibration_error(marks),
        confusions=_confusions(
            (c.platforms[0], a["platform"])
            for c, a in pairs
            if c.platforms and a["platform"] not in c.platforms
        ),
        type_confusions=_confusions(
            (c.types[0].split("/")[-1], a["type"]) for c, a, path in types if path not in c.types
        ),
        answers_by_group={name: dict(counts) for name, counts in sorted(groups.items())},
        urgent_by_group=dict(urgent_groups),
    )


def _coverage(answers: Sequence[tuple[float, bool]], precision: float) -> float | None:
    if not answers:
        return None
    best = right = 0
    for count, (_, is_right) in enumerate(sorted(answers, key=lambda pair: -pair[0]), start=1):
        right += is_right
        if right / count >= precision:
            best = count
    return best / len(answers)


def _calibration_error(answers: Sequence[tuple[float, bool]], bins: int = 10) -> float | None:
    """Expected calibration error: how far confidence and share of right answers lie apart."""
    if not answers:
        return None
    error = 0.0
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(c, r) for c, r in answers if low <= c < high or (high == 1 and c == 1)]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            error += abs(mean - sum(r for _, r in inside) / len(inside)) * len(inside)
    return error / len(answers)


def _confusions(pairs: Any) -> tuple[tuple[str, str, int], ...]:
    return tuple((want, got, count) for (want, got), count in Counter(pairs).most_common(15))
