"""The stage of the demonstration: the cast, one call on its way, and moments that fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from catalog.models import Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass
from catalog.snapshot import working_calendar
from hotline.actions.decide import Choice
from hotline.actions.intake import Intake, register_ticket
from hotline.management.demo_calls import Call
from hotline.models import Ticket
from hotline.rules.intake import Channel

PROVINCE, CITY = "630000", "630100"


@dataclass
class Stage:
    """The cast by user name, and the latest ticket of each life."""

    people: dict[str, Staff]
    tickets: dict[str, Ticket] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)

    @property
    def operator(self) -> Staff:
        return self.people["operator"]

    @property
    def supervisor(self) -> Staff:
        return self.people["supervisor"]


def sample_title(text: str) -> str:
    """The text up to its second comma."""
    return "【示例】" + "，".join(text.rstrip("。？！").split("，")[:2])


class Story:
    """One call on its way. Its ticket is set when it was registered."""

    ticket: Ticket

    def __init__(self, index: int, call: Call, stage: Stage) -> None:
        self.index, self.call, self.stage = index, call, stage
        own = f"1380000{index:04d}"
        self.phone = stage.phones.get(call.same_caller_as, own)
        stage.phones.setdefault(call.life, own)

    def day(self, number: int, hour: int, minute: int = 0) -> dt.datetime:
        """So many working days after the call, never in the future."""
        return moment_ago(max(self.call.days_ago - number, 0), hour, minute)

    @property
    def intake(self) -> Intake:
        return Intake(
            content=self.call.text,
            channel=Channel.PHONE,
            title=sample_title(self.call.text),
            phone=self.phone,
            name="示例来电人",
            request_type=self.call.kind,
        )

    @property
    def key(self) -> str:
        return f"sample-{self.index}"

    @property
    def clerk(self) -> Staff:
        """Of the unit that leads now."""
        assert self.ticket.lead_unit is not None
        return self.stage.people[f"clerk-{self.ticket.lead_unit.code}"]

    def register(self) -> None:
        self.ticket, _ = register_ticket(
            intake=self.intake,
            key=self.key,
            by=self.stage.operator,
            at=self.day(0, 9, 5 + self.index),
        )

    def choice(self) -> Choice:
        """The router's suggestion, with what the operator changes."""
        suggestion = self.ticket.suggestions.latest("id")
        answer, call = suggestion.answer, self.call
        lead = next((unit["code"] for unit in answer["units"] if unit["role"] == "lead"), "")
        region = call.region or (answer["region"]["code"] if answer["region"] else "")
        return Choice(
            platform=answer["platform"],
            item=Item.objects.current().filter(code=call.item or answer["item_code"]).first(),
            region=Region.objects.filter(code=region).first(),
            handling_class=call.handling_class or HandlingClass(self.ticket.handling_class),
            lead_unit=Unit.objects.current().filter(code=call.unit or lead).first(),
        )

    @property
    def soon(self) -> dt.datetime:
        """When the operator has read the suggestion."""
        return self.day(0, 9, 11 + self.index)


def moment_ago(working_days: int, hour: int, minute: int) -> dt.datetime:
    """That many working days before the last one that is not in the future, at hour:minute."""
    now = timezone.localtime()
    calendar = working_calendar()
    day, left = now.date(), working_days
    while left > 0 or not calendar.is_workday(day, (PROVINCE,)):
        left -= calendar.is_workday(day, (PROVINCE,))
        day -= dt.timedelta(days=1)
    at = dt.datetime.combine(day, dt.time(hour), now.tzinfo) + dt.timedelta(minutes=minute)
    return min(at, now)
