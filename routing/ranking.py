"""Which item and which line of work it is, once the number is chosen."""

from collections.abc import Mapping

from catalog.rules.entries import Catalogue, Item
from routing.ml.labels import list_of, list_of_number, type_of
from routing.ml.predictor import Prediction
from routing.rules.confidence import Thresholds
from routing.rules.decision import Number
from routing.rules.verdict import Verdict

# A danger rule names the items it stands for; among all items of its side they count so much more.
_RULE_ITEM_FACTOR = 6.0
_RULE_ITEM_LEAST = 0.01
# The same for the kind that an exclusion rule names.
_RULE_KIND_FACTOR = 4.0
# An item so much less likely than the first is not ranked.
_NEGLIGIBLE = 1e-4
# How much an item's line counts when it is chosen.
_LEAST_LINE = 0.03
_OPEN_LINE = 0.5
# How much the items count beside the text's own words when the line is chosen, and what a line that
# one of them does not know still counts; measured on texts left out.
_ITEMS_WEIGHT = 0.7
_UNSEEN = 1e-3


def rank_items(
    prediction: Prediction,
    verdict: Verdict,
    lines: Mapping[str, float],
    catalogue: Catalogue,
) -> list[tuple[str, float]]:
    """The items of the chosen side with their share of it, best first. Where `lines` are given an item
    of 12345 counts the more the likelier its line is; one that fits every line as much as a line of
    middling chance. They are given for letters: a letter names its matter many times, while in a
    call a word of some line is often said by the way."""
    side = list_of_number(verdict.number.value)
    weigh = bool(lines) and side == Number.HOTLINE.value
    named = verdict.danger.rule.items if verdict.danger else ()
    kind = verdict.exclusion.rule.outcomes[0] if verdict.exclusion else None
    pool: list[tuple[str, float]] = []
    for code, chance in (dict.fromkeys(named, 0.0) | dict(prediction.items)).items():
        if list_of(code) == side:
            item = catalogue.items.get(code) if weigh else None
            if item:
                chance *= _agreement(item, lines)
            if code in named:
                chance = (chance + _RULE_ITEM_LEAST) * _RULE_ITEM_FACTOR
            if code == kind:
                chance *= _RULE_KIND_FACTOR
            pool.append((code, chance))
    least = _NEGLIGIBLE * max((chance for _, chance in pool), default=0.0)
    pool = [(code, chance) for code, chance in pool if chance >= least]
    total = sum(chance for _, chance in pool) or 1.0
    by_type: dict[str, float] = {}
    for code, chance in pool:
        of = type_of(code)
        by_type[of] = by_type.get(of, 0.0) + chance
    best = max(by_type, key=by_type.__getitem__, default="")
    shares = sorted(((code, chance / total) for code, chance in pool), key=lambda pair: -pair[1])
    # The type first, then the best item within it: types are told apart far more surely.
    return [
        *(pair for pair in shares if type_of(pair[0]) == best),
        *(pair for pair in shares if type_of(pair[0]) != best),
    ]


def _agreement(item: Item, lines: Mapping[str, float]) -> float:
    chance = _OPEN_LINE if item.open_line else lines.get(item.lead_line or "", 0.0)
    return chance + _LEAST_LINE


def line_of(
    ranked: list[tuple[str, float]],
    chances: Mapping[str, float],
    catalogue: Catalogue,
    thresholds: Thresholds,
) -> tuple[str, float]:
    """The line that the matter itself points to where it is not the first item's own (else empty), and
    the probability of the line that leads.

    Two witnesses are heard: the items, each for its own line (one that fits every line for all of
    them), and `chances`, the text's own. A hydrant is housing's by its item, and the fire service's
    when it hangs in a hotel; a bridge is transport's on a national road.
    """
    item = catalogue.items.get(ranked[0][0]) if ranked else None
    if item is None or not item.lead_line:
        return "", 1.0
    by_items = _lines_of_items(ranked, chances, catalogue)
    line = max(
        (item.lead_line, *chances),
        key=lambda code: (
            (by_items.get(code, 0.0) + _UNSEEN) ** _ITEMS_WEIGHT
            * (chances.get(code, 0.0) + _UNSEEN)
        ),
    )
    if line == item.lead_line or chances[line] < thresholds.line:
        return "", chances.get(item.lead_line, 0.0)
    return line, chances[line]


def _lines_of_items(
    ranked: list[tuple[str, float]], chances: Mapping[str, float], catalogue: Catalogue
) -> dict[str, float]:
    """What the items alone say of the lines."""
    found: dict[str, float] = {}
    open_share = 0.0
    for code, share in ranked:
        item = catalogue.items.get(code)
        if item and item.open_line:
            open_share += share
        elif item and item.lead_line:
            found[item.lead_line] = found.get(item.lead_line, 0.0) + share
    for line, chance in chances.items():
        found[line] = found.get(line, 0.0) + open_share * chance
    return found
