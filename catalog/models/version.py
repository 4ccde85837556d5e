"""Which state of the catalogue the processes hold in memory."""

from django.db import models


class CatalogueVersion(models.Model):
    """One row. `number` rises with every load or edit; a process with another number reads again."""

    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录版本"

    def __str__(self) -> str:
        return str(self.number)
