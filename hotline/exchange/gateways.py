"""Which adapter a channel goes through in this installation."""

from __future__ import annotations

from django.conf import settings

from catalog.rules.masking import mask_email, mask_phone
from hotline.exchange.delivery import Adapter
from hotline.exchange.email import EmailAdapter
from hotline.exchange.file import FileAdapter
from hotline.exchange.sms import SmsAdapter
from hotline.rules.messages import MessageChannel


def adapter_for(channel: MessageChannel) -> Adapter:
    if channel in channels_into_files():
        mask = mask_phone if channel is MessageChannel.SMS else mask_email
        return FileAdapter(channel.value, mask)
    return SmsAdapter() if channel is MessageChannel.SMS else EmailAdapter()


def channels_into_files() -> list[MessageChannel]:
    """The channels that no gateway is set for."""
    urls = {
        MessageChannel.SMS: settings.SMS_URL,
        MessageChannel.EMAIL: settings.EMAIL_URL,
    }
    return [channel for channel, url in urls.items() if not url]
