"""The 29 professional hotlines of 青政办〔2021〕48号."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.published import Published
from catalog.models.units import Unit
from catalog.rules.entries import HotlineMode

HOTLINE_MODE_NAMES = {
    HotlineMode.MERGED: "整体并入",
    HotlineMode.PARALLEL: "双号并行",
    HotlineMode.BRANCH: "设分中心",
}


class Hotline(Published):
    number = models.CharField("号码", max_length=8, unique=True)
    name = models.CharField("名称", max_length=40)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, verbose_name="主管成员单位"
    )
    unit_printed = models.CharField("主管单位（原文）", max_length=60)
    mode = models.CharField(
        "整合方式",
        max_length=10,
        choices=[(mode.value, name) for mode, name in HOTLINE_MODE_NAMES.items()],
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "专业热线"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
