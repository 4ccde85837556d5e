"""`route`: text in, reasoned decision out. The only door that the ticket side uses."""

from catalog.rules.entries import Catalogue
from catalog.snapshot import current_catalogue
from routing.actions import active_predictor
from routing.deciding import decide
from routing.judging import judge
from routing.ml.predictor import Predictor
from routing.policies import current_thresholds
from routing.rules.confidence import Thresholds
from routing.rules.decision import Decision, UnitChoice
from routing.rules.units import rank_units


def route(
    text: str,
    *,
    region: str | None = None,
    catalogue: Catalogue | None = None,
    predictor: Predictor | None = None,
    thresholds: Thresholds | None = None,
) -> Decision:
    """Decide who takes a text and why.

    `region` is the region code of the caller's line; it counts only where the text names no place.
    `catalogue`, `predictor` and `thresholds` are by default the published catalogue, the active model
    and the policy rows. Of a long text the first 4000 and the last 1000 characters are read, and the
    evidence says so.

    Never raises for what the text holds: an empty or foreign text is a decision for a person.
    Raises ModelMissing when no model is active, CatalogueMissing when nothing is published.
    """
    catalogue = current_catalogue() if catalogue is None else catalogue
    predictor = active_predictor() if predictor is None else predictor
    thresholds = current_thresholds() if thresholds is None else thresholds
    found = judge(text, region, catalogue, predictor, thresholds)
    return decide(found, catalogue, predictor, thresholds)


def responsible_units(
    item_code: str, region: str | None = None, *, catalogue: Catalogue | None = None
) -> tuple[UnitChoice, ...]:
    """The lead and co-handlers of an item in a region (code), without any text; empty for an
    unknown code."""
    catalogue = current_catalogue() if catalogue is None else catalogue
    return rank_units(catalogue.items.get(item_code), region, catalogue)
