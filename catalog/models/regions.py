"""Administrative regions by GB/T 2260 code."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.fields import ReadableEncoder
from catalog.models.published import Published
from catalog.rules.entries import RegionLevel

REGION_LEVEL_NAMES = {
    RegionLevel.PROVINCE: "省",
    RegionLevel.PREFECTURE: "市州",
    RegionLevel.COUNTY: "县市区",
    RegionLevel.TOWNSHIP: "乡镇街道",
}


class Region(Published):
    code = models.CharField("行政区划代码", max_length=9, unique=True)
    name = models.CharField("名称", max_length=40)
    short_names = models.JSONField("简称", default=list, blank=True, encoder=ReadableEncoder)
    former_names = models.JSONField("曾用名", default=list, blank=True, encoder=ReadableEncoder)
    former_codes = models.JSONField("曾用代码", default=list, blank=True, encoder=ReadableEncoder)
    level = models.CharField(
        "层级",
        max_length=12,
        choices=[(level.value, name) for level, name in REGION_LEVEL_NAMES.items()],
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级地区",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "地区"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
