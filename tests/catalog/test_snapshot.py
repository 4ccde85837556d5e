import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.utils import timezone

from catalog.models import CalendarYear, Item, TimeLimit
from catalog.rules.limits import HandlingClass, Step
from catalog.snapshot import (
    CatalogueMissing,
    LimitMissing,
    current_catalogue,
    forget_snapshot,
    time_limit,
    working_calendar,
)
from catalog.versioning import bump_version

TODAY = dt.date(2026, 11, 20)


def test_empty_database_is_told_with_the_mend(published):
    Item.objects.all().delete()
    CalendarYear.objects.all().delete()
    with pytest.raises(CatalogueMissing, match="make setup"):
        current_catalogue()
    with pytest.raises(CatalogueMissing, match="load_catalog"):
        working_calendar()


def test_copy_is_kept_without_asking_the_database(
    published, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("catalog.snapshot.CHECK_EVERY", 60.0)
    first = current_catalogue()
    with django_assert_num_queries(0):
        assert current_catalogue() is first


def test_copy_is_asked_about_after_a_second_and_kept_if_nothing_changed(
    published, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr("catalog.snapshot.CHECK_EVERY", 0.0)
    first = current_catalogue()
    with django_assert_num_queries(1):
        assert current_catalogue() is first


def test_copy_is_read_again_when_the_version_is_another(published, monkeypatch):
    monkeypatch.setattr("catalog.snapshot.CHECK_EVERY", 0.0)
    first = current_catalogue()
    Item.objects.filter(code="12345-020602").update(title="路灯不亮")
    assert current_catalogue() is first
    bump_version()
    assert current_catalogue().items["12345-020602"].title == "路灯不亮"
    assert current_catalogue().version != first.version


def test_copy_is_read_again_on_another_day(published):
    Item.objects.filter(code="12345-020602").update(valid_to=TODAY)
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        assert timezone.localdate() == TODAY
        assert "12345-020602" in current_catalogue().items
    with time_machine.travel(dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC), tick=False):
        assert "12345-020602" not in current_catalogue().items  # midnight in Beijing


def test_row_of_tomorrow_is_not_in_the_catalogue_yet(published):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    Item.objects.filter(code="12345-020602").update(valid_from=tomorrow)
    assert "12345-020602" not in current_catalogue().items


def test_threads_share_one_copy(published, monkeypatch):
    monkeypatch.setattr("catalog.snapshot.CHECK_EVERY", 60.0)
    first = current_catalogue()
    with ThreadPoolExecutor(8) as pool:
        assert {id(copy) for copy in pool.map(lambda _: current_catalogue(), range(200))} == {
            id(first)
        }


def test_forgotten_copy_is_read_again(published):
    first = current_catalogue()
    forget_snapshot()
    assert current_catalogue() is not first
    assert current_catalogue() == first


def test_limit_of_the_class_comes_before_the_one_for_all(published):
    assert time_limit(Step.HANDLE, HandlingClass.COMPLEX, TODAY).default_days == 10
    assert time_limit(Step.SIGN, HandlingClass.COMPLEX, TODAY).default_days == 1
    TimeLimit.objects.create(
        step=Step.SIGN,
        handling_class=HandlingClass.COMPLEX,
        min_days=1,
        default_days=2,
        max_days=2,
        document="示例",
        place="示例",
    )
    assert time_limit(Step.SIGN, HandlingClass.COMPLEX, TODAY).default_days == 2
    assert time_limit(Step.SIGN, HandlingClass.GENERAL, TODAY).default_days == 1


def test_limit_of_a_day_before_the_document(published):
    with pytest.raises(LimitMissing, match=r"2022-10-09.*办理.*一般"):
        time_limit(Step.HANDLE, HandlingClass.GENERAL, dt.date(2022, 10, 9))
