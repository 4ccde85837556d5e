"""Demo accounts and sample tickets: made through the same actions as real ones, and marked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from rest_framework.authtoken.models import Token

from catalog.models import Exclusion, Item, Region, Staff, Unit
from catalog.rules.entries import Platform
from catalog.rules.limits import HandlingClass
from catalog.rules.roles import ROLE_NAMES, Role
from catalog.snapshot import working_calendar
from hotline.actions.decide import Choice, answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import reply_to_ticket, return_ticket, sign_ticket
from hotline.actions.intake import Intake, register_ticket
from hotline.models import Ticket
from hotline.rules.assignments import Verdict
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.intake import Channel, RequestType, TransferWay

PASSWORD = "demo-12345"
PROVINCE, CITY = "630000", "630100"


@dataclass(frozen=True, slots=True)
class Sample:
    """One invented call. `days_ago`: working days since it came; `way`: how far it has got."""

    days_ago: int
    kind: RequestType
    text: str
    item: str
    unit: str
    region: str
    way: str
    handling_class: HandlingClass = HandlingClass.GENERAL
    words: str = ""


G, U, C = HandlingClass.GENERAL, HandlingClass.URGENT, HandlingClass.COMPLEX
HELP, ASK, TELL = RequestType.HELP, RequestType.INQUIRY, RequestType.COMPLAINT

# fmt: off
SAMPLES = (
    Sample(0, HELP, "城西区这边一个老院子从昨晚开始整栋楼没暖气，屋里老人孩子冻得不行，物业电话没人接。",
           "12345-020503", "630104-housing", "630104", "dispatched", U),
    Sample(0, TELL, "楼下烧烤摊天天摆到半夜，油烟直往家里灌，窗户都不敢开，希望有人来管一管。",
           "12345-030503", "630102-housing", "630102", "registered"),
    Sample(1, HELP, "小区门口的路灯灭了快半个月，晚上接孩子放学看不见路，能不能修一下。",
           "12345-020602", "630100-housing", "630103", "dispatched"),
    Sample(2, TELL, "在一家超市买的牛奶回家发现过期三天了，拿回去店里不认，还说是我自己放坏的。",
           "12345-030310", "630102-market", "630102", "handling"),
    Sample(2, ASK, "外地户口孩子想在城北上小学，需要准备哪些材料，几月份报名？",
           "12345-010103", "630100-education", "630105", "answered",
           words="已说明报名时间以当年招生通知为准，一般需户口簿、居住证、监护人社保或务工证明，并告知区教育部门电话。"),
    Sample(3, TELL, "工地半夜还在打混凝土，震得床都晃，孩子第二天考试，投诉过一次只停了一晚上。",
           "12345-030602", "630100-housing", "630104", "replied",
           words="已会同街道现场检查，该工地未取得夜间施工许可，已责令停止夜间作业并立案，向反映人说明了处理结果。"),
    Sample(4, HELP, "我爸的退休工资这个月没到账，打社保电话一直占线，想问问是不是要重新认证。",
           "12345-020301", "630100-human-resources", "630100", "callback",
           words="经核实系资格认证到期，已协助线上完成认证，养老金将于次日补发，已电话告知本人。"),
    Sample(6, TELL, "河道边上有人倒建筑垃圾，一车一车往里倒，拍了照片，车号也记下来了。",
           "12345-030501", "630100-housing", "630106", "returned",
           words="该处属河道管理范围，按职责应由水务部门牵头处理。"),
    Sample(8, TELL, "小区旁边的厂子晚上偷偷排黑烟，味道刺鼻，嗓子疼，白天又看不到。",
           "12345-020402", "630100-ecology", "630121", "handling"),
    Sample(9, TELL, "健身房办了年卡，上个月关门了，钱也不退，老板电话打不通。",
           "12345-040301", "630100-market", "630104", "signed_late"),
    Sample(10, HELP, "家里老人瘫痪在床，想申请护理补贴，不知道找谁办。",
           "12345-020105", "630100-civil-affairs", "630104", "closed",
           words="已上门核实并指导提交申请材料，符合条件，自次月起发放护理补贴。"),
    Sample(12, TELL, "楼上把承重墙砸了，墙上裂了大口子，我们住楼下的天天提心吊胆。",
           "12345-030604", "630100-housing", "630103", "closed", C,
           words="已组织鉴定并责令恢复原状，装修企业已停工，隐患部位完成加固。"),
    Sample(1, TELL, "法院判下来我不服，你们给法院打个招呼，让他们改判。",
           "", "", "", "declined"),
    Sample(0, HELP, "对面楼里有人打架，听见喊要拿刀，声音越来越大，你们快派人来！",
           "110-010103", "", "630105", "transferred", U),
)
# fmt: on


class Command(BaseCommand):
    help = "建立演示账号与示例工单（仅演示环境；已有工单时只补齐账号）"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_DATA:
            raise CommandError(
                "SAMPLE_DATA 未开启：演示账号的密码是公开的，不能建在正式环境。"
                "确需演示请在 .env 中设 SAMPLE_DATA=1。"
            )
        with transaction.atomic():
            people = _make_people()
            made = 0 if Ticket.objects.exists() else _make_tickets(people)
        if made:
            self.stdout.write(f"已建立 {made} 张示例工单。")
        self.stdout.write("演示账号（密码均为 " + PASSWORD + "）：")
        for username in ("operator", "supervisor", "housing", "housing-leader", "admin"):
            person = people[username]
            where = f"，{person.unit}" if person.unit else ""
            self.stdout.write(f"  {username:<16}{ROLE_NAMES[Role(person.role)]}{where}")
        self.stdout.write("其他示例单位的经办人账号为“clerk-单位代码”，如 clerk-630102-market。")


def _make_people() -> dict[str, Staff]:
    """The accounts, made once; one hash for all, since hashing is slow on purpose."""
    regions = {code: Region.objects.get(code=code) for code in (PROVINCE, CITY)}
    units = {unit.code: unit for unit in Unit.objects.current().filter(is_sample=True)}
    wanted: dict[str, dict[str, Any]] = {
        "operator": {"first_name": "话务员甲", "role": Role.OPERATOR, "region": regions[PROVINCE]},
        "operator-xining": {
            "first_name": "话务员乙", "role": Role.OPERATOR, "region": regions[CITY],
        },
        "supervisor": {
            "first_name": "督办员甲", "role": Role.SUPERVISOR, "region": regions[PROVINCE],
        },
        "portal": {"first_name": "网站接口", "role": Role.MACHINE, "region": regions[PROVINCE]},
        "admin": {
            "first_name": "管理员", "role": Role.ADMINISTRATOR,
            "is_staff": True, "is_superuser": True,
        },
        "housing": {
            "first_name": "经办人甲", "role": Role.UNIT_CLERK, "unit": units["630100-housing"],
        },
        "housing-leader": {
            "first_name": "负责人甲", "role": Role.UNIT_LEADER, "unit": units["630100-housing"],
        },
    }  # fmt: skip
    for code, unit in units.items():
        wanted[f"clerk-{code}"] = {
            "first_name": "经办人", "role": Role.UNIT_CLERK, "unit": unit,
        }  # fmt: skip
    there = {person.username: person for person in Staff.objects.filter(username__in=wanted)}
    missing = [name for name in wanted if name not in there]
    if missing:
        password = make_password(PASSWORD)
        Staff.objects.bulk_create(
            Staff(username=name, password=password, **wanted[name]) for name in missing
        )
        there = {person.username: person for person in Staff.objects.filter(username__in=wanted)}
    Token.objects.get_or_create(user=there["portal"])
    return there


def _make_tickets(people: dict[str, Staff]) -> int:
    """Each sample through the actions, at moments in the past that fit its age."""
    for index, sample in enumerate(SAMPLES):
        _make_ticket(index, sample, people)
    return len(SAMPLES)


def _make_ticket(index: int, sample: Sample, people: dict[str, Staff]) -> None:
    received = _moment(sample.days_ago, 9, 10 + index)
    operator, supervisor = people["operator"], people["supervisor"]
    ticket, _ = register_ticket(
        intake=Intake(
            content=sample.text,
            channel=Channel.PHONE,
            title="【示例】" + sample.text[:24],
            phone=f"1380000{index:04d}",
            name="示例来电人",
            request_type=sample.kind,
        ),
        key=f"sample-{index}",
        by=operator,
        at=received,
    )
    if sample.way == "registered":
        return
    choice = _choice(sample)
    soon = received + dt.timedelta(minutes=6)
    if sample.way == "answered":
        answer_at_once(ticket, choice=choice, answer=sample.words, by=operator, at=soon)
        return
    if sample.way == "declined":
        exclusion = Exclusion.objects.current().get(code="litigation")
        decline_ticket(
            ticket, choice=choice, exclusion=exclusion, guidance=exclusion.guidance,
            by=operator, at=soon,
        )  # fmt: skip
        return
    if sample.way == "transferred":
        transfer_ticket(
            ticket, choice=choice, target="110", way=TransferWay.TRANSFER, note="已转接成功",
            by=operator, at=soon,
        )  # fmt: skip
        return
    dispatch_ticket(ticket, choice=choice, by=operator, at=soon)
    if sample.way == "dispatched":
        return
    clerk = people[f"clerk-{sample.unit}"]
    if sample.way == "returned":
        return_ticket(
            ticket, reason=sample.words, basis="市州河道管理职责分工",
            suggested_unit=Unit.objects.get(code="630100-water"), by=clerk,
            at=_moment(sample.days_ago - 1, 10, index),
        )  # fmt: skip
        return
    sign_ticket(ticket, by=clerk, at=_moment(sample.days_ago - 1, 9, 30))
    if sample.way in ("handling", "signed_late"):
        return
    replied_at = _moment(max(sample.days_ago - 3, 0), 16, index)
    reply_to_ticket(ticket, text=sample.words, by=clerk, at=replied_at)
    if sample.way == "replied":
        return
    checked_at = replied_at + dt.timedelta(minutes=40)
    check_reply(ticket, verdict=Verdict.APPROVED, note="", by=operator, at=checked_at)
    if sample.way == "callback":
        return
    record_callback(
        ticket, result=CallbackResult(True, True, Rating.GOOD), note="群众表示认可", by=supervisor,
        at=checked_at + dt.timedelta(minutes=30),
    )  # fmt: skip


def _choice(sample: Sample) -> Choice:
    platform = {"declined": "不予受理", "transferred": "110"}.get(
        sample.way, Platform.HOTLINE.value
    )
    return Choice(
        platform=platform,
        item=Item.objects.current().get(code=sample.item) if sample.item else None,
        region=Region.objects.get(code=sample.region) if sample.region else None,
        handling_class=sample.handling_class,
        lead_unit=Unit.objects.get(code=sample.unit) if sample.unit else None,
    )


def _moment(working_days_ago: int, hour: int, minute: int) -> dt.datetime:
    """That many working days ago at hour:minute, but never in the future."""
    now = timezone.localtime()
    calendar = working_calendar()
    day = now.date()
    left = working_days_ago
    while left > 0 or not calendar.is_workday(day, (PROVINCE,)):
        day -= dt.timedelta(days=1)
        if calendar.is_workday(day, (PROVINCE,)):
            left -= 1
    moment = now.replace(
        year=day.year, month=day.month, day=day.day, hour=hour, minute=minute, second=0,
        microsecond=0,
    )  # fmt: skip
    return min(moment, now)
