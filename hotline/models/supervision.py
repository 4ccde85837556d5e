"""Disputes settled together, and orders to a unit."""

from django.conf import settings
from django.db import models

from catalog.models import Item, Unit
from hotline.models.clocks import Clock
from hotline.models.tickets import Ticket


class Consult(models.Model):
    """A meeting over who answers for a ticket (青政办〔2022〕88号 三（四）3): the units, the minutes, the
    decision, and the line that the catalogue's item is given from then on, if it is changed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="consults")
    question = models.TextField("争议问题")
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="参加单位")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    minutes = models.TextField("会商纪要", blank=True)
    # False: the units did not agree, and the first receiver keeps the ticket.
    agreed = models.BooleanField("达成一致", null=True, blank=True)
    decided_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办单位"
    )
    # The catalogue's row as it holds from the decision on.
    new_item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="调整后的事项"
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Set without `closed_by`: the ticket was over before the units decided.
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class SupervisionOrder(models.Model):
    """督办单: what the hotline demands of the unit's leader, by when, and what came back."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="orders")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="orders")
    clock = models.OneToOneField(Clock, models.PROTECT, related_name="order")
    demand = models.TextField("督办要求")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("下发时间")
    reply = models.TextField("回复", blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    closing_note = models.TextField("办结意见", blank=True)
    # Empty with `closed_at` set: it ended with the unit's part in the ticket.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_order_per_ticket",
            )
        ]
        indexes = [models.Index(fields=["closed_at", "-id"], name="order_open")]
