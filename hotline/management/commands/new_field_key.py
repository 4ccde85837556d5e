"""Print a new key for FIELD_KEY."""

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "生成一个新的 FIELD_KEY；换钥时把新钥放在最前，旧钥保留在后"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(Fernet.generate_key().decode())
