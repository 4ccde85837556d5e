"""People who call."""

from django.db import models

from catalog.rules.masking import mask_name, mask_phone
from hotline.models.fields import EncryptedTextField


class Caller(models.Model):
    """One telephone number and whom it belongs to. Found by the blind index alone."""

    phone = EncryptedTextField("电话")
    phone_index = models.CharField(max_length=64, unique=True)
    name = EncryptedTextField("姓名", blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "来电人"

    def __str__(self) -> str:
        return self.masked_phone

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)
