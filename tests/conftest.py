"""The cast and the stage of every test that needs a database.

The catalogue is the real one, loaded once a run; the router's model is trained once a run from the
project's corpus and shared by all processes.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from catalog.models import Region, Staff, Unit
from catalog.rules.roles import Role
from hotline.actions.intake import Intake, register_ticket
from hotline.models import Message
from hotline.rules.intake import Channel

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
# Friday, 20 November 2026, 10:00: an ordinary working day.
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
TEXT = "小区门口的路灯灭了半个月，晚上黑得看不见路，希望尽快修好。西宁市城中区。"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit empty the database, so they run after all that lean on the loaded stage."""
    items.sort(key=lambda item: "stage" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def trained_models() -> Path:
    """A folder with a trained model, shared by the processes of one run, or by several runs when
    TEST_MODELS names one."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    named = os.environ.get("TEST_MODELS")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"hotline-models-{run}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, trained_models):
    settings.MODEL_DIR = trained_models
    with django_db_blocker.unblock():
        load_stage(trained_models)


def load_stage(models: Path) -> None:
    """Catalogue and model into the test database: once a run for the model, once a database for
    its row."""
    call_command("load_catalog", verbosity=0)
    with (models / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("train_router", if_missing=True, activate=True, verbosity=0)


@pytest.fixture
def make_staff(db):
    def make(username: str, role: Role, *, unit: str = "", region: str = "") -> Staff:
        return Staff.objects.create(
            username=username,
            first_name=username,
            role=role,
            unit=Unit.objects.get(code=unit) if unit else None,
            region=Region.objects.get(code=region) if region else None,
        )

    return make


@pytest.fixture
def operator(make_staff):
    """Takes calls at the province's hotline."""
    return make_staff("operator", Role.OPERATOR, region="630000")


@pytest.fixture
def golmud_operator(make_staff):
    """Takes calls at another centre, and must not see the province's tickets."""
    return make_staff("golmud-operator", Role.OPERATOR, region="632800")


@pytest.fixture
def supervisor(make_staff):
    return make_staff("supervisor", Role.SUPERVISOR, region="630000")


@pytest.fixture
def second_supervisor(make_staff):
    """The other person, where one alone does not decide."""
    return make_staff("second-supervisor", Role.SUPERVISOR, region="630000")


@pytest.fixture
def government(make_staff):
    """Of the government office: sees the province's tickets and may do nothing with them."""
    return make_staff("government", Role.GOVERNMENT, region="630000")


@pytest.fixture
def clerk(make_staff):
    """Of the unit that leads."""
    return make_staff("clerk", Role.UNIT_CLERK, unit="630100-housing")


@pytest.fixture
def leader(make_staff):
    return make_staff("leader", Role.UNIT_LEADER, unit="630100-housing")


@pytest.fixture
def co_clerk(make_staff):
    """Of a unit that joins."""
    return make_staff("co-clerk", Role.UNIT_CLERK, unit="630100-ecology")


@pytest.fixture
def consulted(make_staff):
    """Of a unit that is asked to a meeting."""
    return make_staff("consulted", Role.UNIT_LEADER, unit="630100-transport")


@pytest.fixture
def stranger(make_staff):
    """Of a unit that has nothing to do with the ticket."""
    return make_staff("stranger", Role.UNIT_CLERK, unit="630100-market")


@pytest.fixture
def machine(make_staff):
    return make_staff("portal", Role.MACHINE, region="630000")


@pytest.fixture
def wall_clock(monkeypatch):
    """Sets what time it is for the pages."""

    def set_time(moment: dt.datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_time


@pytest.fixture
def intake():
    return Intake(content=TEXT, channel=Channel.PHONE, phone="13800000001", name="示例人")


@pytest.fixture
def registered(operator, intake):
    ticket, _ = register_ticket(intake=intake, key="one", by=operator, at=NOW)
    Message.objects.all().delete()  # the text message to the caller has tests of its own
    return ticket


@pytest.fixture
def other(operator, intake):
    """A second request of the same caller."""
    ticket, _ = register_ticket(intake=intake, key="two", by=operator, at=NOW)
    return ticket


@pytest.fixture
def choice():
    from catalog.models import Item
    from catalog.rules.limits import HandlingClass
    from hotline.actions.decide import Choice

    return Choice(
        platform="12345",
        item=Item.objects.get(code="12345-020602"),
        region=Region.objects.get(code="630103"),
        handling_class=HandlingClass.GENERAL,
        lead_unit=Unit.objects.get(code="630100-housing"),
    )


@pytest.fixture
def dispatched(registered, choice, operator):
    from hotline.actions.dispatch import dispatch_ticket

    dispatch_ticket(
        registered,
        choice=choice,
        co_units=[Unit.objects.get(code="630100-ecology")],
        by=operator,
        at=NOW,
    )
    return registered


@pytest.fixture
def handling(dispatched, clerk):
    """Signed; a co-handler has not said anything yet."""
    from hotline.actions.handle import sign_ticket

    sign_ticket(dispatched, by=clerk, at=NOW)
    return dispatched


@pytest.fixture
def stage(transactional_db, trained_models):
    """For tests that commit: they empty every table afterwards, so the stage is set up before each."""
    if not Region.objects.exists():
        load_stage(trained_models)
