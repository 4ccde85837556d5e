"""What a person confirms about a registered request, and the ways it ends at the hotline itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from catalog.models import Exclusion, Hotline, Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass
from hotline.actions.errors import WrongInput
from hotline.actions.transition import move_ticket
from hotline.models import Decision, Ticket, Transfer
from hotline.rules.intake import EMERGENCY_NUMBERS, TransferWay
from hotline.rules.workflow import Move
from routing.confirmed import keep_confirmed


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose. `lead_unit` None where no unit gets it (answered, declined, transferred)."""

    platform: str
    item: Item | None
    region: Region | None
    handling_class: HandlingClass
    lead_unit: Unit | None = None

    @property
    def urgent(self) -> bool:
        return self.handling_class is HandlingClass.URGENT


def record_decision(
    ticket: Ticket, choice: Choice, *, by: Staff, at: dt.datetime, exclusion: str = ""
) -> Decision:
    """Keep the choice beside the router's last suggestion, what differs between the two, and the
    example that the router can learn from. `exclusion` is the kind of what is not accepted.

    Inside the transaction of the move it belongs to.
    """
    suggestion = ticket.suggestions.last()
    changed = _differences(suggestion.answer, choice) if suggestion else []
    unit = choice.lead_unit
    keep_confirmed(
        source=f"ticket:{ticket.pk}",
        text=ticket.content,
        item_code=exclusion or (choice.item.code if choice.item else ""),
        platform=choice.platform,
        line=unit.line.code if unit and unit.line else "",
        urgent=choice.urgent,
        region=choice.region.code if choice.region else "",
        at=at,
    )
    return Decision.objects.create(
        ticket=ticket,
        suggestion=suggestion,
        platform=choice.platform,
        item=choice.item,
        region=choice.region,
        lead_unit=choice.lead_unit,
        handling_class=choice.handling_class,
        changed=changed,
        by=by,
    )


def columns_of(choice: Choice) -> dict[str, Any]:
    """The columns of Ticket that a choice sets."""
    return {
        "platform": choice.platform,
        "item": choice.item,
        "region": choice.region,
        "handling_class": choice.handling_class.value,
    }


@transaction.atomic
def answer_at_once(
    ticket: Ticket,
    *,
    choice: Choice,
    answer: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Answered within the call and closed (88号 三（三）2). Raises WrongInput without an answer."""
    if not answer.strip():
        raise WrongInput("answer", "请填写答复内容。")
    decision = record_decision(ticket, choice, by=by, at=at)
    move_ticket(
        ticket,
        Move.ANSWER,
        by=by,
        at=at,
        version=version,
        data={"decision": decision.pk, "changed": decision.changed},
        changes=columns_of(choice) | {"outcome": answer.strip()},
    )


@transaction.atomic
def decline_ticket(
    ticket: Ticket,
    *,
    choice: Choice,
    exclusion: Exclusion,
    guidance: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Not accepted, with the lawful route told to the caller (48号 三（一）). Raises WrongInput without
    the guidance given."""
    if not guidance.strip():
        raise WrongInput("guidance", "请填写已向来电人说明的合法途径。")
    decision = record_decision(ticket, choice, by=by, at=at, exclusion=exclusion.code)
    move_ticket(
        ticket,
        Move.DECLINE,
        by=by,
        at=at,
        version=version,
        data={
            "decision": decision.pk,
            "changed": decision.changed,
            "exclusion": exclusion.code,
            "clause": f"{exclusion.document} {exclusion.place}",
        },
        changes=columns_of(choice) | {"outcome": guidance.strip()},
    )


@transaction.atomic
def transfer_ticket(
    ticket: Ticket,
    *,
    choice: Choice,
    target: str,
    way: TransferWay,
    note: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Passed on to 110, another emergency number or a professional hotline, as done by hand.

    Raises WrongInput when `target` is neither an emergency number nor a hotline that still has seats.
    """
    if target not in EMERGENCY_NUMBERS and not (
        Hotline.objects.current().exclude(mode="merged").filter(number=target).exists()
    ):
        raise WrongInput(
            "target", f"{target} 不是可以转接的号码；已整体并入的热线由 12345 直接受理。"
        )
    decision = record_decision(ticket, choice, by=by, at=at)
    Transfer.objects.create(ticket=ticket, target=target, way=way, note=note.strip(), by=by)
    move_ticket(
        ticket,
        Move.TRANSFER,
        by=by,
        at=at,
        version=version,
        data={
            "decision": decision.pk,
            "changed": decision.changed,
            "target": target,
            "way": way.value,
        },
        changes=columns_of(choice) | {"outcome": f"已转 {target} 处理。"},
    )


def _differences(answer: dict[str, Any], choice: Choice) -> list[str]:
    """Which of platform, item, region, unit, urgent the person changed."""
    lead = next((unit["code"] for unit in answer["units"] if unit["role"] == "lead"), None)
    pairs = {
        "platform": (answer["platform"], choice.platform),
        "item": (answer["item_code"] or None, choice.item.code if choice.item else None),
        "region": (
            answer["region"]["code"] if answer["region"] else None,
            choice.region.code if choice.region else None,
        ),
        "urgent": (answer["urgent"], choice.urgent),
    }
    if choice.lead_unit is not None:
        pairs["unit"] = (lead, choice.lead_unit.code)
    return [name for name, (suggested, chosen) in pairs.items() if suggested != chosen]
