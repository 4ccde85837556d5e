"""Every promise of time, as a row."""

import datetime as dt

from django.db import models

from catalog.models import Region, TimeLimit, Unit
from catalog.rules.limits import CLASS_NAMES, RUNG_NAMES, STEP_NAMES, UNIT_STEPS, Step
from catalog.rules.roles import ROLE_NAMES
from hotline.models.tickets import Ticket
from hotline.rules.clocks import CLOCK_STATE_NAMES, ClockState, Pause

# The step is not done yet.
LIVE = [ClockState.RUNNING.value, ClockState.PAUSED.value]


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
    extra_days = models.PositiveSmallIntegerField("批准延期（工作日）", default=0)
    # [{"from", "to"}], ISO moments; "to" is null while the clock stands still.
    pauses = models.JSONField(default=list)
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
    # Empty while the clock does not run or is held.
    next_rung_at = models.DateTimeField(null=True, blank=True)
    # An extension was asked for in time and is not ruled on: nobody is told that the limit is over.
    is_held = models.BooleanField(default=False)
    # When the unit last did something about it: right after that, nobody urges.
    acted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "step"],
                condition=models.Q(state__in=LIVE) & ~models.Q(step=Step.ASSIST.value),
                name="one_running_clock_per_step",
            ),
            models.UniqueConstraint(
                fields=["ticket", "unit"],
                condition=models.Q(state__in=LIVE, step=Step.ASSIST.value),
                name="one_running_clock_per_co_unit",
            ),
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
    def pauses_over(self) -> tuple[Pause, ...]:
        """The stretches in which it stood still and that have ended."""
        return tuple(
            Pause(dt.datetime.fromisoformat(one["from"]), dt.datetime.fromisoformat(one["to"]))
            for one in self.pauses
            if one["to"]
        )

    @property
    def binds_unit(self) -> bool:
        return Step(self.step) in UNIT_STEPS


class Notice(models.Model):
    """Something that people must be told: shown in the inbox of whom it is for. A rung of the ladder
    comes once a clock; what a person sends (an urging, a supervise order) has no clock."""

    clock = models.ForeignKey(Clock, models.CASCADE, null=True, blank=True, related_name="notices")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=30)
    rung = models.CharField(
        "措施",
        max_length=12,
        blank=True,
        choices=[(rung.value, name) for rung, name in RUNG_NAMES.items()],
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
    # Urgent matters are told at any hour, others in office hours.
    is_urgent = models.BooleanField("紧急", default=False)
    # When it was put into messages to the people it is for (`actions.outbox`).
    told_at = models.DateTimeField(null=True, blank=True)
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
            models.Index(
                fields=["id"], condition=models.Q(told_at__isnull=True), name="notice_untold"
            ),
        ]

    def __str__(self) -> str:
        return self.text
