"""Encryption of people's data at rest, and the blind index that finds a phone number without it."""

import hashlib
import hmac
import re
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class UnreadableField(Exception):
    """A stored value was not encrypted with any key of FIELD_KEY: a key is missing."""


@cache
def _cipher() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_KEY holds something that is not a key; `python manage.py new_field_key` makes one."
        ) from error


class EncryptedTextField(models.TextField):
    """Text that the database holds encrypted. Empty stays empty. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return _cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value in (None, ""):
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise UnreadableField(
                "数据无法解密：FIELD_KEY 中缺少写入时使用的密钥，请补上旧密钥后重启。"
            ) from error


def normalise_phone(phone: str) -> str:
    """Digits alone, without +86 or 0086 before a mobile number."""
    digits = re.sub(r"\D", "", phone)
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", digits)


def is_mobile(phone: str) -> bool:
    """Whether text messages reach the number."""
    return re.fullmatch(r"1[3-9]\d{9}", normalise_phone(phone)) is not None


def phone_index(phone: str) -> str:
    """A keyed hash that is equal for equal numbers: 64 hex digits. Keyed by the oldest FIELD_KEY, so
    that adding a new key in front leaves it as it is."""
    key = hashlib.sha256(b"phone-index:" + settings.FIELD_KEYS[-1].encode()).digest()
    return hmac.new(key, normalise_phone(phone).encode(), hashlib.sha256).hexdigest()
