"""The fine items of attachments 1 and 2."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.fields import ReadableEncoder
from catalog.models.hotlines import Hotline
from catalog.models.published import Published
from catalog.models.units import Unit
from catalog.rules.entries import Platform


class Item(Published):
    code = models.CharField("代码", max_length=20)
    platform = models.CharField(
        "平台", max_length=5, choices=[(platform.value, platform.value) for platform in Platform]
    )
    category = models.CharField("类别", max_length=80)
    type = models.CharField("类型", max_length=40)
    name = models.CharField("细类", max_length=60)
    title = models.CharField("显示名称", max_length=60)
    printed = models.CharField(
        "文件原文", max_length=200, blank=True, help_text="与细类用字不同时填写"
    )
    keywords = models.JSONField("关键词", default=list, blank=True, encoder=ReadableEncoder)
    lead_line = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_items",
        verbose_name="主办条线",
    )
    co_lines = models.ManyToManyField(
        Unit, blank=True, related_name="joined_items", verbose_name="协办条线"
    )
    hotline = models.ForeignKey(
        Hotline, models.PROTECT, null=True, blank=True, verbose_name="专业热线"
    )

    open_line = models.BooleanField(
        "条线随内容而定", default=False, help_text="各条线都可能承办的事项，如政策咨询、服务态度"
    )
    lines_source = models.CharField(
        "条线与热线的依据", max_length=40, blank=True, help_text="文件未将事项对应到单位"
    )

    history = HistoricalRecords(m2m_fields=[co_lines])

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="item_code_from")
        ]

    def __str__(self) -> str:
        return f"{self.type} / {self.title}"
