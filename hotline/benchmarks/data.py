"""Rows to measure on: a few tickets made through the actions, then copied in the database.

A database is the benchmarks' own when every ticket in it was made by the account `OPERATOR`, which
nobody can log in with. A mark beside the tickets would still say "ours" after somebody had begun to work
there in earnest; the tickets themselves cannot.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count, cycle, islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from django.utils import timezone

from catalog.models import Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass
from catalog.rules.roles import Role
from catalog.snapshot import current_catalogue
from hotline.actions.decide import Choice, answer_at_once
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.handle import reply_to_ticket, sign_ticket
from hotline.actions.intake import Intake, register_ticket
from hotline.benchmarks.measure import BenchError, Say
from hotline.models import Assignment, Clock, Ticket
from hotline.rules.intake import Channel
from routing.models import ConfirmedExample

OPERATOR, SUPERVISOR, CLERK = "bench-operator", "bench-supervisor", "bench-clerk"
PROVINCE, CITY = "630000", "630100"
# So many units share the tickets.
UNITS = 20
# Made tickets for each unit: (how far it has got, how many of 24 copies are like it). Half are open.
SHARES = (("registered", 1), ("dispatched", 3), ("handling", 6), ("replied", 2), ("closed", 12))
# Copied tickets are numbered from here on; the real numbers begin with the year.
FIRST_NUMBER = 990_000_000_000
# Rows copied by one statement.
CHUNK = 50_000
TEXT_LENGTH = 120

_PLACES = (
    *("西宁市城中区南大街", "城东区康乐小区", "格尔木市昆仑路", "海东市乐都区碾伯镇", "德令哈市"),
    *("玉树市结古街道", "大通县桥头镇", "湟中区多巴镇", "共和县恰卜恰镇", "同仁市隆务镇"),
)
_TIMES = ("从上周五开始", "昨天晚上十点多", "连续三天早上", "这个月以来", "今天中午")
_WORDS = (
    "多次联系都没有人处理，老人和孩子受到很大影响。",
    "之前打过电话，对方说会派人来看，一直没有来。",
    "附近的住户都很着急，希望尽快安排人到现场看一看。",
    "想问一下应该由哪个部门负责，需要准备什么材料。",
)


@dataclass(frozen=True, slots=True)
class Way:
    """How one ticket is made: by which unit's people, how far, when it began."""

    stage: str
    clerk: Staff
    item: Item
    begun: dt.datetime
    handling_class: HandlingClass = HandlingClass.GENERAL


def check_database() -> None:
    """Raises BenchError when there are tickets that the benchmarks did not make."""
    if Ticket._meta.db_table not in connection.introspection.table_names():
        return
    others = Ticket.objects.exclude(created_by__username=OPERATOR)
    if others.exists():
        raise BenchError(
            f"数据库 {connection.settings_dict['NAME']} 中有不是测速程序建立的工单，不会在其中测速。"
            "请另建一个空数据库，以 DATABASE_URL 指定；用 SQLite 时以 VAR_DIR 指定另一个目录。"
        )


def empty_database() -> None:
    """Remove every ticket, with all that hangs on it, and what the router would learn from them. After
    `check_database`, which says that they are all the benchmarks' own."""
    if Ticket.objects.exists():
        tables = [Ticket._meta.db_table]
        statements = connection.ops.sql_flush(
            no_style(), tables, reset_sequences=True, allow_cascade=True
        )
        connection.ops.execute_sql_flush(statements)
    ConfirmedExample.objects.all().delete()


