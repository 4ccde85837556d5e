"""What a unit asks of the hotline while it works, and what it is answered."""

from django.conf import settings
from django.db import models

from catalog.models import Unit
from hotline.models.assignments import Assignment
from hotline.models.clocks import Clock
from hotline.models.fields import EncryptedTextField
from hotline.models.tickets import Ticket
from hotline.rules.assignments import RULING_NAMES
from hotline.rules.endings import GROUND_NAMES


class Request(models.Model):
    """Something that one person asks for and another rules on; `ruling` is empty until then."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ruling = models.CharField(
        "裁定",
        max_length=10,
        blank=True,
        choices=[(value.value, name) for value, name in RULING_NAMES.items()],
    )
    ruling_note = models.TextField("裁定意见", blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]


class ReturnRequest(Request):
    """A unit's request to be rid of a ticket, with the ground for it, and the hotline's ruling."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="return_requests")
    reason = models.TextField("退单理由")
    basis = models.CharField("目录依据", max_length=200)
    suggested_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)


class ExtensionRequest(Request):
    """More time asked for one limit, once (青政办〔2022〕88号 三（四）4)."""

    clock = models.OneToOneField(Clock, models.CASCADE, related_name="extension")
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField("申请延长（工作日）")
    reason = models.TextField("延时说明")
    granted_days = models.PositiveSmallIntegerField("批准延长（工作日）", default=0)


class Supplement(models.Model):
    """What the unit wants the caller to be asked, and what the caller said."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="supplements")
    question = models.TextField("需要来电人补充的内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reached = models.BooleanField("联系上来电人", null=True, blank=True)
    # As of a ticket's content: masked for the screens, and as it was said.
    answer = models.TextField("补充内容", blank=True)
    answer_original = EncryptedTextField("补充内容原文", blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class EndProposal(Request):
    """A repeated or groundless request that one person wants to end and another approves."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="end_proposals")
    ground = models.CharField(
        "情形", max_length=12, choices=[(one.value, name) for one, name in GROUND_NAMES.items()]
    )
    # The ticket in which the matter was answered before.
    earlier = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="此前工单"
    )
    reason = models.TextField("理由")
