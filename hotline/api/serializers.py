"""What goes in and out of the API. Nothing that goes out holds personal data."""

from __future__ import annotations

from rest_framework import serializers

from catalog.models import Item, Region, Unit
from hotline.actions.intake import Intake
from hotline.models import Ticket
from hotline.rules.intake import (
    CHANNEL_NAMES,
    MAX_CONTENT,
    REQUEST_TYPE_NAMES,
    Channel,
    RequestType,
)


class NewTicketSerializer(serializers.Serializer):
    """A request to register."""

    content = serializers.CharField(max_length=MAX_CONTENT, help_text="诉求内容")
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)
    phone = serializers.CharField(
        max_length=30, required=False, allow_blank=True, help_text="匿名时不填"
    )
    name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    channel = serializers.ChoiceField(
        choices=[key.value for key in CHANNEL_NAMES], default=Channel.API.value
    )
    request_type = serializers.ChoiceField(
        choices=[key.value for key in REQUEST_TYPE_NAMES], required=False, allow_null=True
    )
    is_confidential = serializers.BooleanField(default=False)

    def intake(self) -> Intake:
        """The request as the action wants it. After `is_valid()`."""
        data = dict(self.validated_data)
        kind = data.pop("request_type", None)
        return Intake(
            **{key: value for key, value in data.items() if key != "channel"},
            channel=Channel(data["channel"]),
            request_type=RequestType(kind) if kind else None,
        )


class ItemRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ["code", "platform", "category", "type", "name"]


class UnitRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ["code", "name", "level", "is_sample"]


class RegionRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["code", "name", "level"]


class TicketSerializer(serializers.ModelSerializer):
    """A ticket as its sender may read it."""

    item = ItemRefSerializer(allow_null=True)
    region = RegionRefSerializer(allow_null=True)
    lead_unit = UnitRefSerializer(allow_null=True)
    state_name = serializers.CharField(source="get_state_display")

    class Meta:
        model = Ticket
        fields = [
            "number",
            "state",
            "state_name",
            "title",
            "content",
            "channel",
            "request_type",
            "platform",
            "item",
            "region",
            "handling_class",
            "lead_unit",
            "received_at",
            "due_at",
            "closed_at",
            "outcome",
        ]


class RouteQuestionSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=MAX_CONTENT)
    region = serializers.CharField(max_length=9, required=False, allow_blank=True)
