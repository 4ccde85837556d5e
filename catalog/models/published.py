"""What every published row has: where it is printed and from when to when it holds."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class PublishedQuerySet(models.QuerySet[Any]):
    def on(self, day: dt.date) -> Self:
        """Rows that hold on `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def current(self) -> Self:
        return self.on(timezone.localdate())


class Published(models.Model):
    """A row of law or policy. A change closes the old row (`valid_to`) and opens a new one with the
    same code, so that what refers to the old row keeps what was promised."""

    document = models.CharField("文件", max_length=80, help_text="如 青政办〔2022〕88号")
    place = models.CharField("出处", max_length=120, help_text="如 附件1·社会保险·第2项")
    is_local = models.BooleanField(
        "本地设置", default=False, help_text="文件未规定、由本热线自行设定的内容"
    )
    valid_from = models.DateField("生效日期", default=dt.date(2022, 10, 10))
    valid_to = models.DateField("失效日期", null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
