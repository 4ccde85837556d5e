"""Limits and the escalation ladder, as rows with a period in which they hold."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.published import Published
from catalog.rules.limits import (
    CLASS_NAMES,
    RUNG_NAMES,
    STEP_NAMES,
    TRIGGER_NAMES,
)
from catalog.rules.roles import ROLE_NAMES


class TimeLimit(Published):
    """How long one step may take, in working days, by the ticket's class."""

    step = models.CharField(
        "环节", max_length=12, choices=[(step.value, name) for step, name in STEP_NAMES.items()]
    )
    handling_class = models.CharField(
        "办理类别",
        max_length=14,
        blank=True,
        choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()],
        help_text="空：各类别通用",
    )
    min_days = models.PositiveSmallIntegerField("最短（工作日）")
    default_days = models.PositiveSmallIntegerField("默认（工作日）")
    max_days = models.PositiveSmallIntegerField("最长（工作日）")
    quote = models.CharField("原文", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "办理时限"
        ordering = ["step", "handling_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "handling_class", "valid_from"], name="limit_step_class_from"
            ),
            models.CheckConstraint(
                condition=models.Q(min_days__lte=models.F("default_days"))
                & models.Q(default_days__lte=models.F("max_days")),
                name="limit_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.get_handling_class_display()}".strip()


class EscalationStep(Published):
    """One rung of the ladder: when it comes, and to whom the notice goes."""

    code = models.CharField("代码", max_length=30)
    step = models.CharField(
        "环节",
        max_length=12,
        blank=True,
        choices=[(step.value, name) for step, name in STEP_NAMES.items()],
        help_text="空：各环节通用",
    )
    rung = models.CharField(
        "措施", max_length=12, choices=[(rung.value, name) for rung, name in RUNG_NAMES.items()]
    )
    trigger = models.CharField(
        "触发",
        max_length=12,
        choices=[(value.value, name) for value, name in TRIGGER_NAMES.items()],
    )
    offset_days = models.PositiveSmallIntegerField("超期后（工作日）", default=0)
    audience = models.CharField(
        "送达",
        max_length=20,
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "催办督办阶梯"
        ordering = ["trigger", "offset_days", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="ladder_code_from")
        ]

    def __str__(self) -> str:
        return self.code
