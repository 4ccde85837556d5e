"""How far each invented call has got, through the same actions as real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.utils import timezone

from catalog.models import Exclusion, Region, Unit
from hotline.actions.consult import conclude, convene
from hotline.actions.decide import answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket, pass_on
from hotline.actions.ending import (
    archive_tickets,
    propose_end,
    reopen_ticket,
    rule_on_end,
    withdraw_ticket,
)
from hotline.actions.extension import ask_extension, rule_on_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import (
    reply_to_ticket,
    return_ticket,
    rule_on_return,
    sign_ticket,
)
from hotline.actions.intake import discard_draft, save_draft
from hotline.actions.merge import merge_ticket, split_ticket
from hotline.actions.supervise import open_order, reply_order, urge_ticket
from hotline.actions.supplement import ask_caller, supply
from hotline.management.demo_story import CITY, Story, sample_title
from hotline.models import Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.endings import Ground
from hotline.rules.feedback import CallbackResult, Rating, ResultByLaw
from hotline.rules.intake import TransferWay

HOUSING, ECOLOGY, WATER = "630100-housing", "630100-ecology", "630100-water"


def _unit(code: str) -> Unit:
    return Unit.objects.current().get(code=code)


def registered(story: Story) -> None:
    story.register()


def dispatched(story: Story, co: tuple[str, ...] = ()) -> None:
    registered(story)
    dispatch_ticket(
        story.ticket,
        choice=story.choice(),
        co_units=[_unit(code) for code in co],
        by=story.stage.operator,
        at=story.soon,
    )


def signed(story: Story, co: tuple[str, ...] = ()) -> None:
    dispatched(story, co)
    sign_ticket(story.ticket, by=story.clerk, at=story.day(1, 9, 30))


def joined(story: Story) -> None:
    """The co-handler has not told its part."""
    signed(story, (ECOLOGY,))


def urged(story: Story) -> None:
    signed(story)
    urge_ticket(story.ticket, by=None, at=story.day(2, 9, 50))


def waiting(story: Story) -> None:
    signed(story)
    ask_caller(story.ticket, question=story.call.words, by=story.clerk, at=story.day(2, 14))


def supplied(story: Story) -> None:
    signed(story)
    ask_caller(story.ticket, question=story.call.words, by=story.clerk, at=story.day(1, 10))
    supply(
        story.ticket,
        reached=True,
        answer="来电人已将合同和付款截图发至承办单位邮箱。",
        by=story.stage.operator,
        at=story.day(2, 11),
    )


def extension_asked(story: Story, on: int = 4) -> None:
    signed(story)
    ask_extension(
        story.ticket, days=5, reason=story.call.words, by=story.clerk, at=story.day(on, 10)
    )


def extension_granted(story: Story) -> None:
    extension_asked(story)
    rule_on_extension(
        story.ticket,
        granted=True,
        note="情况属实，请每两日告知来电人进展。",
        by=story.stage.supervisor,
        at=story.day(4, 15),
    )


def extension_refused(story: Story) -> None:
    extension_asked(story, on=3)
    rule_on_extension(
        story.ticket,
        granted=False,
        note="人员外出不是延期的理由，请安排他人办理。",
        by=story.stage.supervisor,
        at=story.day(3, 15),
    )


def order_open(story: Story) -> None:
    """From the sixth day on: past the handling limit of five."""
    signed(story)
    open_order(
        story.ticket,
        demand=story.call.words,
        days=None,
        by=story.stage.supervisor,
        at=story.day(6, 9, 40),
    )


def order_replied(story: Story) -> None:
    order_open(story)
    reply_order(
        story.ticket,
        text="水箱清洗记录已调取，水样已送检，结果明日公布；期间安排送水车。",
        by=story.stage.people["housing-leader"],
        at=story.day(7, 9, 55),
    )


def returned(story: Story, suggested: str = WATER, reason: str = "") -> None:
    dispatched(story)
    return_ticket(
        story.ticket,
        reason=reason or story.call.words,
        basis="市州职责分工，该事项不在本局职责内",
        suggested_unit=_unit(suggested),
        by=story.clerk,
        at=story.day(1, 10),
    )


def returned_twice(story: Story) -> None:
    """The second unit does not want it either."""
    returned(story, ECOLOGY)
    rule_on_return(
        story.ticket,
        ruling=Ruling.ACCEPTED,
        note="理由成立，改派。",
        by=story.stage.supervisor,
        at=story.day(2, 9),
    )
    other = replace(story.choice(), lead_unit=_unit(ECOLOGY))
    dispatch_ticket(story.ticket, choice=other, by=story.stage.operator, at=story.day(2, 9, 30))
    return_ticket(
        story.ticket,
        reason="排烟管道由建筑原有设计决定，不属大气污染防治。",
        basis="目录中该事项的主办条线不是生态环境",
        by=story.clerk,
        at=story.day(3, 10),
    )


def consulting(story: Story, second: str = HOUSING) -> None:
    returned(story, second, "该设施由谁管护没有明确，本局没有管护职责。")
    convene(
        story.ticket,
        question=story.call.words,
        units=[_unit(second)],
        by=story.stage.supervisor,
        at=story.day(2, 10),
    )


def consulted(story: Story) -> None:
    consulting(story)
    conclude(
        story.ticket,
        agreed=True,
        unit=_unit(HOUSING),
        minutes="双方一致同意由住房和城乡建设部门管护并向来电人答复。",
        by=story.stage.supervisor,
        at=story.day(4, 15),
    )
    sign_ticket(story.ticket, by=story.clerk, at=story.day(5, 9, 20))


def replied(story: Story, on: int = 3) -> None:
    signed(story)
    reply_to_ticket(story.ticket, text=story.call.words, by=story.clerk, at=story.day(on, 15, 30))


def approved(story: Story, *, on: int, by_law: ResultByLaw | None = None) -> None:
    """Answered on that day, and read on the next."""
    replied(story, on)
    check_reply(
        story.ticket,
        verdict=Verdict.APPROVED,
        note="",
        by_law=by_law,
        by=story.stage.operator,
        at=story.day(on + 1, 9, 10),
    )


def called(story: Story) -> None:
    """Nobody answered the first call."""
    approved(story, on=2)
    missed = CallbackResult(False, None, None)
    record_callback(
        story.ticket, result=missed, note="", by=story.stage.operator, at=story.day(3, 16)
    )


def sent_back(story: Story) -> None:
    replied(story)
    check_reply(
        story.ticket,
        verdict=Verdict.SENT_BACK,
        note="没有写明查处结果，也没有联系来电人，请据实答复。",
        by=story.stage.operator,
        at=story.day(4, 9),
    )


def _heard(
    story: Story, on: int, result: CallbackResult, note: str, by_law: ResultByLaw | None = None
) -> None:
    approved(story, on=on, by_law=by_law)
    record_callback(
        story.ticket, result=result, note=note, by=story.stage.operator, at=story.day(on + 1, 16)
    )


def reworked(story: Story) -> None:
    _heard(story, 4, CallbackResult(True, False, Rating.BAD), "来电人称垃圾至今没有运走。")


def closed(story: Story) -> None:
    _heard(story, 4, CallbackResult(True, True, Rating.GOOD), "群众表示认可。")


def closed_by_law(story: Story) -> None:
    unhappy = CallbackResult(True, True, Rating.BAD)
    note = "已恢复原状，来电人希望处罚更重。"
    _heard(story, 6, unhappy, note, ResultByLaw.ENFORCEMENT)


def reopened(story: Story) -> None:
    closed(story)
    reopen_ticket(
        story.ticket,
        reason="清理后又有人种上，来电人要求继续处理。",
        by=story.stage.operator,
        at=story.day(12, 9, 30),
    )


def archived(story: Story) -> None:
    closed(story)
    archive_tickets(now=timezone.now())
    story.ticket.refresh_from_db()


def answered(story: Story) -> None:
    registered(story)
    answer_at_once(
        story.ticket,
        choice=story.choice(),
        answer=story.call.words,
        by=story.stage.operator,
        at=story.soon,
    )


def declined(story: Story) -> None:
    registered(story)
    exclusion = Exclusion.objects.current().get(code="litigation")
    decline_ticket(
        story.ticket,
        choice=story.choice(),
        exclusion=exclusion,
        guidance=exclusion.guidance,
        by=story.stage.operator,
        at=story.soon,
    )


def transferred(story: Story) -> None:
    registered(story)
    transfer_ticket(
        story.ticket,
        choice=story.choice(),
        target="110",
        way=TransferWay.TRANSFER,
        note="已转接成功",
        by=story.stage.operator,
        at=story.soon,
    )


def withdrawn(story: Story) -> None:
    signed(story)
    withdraw_ticket(story.ticket, reason="", by=None, at=story.day(2, 11))


def merged(story: Story) -> None:
    registered(story)
    merge_ticket(
        story.ticket, master=story.stage.tickets["urged"], by=story.stage.operator, at=story.soon
    )


def split(story: Story) -> None:
    registered(story)
    part = split_ticket(
        story.ticket,
        content=story.call.words,
        key=f"{story.key}-part",
        by=story.stage.operator,
        at=story.soon,
    )
    Ticket.objects.filter(pk=part.pk).update(title=sample_title(story.call.words))


def passed_on(story: Story) -> None:
    registered(story)
    pass_on(
        story.ticket,
        center=Region.objects.get(code=CITY),
        reason=story.call.words,
        by=story.stage.operator,
        at=story.soon,
    )


def reviewing(story: Story) -> None:
    registered(story)
    propose_end(
        story.ticket,
        ground=Ground.REPEATED,
        earlier=story.stage.tickets["closed"],
        reason=story.call.words,
        by=story.stage.operator,
        at=story.day(1, 9, 20),
    )


def ended(story: Story) -> None:
    registered(story)
    propose_end(
        story.ticket,
        ground=Ground.GROUNDLESS,
        reason=story.call.words,
        by=story.stage.operator,
        at=story.soon,
    )
    rule_on_end(
        story.ticket,
        confirmed=True,
        note="同意，已电话告知来电人并说明理由。",
        by=story.stage.supervisor,
        at=story.day(1, 10),
    )


def draft(story: Story) -> None:
    story.ticket = save_draft(intake=story.intake, key=story.key, by=story.stage.operator)


def discarded(story: Story) -> None:
    draft(story)
    discard_draft(story.ticket, by=story.stage.operator, at=timezone.now())


LIVES: Mapping[str, Callable[[Story], None]] = {
    life.__name__: life
    for life in (
        draft, discarded, registered, split, passed_on, answered, declined, transferred,
        dispatched, signed, joined, urged, waiting, supplied, extension_asked, extension_granted,
        extension_refused, order_open, order_replied, returned, returned_twice, consulting,
        consulted, replied, sent_back, called, reworked, closed, closed_by_law, reopened, archived,
        withdrawn, merged, reviewing, ended,
    )
}  # fmt: skip