def fill_queues(rows: int, say: Say) -> None:
    """`rows` tickets in the hands of `UNITS` units, from today's to seven weeks old."""
    begun = timezone.now()
    clerks = [clerk_of(unit) for unit in _units()]
    items = list(Item.objects.current().filter(platform="12345")[: 4 * UNITS])
    age, item, left = count(), cycle(items), rows
    parts = len(clerks) * sum(share for _, share in SHARES)
    for number, clerk in enumerate(clerks, 1):
        for stage, share in SHARES:
            moment = begun - dt.timedelta(days=next(age) * 7 % 50, hours=1)
            wanted = min(-(-rows * share // parts), left)
            if wanted:
                ticket = make_ticket(Way(stage, clerk, next(item), moment))
                copy_ticket(ticket, wanted - 1)
                left -= wanted
        say(f"已建立 {rows - left} / {rows} 张工单（{number} / {len(clerks)} 个单位）")
    refresh_statistics()


def make_ticket(way: Way) -> Ticket:
    """One ticket through the actions."""
    operator, clerk = operator_account(), way.clerk
    assert clerk.unit is not None
    text = next(texts(way.begun.isoformat()))
    key = f"bench-{way.begun.isoformat()}-{clerk.pk}-{way.stage}"
    ticket, _ = register_ticket(
        intake=Intake(content=text, channel=Channel.PHONE, phone="13800000001", name="示例来电人"),
        key=key, by=operator, at=way.begun,
    )  # fmt: skip
    choice = Choice(
        platform="12345", item=way.item, region=clerk.unit.region,
        handling_class=way.handling_class, lead_unit=clerk.unit,
    )  # fmt: skip
    later = way.begun + dt.timedelta(minutes=10)
    if way.stage == "closed":
        choice = replace(choice, lead_unit=None)
        answer_at_once(ticket, choice=choice, answer="已答复。", by=operator, at=later)
    if way.stage in ("dispatched", "handling", "replied"):
        dispatch_ticket(ticket, choice=choice, by=operator, at=later)
    if way.stage in ("handling", "replied"):
        sign_ticket(ticket, by=clerk, at=later)
    if way.stage == "replied":
        reply_to_ticket(ticket, text="已办理。", by=clerk, at=later)
    return ticket


def copy_ticket(ticket: Ticket, times: int, say: Say = lambda line: None) -> None:
    """`times` tickets more like this one, with its assignments and clocks, written by the database
    itself. They have no history: no events, no suggestion."""
    for done in range(0, times, CHUNK):
        chunk = min(CHUNK, times - done)
        first = (Ticket.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        new = f"({first} + series.n)"
        with _references_taken_as_good():
            _copy_rows(Ticket, "id", ticket, chunk, {
                "id": new,
                "number": f"CAST({FIRST_NUMBER} + {new} AS varchar(16))",
                "idempotency_key": f"'bench-copy-' || CAST({new} AS varchar(16))",
                "event_count": "0",
                "event_hash": "''",
            })  # fmt: skip
            for model in (Assignment, Clock):
                _copy_rows(model, "ticket_id", ticket, chunk, {"ticket_id": new})
        _move_sequence_on()
        say(f"已建立 {done + chunk} / {times} 张工单")


def _copy_rows(
    model: type[models.Model], key: str, ticket: Ticket, times: int, values: Mapping[str, str]
) -> None:
    """Copies of the rows of `model` whose `key` is the ticket. `values`: column to expression."""
    columns = [
        column
        for field in model._meta.concrete_fields
        if (column := str(field.column)) in values or not field.primary_key
    ]
    picked = [values.get(column, f"source.{column}") for column in columns]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            "WITH RECURSIVE series(n) AS "
            "(SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < %s) "
            f"SELECT {', '.join(picked)} FROM {table} AS source, series WHERE source.{key} = %s",
            [times, ticket.pk],
        )


@contextmanager
def _references_taken_as_good() -> Iterator[None]:
    """Copies of good rows are good: PostgreSQL need not look up what each refers to, where the account
    may tell it so. That halves the time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone() == (True,):
                cursor.execute("SET session_replication_role = replica")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("RESET session_replication_role")


def _move_sequence_on() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Ticket]):
            cursor.execute(statement)


def refresh_statistics() -> None:
    """What the database does by itself a while after much was written, done now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def operator_account() -> Staff:
    return _account(OPERATOR, role=Role.OPERATOR, region=Region.objects.get(code=PROVINCE))


def supervisor_account() -> Staff:
    return _account(SUPERVISOR, role=Role.SUPERVISOR, region=Region.objects.get(code=PROVINCE))


def clerk_of(unit: Unit) -> Staff:
    return _account(f"{CLERK}-{unit.code}", role=Role.UNIT_CLERK, unit=unit)


def first_clerk() -> Staff:
    """Of a unit that has as many tickets as the others."""
    return clerk_of(_units()[0])


def texts(seed: str = "bench") -> Iterator[str]:
    """Invented matters without end, each of 120 characters: places, times, items of the catalogue."""
    chance = random.Random(seed)
    titles = [item.title for item in current_catalogue().items.values()]
    while True:
        text = f"{chance.choice(_PLACES)}，{chance.choice(_TIMES)}，反映{chance.choice(titles)}的问题："
        while len(text) < TEXT_LENGTH:
            text += chance.choice(_WORDS) + f"另外{chance.choice(titles)}也没有人管。"
        yield text[:TEXT_LENGTH]


def _units() -> list[Unit]:
    """Of one city, so that each has its own region's calendar; the same ones each time."""
    return list(
        Unit.objects.current().filter(region__code=CITY).select_related("region").order_by("code")
    )[:UNITS]


def _account(username: str, **columns: Any) -> Staff:
    person, made = Staff.objects.get_or_create(
        username=username, defaults={"first_name": "测速账号", **columns}
    )
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    return person


def some_texts(number: int) -> list[str]:
    return list(islice(texts(), number))
