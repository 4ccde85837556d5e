"""People who log in."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from catalog.models.regions import Region
from catalog.models.units import Unit
from catalog.rules.roles import ROLE_NAMES, UNIT_ROLES, Role


class Staff(AbstractUser):
    """`unit` for unit roles; `region` is the area a hotline worker sees (the province: all)."""

    role = models.CharField(
        "角色", max_length=20, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="承办单位")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name="热线所在地区"
    )

    class Meta:
        verbose_name = verbose_name_plural = "工作人员"
        constraints = [
            models.CheckConstraint(
                name="unit_staff_has_unit",
                condition=~models.Q(role__in=[role.value for role in sorted(UNIT_ROLES)])
                | models.Q(unit__isnull=False),
                violation_error_message="承办单位人员必须填写承办单位。",
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return f"{self.last_name}{self.first_name}" or self.username

    @property
    def works_for_unit(self) -> bool:
        return Role(self.role) in UNIT_ROLES
