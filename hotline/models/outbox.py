"""What waits to be told outside the screens, and background work that failed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from hotline.models.callers import Caller
from hotline.models.clocks import Notice
from hotline.models.tickets import Ticket
from hotline.rules.dead_letters import LetterState
from hotline.rules.messages import (
    MESSAGE_CHANNEL_NAMES,
    MESSAGE_STATE_NAMES,
    MessageState,
)


class Message(models.Model):
    """One message to one person. The address is looked up at delivery, so that no personal data lies
    here; `last_error` is in our own words and names no address either."""

    # One occasion, one message; also what the other side tells a repetition by.
    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(
        "方式",
        max_length=5,
        choices=[(channel.value, name) for channel, name in MESSAGE_CHANNEL_NAMES.items()],
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    caller = models.ForeignKey(Caller, models.PROTECT, null=True, blank=True, related_name="+")
    # Empty for one message about several tickets.
    ticket = models.ForeignKey(
        Ticket, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    # What it tells of. A notice is told to a person by one message, unless the step was done before it
    # went out.
    notices = models.ManyToManyField(Notice, related_name="messages")
    is_urgent = models.BooleanField(default=False)
    subject = models.CharField("标题", max_length=80, blank=True)
    text = models.CharField("内容", max_length=300)
    created_at = models.DateTimeField("产生时间")
    not_before = models.DateTimeField("不早于")
    state = models.CharField(
        "状态",
        max_length=9,
        choices=[(state.value, name) for state, name in MESSAGE_STATE_NAMES.items()],
        default=MessageState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    # Empty when nothing is to be tried any more.
    next_try_at = models.DateTimeField("下次尝试", null=True, blank=True)
    # A worker has it in hand, at most until then.
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField("最近一次失败", max_length=200, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="message_has_one_recipient",
                condition=Q(staff__isnull=False, caller__isnull=True)
                | Q(staff__isnull=True, caller__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_message_has_its_time",
                condition=Q(state=MessageState.WAITING.value, next_try_at__isnull=False)
                | (~Q(state=MessageState.WAITING.value) & Q(next_try_at__isnull=True)),
            ),
        ]
        indexes = [
            # Those that wait and no others, by the constraint; said so that SQLite sees it as well.
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="message_due",
            ),
            models.Index(fields=["state", "-id"], name="message_state"),
        ]

    def __str__(self) -> str:
        return self.key


class DeadLetter(models.Model):
    """Background work that failed. `kind` says whose work, `key` which piece of it (a clock's id).
    `error` holds no personal data. Written by `actions.dead_letters` alone."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="+")
    error = models.CharField(max_length=300)
    attempts = models.PositiveSmallIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in LetterState],
        default=LetterState.OPEN,
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(resolved_at__isnull=True),
                name="one_open_letter_per_work",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
