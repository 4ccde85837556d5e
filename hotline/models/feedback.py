"""What the caller says of the answer."""

from django.conf import settings
from django.db import models

from hotline.models.tickets import Ticket
from hotline.rules.feedback import RATING_NAMES


class Callback(models.Model):
    """One call back to the caller. `reached` False: nobody answered; solved and rating are empty."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="callbacks")
    # How often the ticket had been worked again when the call was made: 0 for the first answer.
    round = models.PositiveSmallIntegerField(default=0)
    reached = models.BooleanField("接通")
    solved = models.BooleanField("已解决", null=True, blank=True)
    rating = models.PositiveSmallIntegerField(
        "评价",
        null=True,
        blank=True,
        choices=[(rating.value, name) for rating, name in RATING_NAMES.items()],
    )
    note = models.TextField("记录", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
