"""What people wait for: a text routed, and four requests through the whole of the web side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from catalog.models import Item, Staff
from hotline.benchmarks.data import (
    first_clerk,
    operator_account,
    some_texts,
    supervisor_account,
)
from hotline.benchmarks.measure import BenchError, Figures, measure
from hotline.models import Ticket
from routing.service import route

WARM_UP = 5


def bench_route(requests: int) -> Figures:
    """`route()` alone, on invented texts of 120 characters."""
    texts = some_texts(requests + WARM_UP)
    return measure(requests, [partial(route, text) for text in texts], warm_up=WARM_UP)


def bench_suggest(requests: int) -> Figures:
    """What the operator's page asks while a text is being typed."""
    posts = [{"content": text} for text in some_texts(requests + WARM_UP)]
    return _requests(operator_account(), "suggest", posts)


def bench_create(requests: int) -> Figures:
    """The operator's form sent: a ticket registered and given to a unit, in one transaction."""
    item = Item.objects.current().filter(platform="12345")[0]
    unit = first_clerk().unit
    assert unit is not None
    rows = Ticket.objects.count()
    posts = [
        {
            "key": f"bench-{rows}-{number}",
            "phone": f"1380000{number % 10_000:04d}",
            "channel": "phone",
            "content": text,
            "way_out": "dispatch",
            "item": item.code,
            "region": unit.region.code,
            "handling_class": "general",
            "lead_unit": unit.code,
        }
        for number, text in enumerate(some_texts(requests + WARM_UP))
    ]
    return _requests(operator_account(), "desk", posts, answer=302)


def bench_queue(requests: int) -> Figures:
    """The first page of a unit's queue."""
    return _requests(first_clerk(), "queue", [None] * (requests + WARM_UP))


def bench_board(requests: int) -> Figures:
    """The board of the whole province."""
    return _requests(supervisor_account(), "board", [None] * (requests + WARM_UP))


def _requests(
    user: Staff, view: str, posts: Sequence[Mapping[str, Any] | None], answer: int = 200
) -> Figures:
    """Requests of one person through every middleware: a GET where there is nothing to post."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    client = Client(headers={"host": host})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    url = reverse(view)

    def ask(post: Mapping[str, Any] | None) -> None:
        response = client.get(url) if post is None else client.post(url, post)
        if response.status_code != answer:
            raise BenchError(f"{url} 应答 {response.status_code}，应为 {answer}，测速中止。")

    return measure(Ticket.objects.count(), [partial(ask, post) for post in posts], warm_up=WARM_UP)
