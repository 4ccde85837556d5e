"""Demo accounts and sample tickets: made through the same actions as real ones, and marked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token

from catalog.models import Region, Staff, Unit
from catalog.rules.roles import ROLE_NAMES, Role
from hotline.management.demo_calls import CALLS
from hotline.management.demo_lives import LIVES
from hotline.management.demo_story import CITY, PROVINCE, Stage, Story
from hotline.models import Ticket

PASSWORD = "demo-12345"
# Who is named when it is done: one of each workplace.
NAMED = (
    "operator", "supervisor", "housing", "housing-leader", "government", "admin",
)  # fmt: skip


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
            made = 0 if Ticket.objects.exists() else _play_all(people)
        if made:
            self.stdout.write(f"已建立 {made} 张示例工单。")
        self.stdout.write("演示账号（密码均为 " + PASSWORD + "）：")
        for username in NAMED:
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
        "supervisor-2": {
            "first_name": "督办员乙", "role": Role.SUPERVISOR, "region": regions[PROVINCE],
        },
        "government": {
            "first_name": "督查员甲", "role": Role.GOVERNMENT, "region": regions[PROVINCE],
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


def _play_all(people: dict[str, Staff]) -> int:
    """Every call, as far as it has got, the oldest first; how many."""
    stage = Stage(people)
    for index, call in sorted(enumerate(CALLS), key=lambda one: -one[1].days_ago):
        story = Story(index, call, stage)
        LIVES[call.life](story)
        stage.tickets[call.life] = story.ticket
    return len(CALLS)
