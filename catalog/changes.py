"""Changes of single rows of the catalogue by decision: the old row is closed, a new one opened."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Item, Unit
from catalog.versioning import bump_version

# The source of rows that a meeting of the units decided. Loading the files leaves them alone.
CONSULT_DOCUMENT = "会商纪要"


@transaction.atomic
def change_lead_line(item: Item, *, line: Unit, place: str, day: dt.date) -> Item:
    """From the day after `day` on, `line` leads `item`; what was promised before stays. Returns the
    new row, whose source is the meeting named by `place`. Decided twice on one day: the later holds."""
    starts = day + dt.timedelta(days=1)
    co_lines = list(item.co_lines.exclude(pk=line.pk))
    new, _ = Item.objects.update_or_create(
        code=item.code,
        valid_from=starts,
        defaults={
            "platform": item.platform,
            "category": item.category,
            "type": item.type,
            "name": item.name,
            "title": item.title,
            "printed": item.printed,
            "keywords": item.keywords,
            "hotline": item.hotline,
            "open_line": False,
            "lead_line": line,
            "lines_source": CONSULT_DOCUMENT,
            "document": CONSULT_DOCUMENT,
            "place": place,
            "is_local": True,
        },
    )
    new.co_lines.set(co_lines)
    for old in Item.objects.filter(code=item.code, valid_to__isnull=True).exclude(pk=new.pk):
        old.valid_to = day
        old.save(update_fields=["valid_to"])
    bump_version()
    return new
