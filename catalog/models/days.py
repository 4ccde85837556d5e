"""The working calendar as published, year by year and, where set locally, by prefecture."""

from django.db import models
from simple_history.models import HistoricalRecords

from catalog.models.regions import Region


class CalendarYear(models.Model):
    """One year's calendar of the province (`region` empty). Provisional until published."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    document = models.CharField("文件", max_length=120)
    is_provisional = models.BooleanField("暂定", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "年度日历"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}{'（暂定）' if self.is_provisional else ''}"


class CalendarDay(models.Model):
    """A day that differs from Monday-Friday: a holiday, or a make-up workday (调休).

    `region` empty: the whole country. A prefecture's own holiday (art. 4 of 全国年节及纪念日放假办法)
    names it, and wins over the country's row.
    """

    date = models.DateField("日期")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name="适用市州"
    )
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)
    document = models.CharField("文件", max_length=120)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["date", "region"], name="calendar_day_of_region"),
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(region__isnull=True), name="calendar_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
