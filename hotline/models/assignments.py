"""Which unit has the ticket, and what it did with it."""

from django.conf import settings
from django.db import models

from catalog.models import Unit
from hotline.models.tickets import Ticket
from hotline.rules.assignments import PART_NAMES, VERDICT_NAMES, Part


class Assignment(models.Model):
    """One unit's part in one dispatch. `ended_at` set: the unit no longer has it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    part = models.CharField(
        "分工", max_length=4, choices=[(part.value, name) for part, name in PART_NAMES.items()]
    )
    assigned_at = models.DateTimeField("派单时间")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    replied_at = models.DateTimeField("答复时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    # A refused return is final for that unit (design, section 3.5).
    may_return = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(part=Part.LEAD.value, ended_at__isnull=True),
                name="one_lead_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["ticket", "unit"],
                condition=models.Q(ended_at__isnull=True),
                name="unit_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["unit", "ticket"], name="assignment_unit")]


class Reply(models.Model):
    """What a unit answered. The lead's is checked by the hotline; a co-handler's goes to the lead."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="replies")
    text = models.TextField("办理结果")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    verdict = models.CharField(
        "审核",
        max_length=10,
        blank=True,
        choices=[(value.value, name) for value, name in VERDICT_NAMES.items()],
    )
    verdict_note = models.TextField("审核意见", blank=True)

    class Meta:
        ordering = ["id"]
