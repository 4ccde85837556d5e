"""What the government has published, and the people who work with it."""

from catalog.models.days import CalendarDay, CalendarYear
from catalog.models.hotlines import Hotline
from catalog.models.items import Item
from catalog.models.policies import EscalationStep, TimeLimit
from catalog.models.regions import Region
from catalog.models.scope import Clause, Exclusion
from catalog.models.staff import Staff
from catalog.models.units import Unit
from catalog.models.version import CatalogueVersion

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "CatalogueVersion",
    "Clause",
    "EscalationStep",
    "Exclusion",
    "Hotline",
    "Item",
    "Region",
    "Staff",
    "TimeLimit",
    "Unit",
]
