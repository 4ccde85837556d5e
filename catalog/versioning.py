"""The number that tells every process that its copy of the catalogue is old."""

from django.db.models import F
from django.utils import timezone

from catalog.models import CatalogueVersion


def bump_version() -> None:
    """Make every process read the catalogue and the calendar again. Call it in the transaction of the
    change: it is seen when the change is."""
    bumped = CatalogueVersion.objects.filter(pk=1).update(
        number=F("number") + 1, changed_at=timezone.now()
    )
    if not bumped:
        CatalogueVersion.objects.create(pk=1)
