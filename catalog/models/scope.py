"""What 12345 and 110 accept, and what 12345 does not."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.published import Published
from catalog.rules.entries import Platform


class Clause(Published):
    code = models.CharField("代码", max_length=20, unique=True)
    platform = models.CharField(
        "平台", max_length=5, choices=[(platform.value, platform.value) for platform in Platform]
    )
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("条款", max_length=40)
    text = models.TextField("原文")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "受理范围条款"
        ordering = ["platform", "number"]

    def __str__(self) -> str:
        return f"{self.platform} {self.label}"


class Exclusion(Published):
    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("不予受理的事项", max_length=40)
    route = models.CharField("合法途径", max_length=120)
    guidance = models.TextField("答复话术")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "不予受理事项"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
