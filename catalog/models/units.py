"""Bodies that can be given a ticket."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.fields import ReadableEncoder
from catalog.models.published import Published
from catalog.models.regions import Region
from catalog.rules.entries import UnitKind, UnitLevel

UNIT_KIND_NAMES = {
    UnitKind.GOVERNMENT: "人民政府",
    UnitKind.DEPARTMENT: "职能部门",
    UnitKind.ENTERPRISE: "企事业单位",
}
UNIT_LEVEL_NAMES = {
    UnitLevel.PROVINCE: "省级",
    UnitLevel.PREFECTURE: "市州级",
    UnitLevel.COUNTY: "县级",
}


class Unit(Published):
    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    short_names = models.JSONField("简称", default=list, blank=True, encoder=ReadableEncoder)
    kind = models.CharField(
        "性质",
        max_length=12,
        choices=[(kind.value, name) for kind, name in UNIT_KIND_NAMES.items()],
    )
    level = models.CharField(
        "层级",
        max_length=12,
        choices=[(level.value, name) for level, name in UNIT_LEVEL_NAMES.items()],
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="所在地区")
    line = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name="条线",
        help_text="业务上所属的省级成员单位",
    )
    is_sample = models.BooleanField("示例", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "承办单位"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name}（示例）" if self.is_sample else self.name
