"""Load what the government has published."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.load_report import TABLE_NAMES
from catalog.loading import load_catalogue, load_own_files
from catalog.rules.sheets import TableErrors

SHOWN_ERRORS = 50


class Command(BaseCommand):
    help = "载入目录（事项、单位、地区、热线、条款、时限、日历）：CSV 或 XLSX，全部正确才生效"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            help="文件夹；不填则载入本项目自带的目录，文件未变化时不重复载入",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path | None = options["directory"]
        try:
            report = load_own_files() if directory is None else load_catalogue(directory)
        except TableErrors as found:
            lines = [str(error) for error in found.errors[:SHOWN_ERRORS]]
            if len(found.errors) > SHOWN_ERRORS:
                lines.append(f"……另有 {len(found.errors) - SHOWN_ERRORS} 处")
            raise CommandError(
                "\n".join([*lines, f"共 {len(found.errors)} 处错误，没有载入任何内容。"])
            ) from found
        if options["verbosity"] == 0:
            return
        if report is None:
            self.stdout.write("目录文件与上次载入时相同，保留现有内容。")
            return
        for name, table in report.tables.items():
            self.stdout.write(
                f"{TABLE_NAMES[name]}：新增 {table.added}，修改 {table.changed}，"
                f"停用 {table.closed}，未变 {table.unchanged}"
            )
        self.stdout.write("目录已载入。" if report.is_change else "目录没有变化。")
