"""Every promise of time, as a row."""

import datetime as dt

from django.db import models

from catalog.models import Region, TimeLimit, Unit
from catalog.rules.limits import CLASS_NAMES, RUNG_NAMES, STEP_NAMES, Step
from catalog.rules.roles import ROLE_NAMES
from hotline.models.tickets import Ticket
from hotline.rules.clocks import CLOCK_STATE_NAMES, ClockState


class Clock(models.Model):
    """One step's limit. `rungs` is the ladder as planned when the limit was set:
    [{"code", "rung", "audience", "at"}]; `next_rung_at` is the first that is not yet noticed, and
    all that the sweep looks at."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks")
    step = models.CharField(
        "环节", max_length=12, choices=[(step.value, name) for step, name in STEP_NAMES.items()]
    )
    limit = models.ForeignKey(TimeLimit, models.PROTECT, related_name="+")
    handling_class = models.CharField(
        max_length=14, choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()]
    )
    # Who must act: the unit, or the hotline centre when empty.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="+", help_text="按此地的日历计算"
    )
    days = models.PositiveSmallIntegerField("工作日")
    started_at = models.DateTimeField("起算")
    due_at = models.DateTimeField("到期")
    counted = models.JSONField(default=list)
    skipped = models.JSONField(default=list)
    is_provisional = models.BooleanField("暂定日历", default=False)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, name) for state, name in CLOCK_STATE_NAMES.items()],
        default=ClockState.RUNNING,
    )
    ended_at = models.DateTimeField("结束", null=True, blank=True)
    rungs = models.JSONField(default=list)
    next_rung_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "step"],
                condition=models.Q(state=ClockState.RUNNING.value),
                name="one_running_clock_per_step",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_rung_at"],
                condition=models.Q(state=ClockState.RUNNING.value, next_rung_at__isnull=False),
                name="clock_next_rung",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def was_late(self) -> bool:
        """Ended after its limit."""
        return self.ended_at is not None and self.ended_at > self.due_at

    def is_late(self, now: dt.datetime) -> bool:
        """Past its limit, ended or not."""
        return (self.ended_at or now) > self.due_at

    @property
    def binds_unit(self) -> bool:
        return Step(self.step) in (Step.SIGN, Step.HANDLE)


class Notice(models.Model):
    """A rung of the ladder that was reached: shown in the inbox of whom it is for. Once a clock."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="notices")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=30)
    rung = models.CharField(
        "措施", max_length=12, choices=[(rung.value, name) for rung, name in RUNG_NAMES.items()]
    )
    audience = models.CharField(
        max_length=20, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    # For the people of this unit, or of this hotline centre when empty.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="notices")
    center = models.ForeignKey(Region, models.PROTECT, related_name="+")
    text = models.CharField("内容", max_length=300)
    planned_at = models.DateTimeField("应发时间")
    sent_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "code"], name="notice_once_per_rung")
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="notice_unit"),
            models.Index(fields=["center", "audience", "-id"], name="notice_center"),
        ]

    def __str__(self) -> str:
        return self.text
