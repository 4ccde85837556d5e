"""Notices, and people who can be reached."""

import pytest

from catalog.rules.limits import Rung, Step
from catalog.rules.roles import UNIT_ROLES, Role
from hotline.models import Notice, StaffContact
from tests.conftest import NOW

PHONE = "13800000002"


@pytest.fixture
def give_mobile(db):
    return lambda person: StaffContact.objects.create(staff=person, mobile=PHONE)


@pytest.fixture
def notify(dispatched):
    """Writes notices of the dispatched ticket, as the sweep does."""

    def write(count=1, *, role=Role.UNIT_CLERK, rung=Rung.URGE, urgent=False, center=None):
        for _ in range(count):
            Notice.objects.create(
                clock=dispatched.clocks.get(step=Step.SIGN),
                ticket=dispatched,
                code=f"code-{Notice.objects.count()}",
                rung=rung,
                audience=role,
                unit=dispatched.lead_unit if role in UNIT_ROLES else None,
                center=center or dispatched.center,
                text="【不应出现的文字】",
                planned_at=NOW,
                sent_at=NOW,
                is_urgent=urgent,
            )

    return write
