"""The administrator's pages: they open, they keep the former row, they tell every process."""

import pytest
from django.contrib import admin
from django.urls import reverse

from catalog.models import (
    CalendarDay,
    CatalogueVersion,
    Item,
    Region,
    Staff,
    Unit,
)
from catalog.rules.roles import Role

PAGES = [
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "catalog"
]


@pytest.fixture
def boss(published, client):
    client.force_login(
        Staff.objects.create_superuser("boss", password="only-for-tests", role=Role.ADMINISTRATOR),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def form_of(response) -> dict[str, object]:
    """What the page's form would send when nothing is touched."""
    form = response.context["adminform"].form
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = value
    return data


def test_every_table_has_its_page():
    assert set(PAGES) == {
        "calendarday",
        "calendaryear",
        "clause",
        "escalationstep",
        "exclusion",
        "hotline",
        "item",
        "region",
        "staff",
        "timelimit",
        "unit",
    }


@pytest.mark.parametrize("page", PAGES)
def test_list_and_form_open(boss, page):
    listing = boss.get(reverse(f"admin:catalog_{page}_changelist"), {"q": "1"})
    assert listing.status_code == 200
    row = boss.get(reverse(f"admin:catalog_{page}_changelist")).context["cl"].result_list[0]
    assert boss.get(reverse(f"admin:catalog_{page}_change", args=[row.pk])).status_code == 200


def test_list_of_items_asks_the_same_number_of_times_for_more_rows(
    boss, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        boss.get(reverse("admin:catalog_item_changelist"))


@pytest.mark.parametrize(
    ("page", "words", "code"),
    [
        ("region", "大通县", "630121"),
        ("item", "路灯不亮", "12345-020602"),
        ("unit", "住建厅", "630000-housing"),
    ],
)
def test_search_finds_what_people_say(boss, page, words, code):
    listing = boss.get(reverse(f"admin:catalog_{page}_changelist"), {"q": words})
    assert [row.code for row in listing.context["cl"].result_list] == [code]


def test_saving_keeps_the_former_row_and_raises_the_version(boss):
    item = Item.objects.get(code="12345-020602")
    address = reverse("admin:catalog_item_change", args=[item.pk])
    data = form_of(boss.get(address))
    data |= {"title": "路灯不亮", "keywords": "路灯灭了\n灯杆歪了\n"}
    data["co_lines"] = [Unit.objects.get(code="630000-grid").pk]
    before = CatalogueVersion.objects.get(pk=1).number
    assert boss.post(address, data).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.keywords) == ("路灯不亮", ["路灯灭了", "灯杆歪了"])
    assert [unit.code for unit in item.co_lines.all()] == ["630000-grid"]
    assert "路灯故障" in item.history.values_list("title", flat=True)
    assert CatalogueVersion.objects.get(pk=1).number == before + 1
    assert boss.get(reverse("admin:catalog_item_history", args=[item.pk])).status_code == 200


def test_word_twice_is_refused(boss):
    item = Item.objects.get(code="12345-020602")
    address = reverse("admin:catalog_item_change", args=[item.pk])
    data = form_of(boss.get(address)) | {"keywords": "路灯\n路灯"}
    page = boss.post(address, data)
    assert page.status_code == 200
    assert "重复：路灯" in page.content.decode()


def test_published_rows_cannot_be_deleted(boss):
    item = Item.objects.get(code="12345-020602")
    address = reverse("admin:catalog_item_delete", args=[item.pk])
    assert boss.post(address, {"post": "yes"}).status_code == 403
    assert Item.objects.filter(pk=item.pk).exists()


def test_deleting_a_day_raises_the_version(boss):
    day = CalendarDay.objects.first()
    before = CatalogueVersion.objects.get(pk=1).number
    boss.post(reverse("admin:catalog_calendarday_delete", args=[day.pk]), {"post": "yes"})
    assert not CalendarDay.objects.filter(pk=day.pk).exists()
    assert CatalogueVersion.objects.get(pk=1).number == before + 1


NEW_PERSON = {
    "username": "clerk-two",
    "usable_password": "true",
    "password1": "a-long-word-for-tests",
    "password2": "a-long-word-for-tests",
}


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.OPERATOR, "热线和督查人员必须填写所在地区。"),
        (Role.UNIT_CLERK, "承办单位人员必须填写承办单位。"),
    ],
)
def test_person_without_a_place_of_work_is_refused(boss, role, said):
    page = boss.post(reverse("admin:catalog_staff_add"), NEW_PERSON | {"role": role.value})
    assert said in page.content.decode()
    assert not Staff.objects.filter(username="clerk-two").exists()


def test_person_is_added_with_role_and_place(boss):
    region = Region.objects.get(code="630000")
    boss.post(
        reverse("admin:catalog_staff_add"),
        NEW_PERSON | {"role": Role.SUPERVISOR.value, "region": region.pk},
    )
    person = Staff.objects.get(username="clerk-two")
    assert (person.role, person.region) == (Role.SUPERVISOR, region)
    assert person.check_password("a-long-word-for-tests")


def test_others_have_no_access(published, client):
    clerk = Staff.objects.create_user("plain", password="only-for-tests", role=Role.MACHINE)
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:catalog_item_changelist")).status_code == 302
