"""The administrator's pages of the hotline: how the staff is reached."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from hotline.models import StaffContact
from hotline.models.fields import is_mobile, normalise_phone


class StaffContactForm(forms.ModelForm):  # type: ignore[type-arg]  # the stubs alone are generic
    mobile = forms.CharField(
        label="手机号码", max_length=20, help_text="用于接收催办、督办等短信，加密保存。"
    )

    class Meta:
        model = StaffContact
        fields = ("staff", "mobile")

    def clean_mobile(self) -> str:
        mobile = normalise_phone(self.cleaned_data["mobile"])
        if not is_mobile(mobile):
            raise forms.ValidationError("请填写 11 位手机号码。")
        return mobile


@admin.register(StaffContact)
class StaffContactAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # the stubs alone are generic
    form = StaffContactForm
    list_display = ("staff", "role", "unit", "masked_mobile")
    list_select_related = ("staff__unit",)
    search_fields = ("staff__username", "staff__last_name", "staff__first_name")
    autocomplete_fields = ("staff",)

    @admin.display(description="角色")
    def role(self, contact: StaffContact) -> str:
        return contact.staff.get_role_display()

    @admin.display(description="承办单位")
    def unit(self, contact: StaffContact) -> str:
        return str(contact.staff.unit or "")

    @admin.display(description="手机号码")
    def masked_mobile(self, contact: StaffContact) -> str:
        return contact.masked_mobile
