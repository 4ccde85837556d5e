"""The ticket: one request of one caller."""

from django.conf import settings
from django.db import models

from catalog.models import Item, Region, Unit
from catalog.rules.limits import CLASS_NAMES, HandlingClass
from catalog.rules.masking import mask_address
from hotline.models.callers import Caller
from hotline.models.fields import EncryptedTextField
from hotline.rules.feedback import RESULT_BY_LAW_NAMES
from hotline.rules.intake import CHANNEL_NAMES, REQUEST_TYPE_NAMES
from hotline.rules.states import OPEN_STATES, OVER_STATES, STATE_NAMES, State


class Ticket(models.Model):
    """`state` and `version` are written by `actions.transition` alone. What is confirmed about the
    matter (item, region, urgency) is kept here as it is now; how it came about, in Decision rows."""

    number = models.CharField("工单编号", max_length=16, unique=True, null=True, blank=True)
    state = models.CharField(
        "状态",
        max_length=12,
        choices=[(state.value, name) for state, name in STATE_NAMES.items()],
        default=State.DRAFT,
    )
    version = models.PositiveIntegerField(default=1)

    # The hotline centre that took the call and keeps the ticket: its region.
    center = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="受理热线")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="受理人"
    )
    # One submission, one ticket: the form's or the client's own key, unique for who sends it.
    idempotency_key = models.CharField(max_length=80)
    # What was sent under that key, so that the same key with other words is refused.
    request_digest = models.CharField(max_length=64, blank=True, default="")

    channel = models.CharField(
        "渠道", max_length=12, choices=[(key.value, name) for key, name in CHANNEL_NAMES.items()]
    )
    request_type = models.CharField(
        "诉求类型",
        max_length=12,
        blank=True,
        choices=[(key.value, name) for key, name in REQUEST_TYPE_NAMES.items()],
    )
    caller = models.ForeignKey(
        Caller,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="来电人",
    )
    title = models.CharField("标题", max_length=80, blank=True)
    # Numbers of people masked: what lists, searches and screens use.
    content = models.TextField("内容", blank=True)
    # The caller's words as written, for who has to act on them and says why.
    content_original = EncryptedTextField("内容原文", blank=True, default="")
    address = EncryptedTextField("地址", blank=True, default="")
    is_confidential = models.BooleanField("保密", default=False)

    platform = models.CharField("平台", max_length=8, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, verbose_name="事项")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事发地区"
    )
    handling_class = models.CharField(
        "办理类别",
        max_length=14,
        choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()],
        default=HandlingClass.GENERAL,
    )
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    # Merged into this one, which is answered for both; set while the state is MERGED and after.
    master = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="主单"
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="拆自"
    )
    # Since the ticket was last opened.
    reworks = models.PositiveSmallIntegerField("重办次数", default=0)
    reopened = models.PositiveSmallIntegerField("重新受理次数", default=0)
    # Mediation and enforcement: the law sets the result, satisfaction is not counted.
    result_by_law = models.CharField(
        "依法处置类别",
        max_length=12,
        blank=True,
        choices=[(kind.value, name) for kind, name in RESULT_BY_LAW_NAMES.items()],
    )
    # What the citizen is told in the end.
    outcome = models.TextField("答复内容", blank=True)

    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    received_at = models.DateTimeField("受理时间", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    # Until when a closed ticket may be opened again; then it is archived.
    reopen_until = models.DateTimeField("可重新受理至", null=True, blank=True)
    # When the clock ends that somebody must act on now; for queues. From Clock rows, never typed.
    due_at = models.DateTimeField("当前时限", null=True, blank=True)

    # The tail of the chain of events: `actions.events` appends against it.
    event_count = models.PositiveIntegerField(default=0)
    event_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "idempotency_key"], name="ticket_once_per_key"
            ),
            models.CheckConstraint(
                name="registered_ticket_has_number",
                condition=models.Q(state__in=[State.DRAFT.value, State.DISCARDED.value])
                | models.Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="merged_ticket_has_master",
                condition=~models.Q(state=State.MERGED.value) | models.Q(master__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="ticket_state_due"),
            # What is late comes first on the boards, whatever state it is in.
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state__in=sorted(state.value for state in OPEN_STATES)),
                name="ticket_open_due",
            ),
            models.Index(fields=["lead_unit", "state", "due_at"], name="ticket_unit_state_due"),
            models.Index(fields=["caller", "-id"], name="ticket_caller"),
            models.Index(fields=["received_at"], name="ticket_received"),
            models.Index(fields=["closed_at"], name="ticket_closed"),
            models.Index(
                fields=["reopen_until"],
                condition=models.Q(state=State.CLOSED.value),
                name="ticket_to_archive",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "草稿"

    @property
    def is_over(self) -> bool:
        return State(self.state) in OVER_STATES

    @property
    def urgent(self) -> bool:
        return self.handling_class == HandlingClass.URGENT

    @property
    def masked_address(self) -> str:
        return mask_address(self.address)


class NumberCounter(models.Model):
    """The day's last serial number of tickets."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
