"""What the router suggested and what a person chose: both are kept."""

from django.conf import settings
from django.db import models

from catalog.models import Item, Region, Unit
from catalog.rules.limits import CLASS_NAMES
from hotline.models.tickets import Ticket


class Suggestion(models.Model):
    """The router's answer to the text as it was registered. `answer` is Decision.to_json()."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="suggestions")
    answer = models.JSONField()
    model = models.CharField("模型版本", max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Decision(models.Model):
    """What a person confirmed, and whether it differs from what was suggested."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="decisions")
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, null=True, blank=True)
    platform = models.CharField("平台", max_length=8)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    handling_class = models.CharField(
        max_length=14, choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()]
    )
    changed = models.JSONField("与建议不同之处", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Transfer(models.Model):
    """A request that left for another platform, as the operator recorded it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="transfers")
    target = models.CharField("转往", max_length=8, help_text="110、119、120、122 或专业热线号码")
    way = models.CharField("方式", max_length=12)
    note = models.TextField("说明", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
