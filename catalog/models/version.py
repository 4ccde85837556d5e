"""Which state of the catalogue the processes hold in memory."""

from django.db import models


class CatalogueVersion(models.Model):
    """One row. `number` rises with every load or edit; a process with another number reads again."""

    number = models.PositiveBigIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    # SHA-256 of the project's own data files when they were last loaded: as long as they are the same,
    # a restart does not undo what was edited by hand.
    loaded_files = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录版本"

    def __str__(self) -> str:
        return str(self.number)
