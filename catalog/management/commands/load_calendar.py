"""Load one year's (or one prefecture's) holidays and make-up workdays."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.calendar_loading import load_calendar
from catalog.rules.sheets import TableErrors


class Command(BaseCommand):
    help = (
        "载入节假日与调休：CSV 或 XLSX，列为 date, region, is_workday, name, document；"
        "全部正确才生效"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="文件")
        parser.add_argument("--year", type=int, help="文件应属的年份，用于核对")
        parser.add_argument("--provisional", action="store_true", help="国务院办公厅尚未公布，暂定")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_calendar(
                options["file"], year=options["year"], provisional=options["provisional"]
            )
        except TableErrors as found:
            raise CommandError(
                f"{found}\n共 {len(found.errors)} 处错误，没有载入任何内容。"
            ) from found
        if options["verbosity"]:
            self.stdout.write(
                f"节假日与调休：新增 {report.added}，修改 {report.changed}，"
                f"删除 {report.closed}，未变 {report.unchanged}"
            )
