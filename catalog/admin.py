"""The administrator's pages: catalogue, policies, calendar, people. Every edit keeps the former row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import models
from simple_history.admin import SimpleHistoryAdmin

from catalog.admin_fields import WordsField
from catalog.models import (
    CalendarDay,
    CalendarYear,
    Clause,
    EscalationStep,
    Exclusion,
    Hotline,
    Item,
    Region,
    Staff,
    TimeLimit,
    Unit,
)
from catalog.rules.roles import READING_ROLES
from catalog.versioning import bump_version

admin.site.site_header = admin.site.site_title = "12345 热线系统管理"
admin.site.index_title = "目录、时限、日历与人员"

_SOURCE = ("来源与有效期", {"fields": ("document", "place", "is_local", "valid_from", "valid_to")})


class CatalogueAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # comes without types
    """A change here is seen by every process within a second of being saved."""

    formfield_overrides = {models.JSONField: {"form_class": WordsField}}
    list_per_page = 50
    show_full_result_count = False

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        bump_version()

    def delete_model(self, request: Any, obj: Any) -> None:
        super().delete_model(request, obj)
        bump_version()

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        bump_version()


class PublishedAdmin(CatalogueAdmin):
    """Rows that tickets lean on are ended by their date, never deleted."""

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Item)
class ItemAdmin(PublishedAdmin):
    list_display = ("code", "title", "type", "platform", "lead_line", "hotline", "valid_to")
    list_filter = ("platform", "category", "lead_line", "hotline")
    list_select_related = ("lead_line", "hotline")
    search_fields = ("code", "title", "name", "type", "keywords")
    autocomplete_fields = ("lead_line", "co_lines", "hotline")
    fieldsets = (
        (None, {"fields": ("code", "platform", "category", "type", "name", "title", "printed")}),
        (
            "分派",
            {
                "fields": (
                    "keywords",
                    "lead_line",
                    "co_lines",
                    "open_line",
                    "hotline",
                    "lines_source",
                )
            },
        ),
        _SOURCE,
    )


@admin.register(Unit)
class UnitAdmin(PublishedAdmin):
    list_display = ("code", "name", "kind", "level", "region", "line", "is_sample", "valid_to")
    list_filter = ("level", "kind", "is_sample")
    list_select_related = ("region", "line")
    search_fields = ("code", "name", "short_names")
    autocomplete_fields = ("region", "line")
    fieldsets = (
        (None, {"fields": ("code", "name", "short_names", "kind", "level", "region", "line")}),
        (None, {"fields": ("is_sample",)}),
        _SOURCE,
    )


@admin.register(Region)
class RegionAdmin(PublishedAdmin):
    list_display = ("code", "name", "level", "parent", "valid_to")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name", "short_names", "former_names")
    autocomplete_fields = ("parent",)
    fieldsets = (
        (None, {"fields": ("code", "name", "level", "parent")}),
        ("其他叫法", {"fields": ("short_names", "former_names", "former_codes")}),
        _SOURCE,
    )


@admin.register(Hotline)
class HotlineAdmin(PublishedAdmin):
    list_display = ("number", "name", "unit", "mode")
    list_filter = ("mode",)
    list_select_related = ("unit",)
    search_fields = ("number", "name", "unit_printed")
    autocomplete_fields = ("unit",)
    fieldsets = ((None, {"fields": ("number", "name", "unit", "unit_printed", "mode")}), _SOURCE)


@admin.register(Clause)
class ClauseAdmin(PublishedAdmin):
    list_display = ("platform", "label", "text")
    list_filter = ("platform",)
    search_fields = ("label", "text")
    fieldsets = ((None, {"fields": ("code", "platform", "number", "label", "text")}), _SOURCE)


@admin.register(Exclusion)
class ExclusionAdmin(PublishedAdmin):
    list_display = ("name", "route")
    search_fields = ("name", "route", "guidance")
    fieldsets = ((None, {"fields": ("code", "name", "route", "guidance")}), _SOURCE)


@admin.register(TimeLimit)
class TimeLimitAdmin(PublishedAdmin):
    list_display = (
        "step",
        "handling_class",
        "min_days",
        "default_days",
        "max_days",
        "is_local",
        "valid_from",
        "valid_to",
    )
    list_filter = ("step", "handling_class", "is_local")
    search_fields = ("quote",)
    fieldsets = (
        (None, {"fields": ("step", "handling_class")}),
        ("天数", {"fields": ("min_days", "default_days", "max_days", "quote")}),
        _SOURCE,
    )


@admin.register(EscalationStep)
class EscalationStepAdmin(PublishedAdmin):
    list_display = ("code", "step", "rung", "trigger", "offset_days", "audience", "valid_to")
    list_filter = ("step", "rung", "audience")
    search_fields = ("code",)
    fieldsets = (
        (None, {"fields": ("code", "step", "rung", "trigger", "offset_days", "audience")}),
        _SOURCE,
    )


@admin.register(CalendarDay)
class CalendarDayAdmin(CatalogueAdmin):
    list_display = ("date", "name", "is_workday", "region", "document")
    list_filter = ("is_workday", "region")
    list_select_related = ("region",)
    search_fields = ("name", "document")
    date_hierarchy = "date"
    autocomplete_fields = ("region",)


@admin.register(CalendarYear)
class CalendarYearAdmin(CatalogueAdmin):
    list_display = ("year", "document", "is_provisional")
    list_filter = ("is_provisional",)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


def check_place_of_work(form: forms.ModelForm[Staff]) -> None:
    """Whoever works for a hotline or reads its tickets sees none without a region."""
    if form.cleaned_data.get("role") in READING_ROLES and not form.cleaned_data.get("region"):
        form.add_error("region", "热线和督查人员必须填写所在地区。")


class StaffCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic in the stubs
    class Meta(AdminUserCreationForm.Meta):
        model = Staff
        fields = ("username", "role", "unit", "region")

    def clean(self) -> Any:
        cleaned = super().clean()
        check_place_of_work(self)
        return cleaned


class StaffChangeForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta(UserChangeForm.Meta):
        model = Staff

    def clean(self) -> Any:
        cleaned = super().clean()
        check_place_of_work(self)
        return cleaned


@admin.register(Staff)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    form = StaffChangeForm
    add_form = StaffCreationForm
    list_display = ("username", "display_name", "role", "unit", "region", "is_active")
    list_filter = ("role", "is_active", "is_superuser")
    list_select_related = ("unit", "region")
    search_fields = ("username", "last_name", "first_name")
    autocomplete_fields = ("unit", "region")
    fieldsets = (
        (None, {"fields": ("username", "password", "last_name", "first_name", "email")}),
        ("岗位", {"fields": ("role", "unit", "region")}),
        ("权限", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("时间", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "last_name",
                    "first_name",
                    "role",
                    "unit",
                    "region",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    @admin.display(description="姓名")
    def display_name(self, staff: Staff) -> str:
        return staff.display_name
