"""What this installation knows of its router: trained models, and the thresholds it decides by."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

THRESHOLD_NAMES = {
    "automatic": "达到此值可直接采用",
    "suggestion": "达到此值供选择，低于此值请人工判断",
    "alarm": "模型认为属于110的概率达到此值且紧急时，先按110处理并人工核实",
    "alarm_urgent": "上一项所说的“紧急”概率",
    "exclusion": "不予受理的规则需要模型至少有此把握",
    "conference": "12345与110的概率都达到此值时，建议三方通话",
    "emergency_odds": "来电中110一侧的先验比重",
    "letter_odds": "来信中110一侧的先验比重",
    "doubt_odds": "提到危险但属过去、疑问等时，110一侧的先验比重",
    "urgent": "模型单独认定紧急的概率",
    "complex": "模型单独认定复杂的概率",
    "line": "条线不定的事项，内容判断的条线达到此值即采用",
}


class ModelVersion(models.Model):
    """A trained model on disk, and whether it answers now. At most one row is active."""

    name = models.CharField("名称", max_length=60, unique=True)
    sha256 = models.CharField("文件指纹", max_length=64)
    card = models.JSONField("说明", default=dict)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    activated_at = models.DateTimeField("启用时间", null=True, blank=True)
    is_active = models.BooleanField("正在使用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "分派模型"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="one_active_model"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Threshold(models.Model):
    """A probability that the router decides by: a local setting, with its history."""

    name = models.CharField("名称", max_length=20, unique=True, choices=THRESHOLD_NAMES.items())
    value = models.FloatField(
        "数值", validators=[MinValueValidator(0.0), MaxValueValidator(1.0)], help_text="0 到 1"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "分派阈值（本地设置）"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_name_display()


class ConfirmedExample(models.Model):
    """A text and what people decided about it: what the router learns from beside its corpus.

    One row a source (a ticket), the newest decision counts. `text` has people's data masked.
    """

    source = models.CharField("来源", max_length=80, unique=True)
    text = models.TextField("内容")
    item_code = models.CharField("事项或不予受理情形", max_length=20)
    platform = models.CharField("平台", max_length=8)
    line = models.CharField("条线", max_length=40, blank=True)
    urgent = models.BooleanField("紧急")
    region = models.CharField("地区代码", max_length=12, blank=True)
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = verbose_name_plural = "已确认的例句"
        ordering = ["id"]
        indexes = [models.Index(fields=["confirmed_at"])]
