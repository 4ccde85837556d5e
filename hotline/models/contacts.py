"""How the people who work with the system are reached; the e-mail address is `Staff.email`."""

from django.conf import settings
from django.db import models

from catalog.rules.masking import mask_phone
from hotline.models.fields import EncryptedTextField


class StaffContact(models.Model):
    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="contact",
        verbose_name="工作人员",
    )
    mobile = EncryptedTextField("手机号码")

    class Meta:
        verbose_name = verbose_name_plural = "工作人员手机"

    def __str__(self) -> str:
        return str(self.staff)

    @property
    def masked_mobile(self) -> str:
        return mask_phone(self.mobile)
