"""Load one year's (or one prefecture's) holidays and make-up workdays, and count anew what hung on
them."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from catalog.calendar_loading import load_calendar
from catalog.load_report import TableReport
from catalog.rules.limits import CLASS_NAMES, STEP_NAMES
from catalog.rules.sheets import TableErrors
from catalog.snapshot import forget_snapshot
from hotline.actions.recount import Recount, plan_recount, recount_clocks

# Moves told one by one.
SHOWN = 10


class Command(BaseCommand):
    help = (
        "载入节假日与调休：CSV 或 XLSX，列为 date, region, is_workday, name, document；"
        "全部正确才生效。按暂定日历计算的时限随之重新计算，先列出将移动的"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="文件")
        parser.add_argument("--year", type=int, help="文件应属的年份，用于核对")
        parser.add_argument("--provisional", action="store_true", help="国务院办公厅尚未公布，暂定")
        parser.add_argument("--preview", action="store_true", help="只列出将发生什么，不载入")
        parser.add_argument("--yes", action="store_true", help="不再询问")

    def handle(self, *args: Any, **options: Any) -> None:
        loud = bool(options["verbosity"])
        ask = loud and sys.stdin.isatty() and not options["yes"]
        try:
            if options["preview"] or ask:
                self._tell(*self._load(options, keep=False), planned=True)
            if options["preview"]:
                self.stdout.write("以上是预览，没有载入任何内容。")
                return
            if ask and input("确认载入？输入 yes 继续：").strip() != "yes":
                raise CommandError("已取消，没有载入任何内容。")
            report, recount = self._load(options, keep=True)
        except TableErrors as found:
            raise CommandError(
                f"{found}\n共 {len(found.errors)} 处错误，没有载入任何内容。"
            ) from found
        if loud:
            self._tell(report, recount, planned=False)

    def _load(self, options: dict[str, Any], *, keep: bool) -> tuple[TableReport, Recount]:
        """Load and count in one transaction; taken back unless `keep`."""
        try:
            with transaction.atomic():
                report = load_calendar(
                    options["file"], year=options["year"], provisional=options["provisional"]
                )
                forget_snapshot()
                if keep:
                    recount = recount_clocks(at=timezone.now(), report=self._progress)
                else:
                    recount = plan_recount(self._progress)
                    transaction.set_rollback(True)
        finally:
            # Nobody may go on with a calendar that was taken back.
            forget_snapshot()
        return report, recount

    def _progress(self, done: int) -> None:
        self.stderr.write(f"已计算 {done} 个时限")

    def _tell(self, report: TableReport, recount: Recount, *, planned: bool) -> None:
        self.stdout.write(
            f"节假日与调休：新增 {report.added}，修改 {report.changed}，"
            f"删除 {report.closed}，未变 {report.unchanged}"
        )
        if not recount.counted:
            return
        will = "将移动" if planned else "已移动"
        self.stdout.write(
            f"按暂定日历计算、正在计时的时限 {recount.counted} 个，其中{will} {len(recount.moves)} 个"
        )
        for move in recount.moves[:SHOWN]:
            self.stdout.write(
                f"  {move.ticket} {STEP_NAMES[move.step]}（{CLASS_NAMES[move.handling_class]}）："
                f"{timezone.localtime(move.old):%Y-%m-%d %H:%M} 改为"
                f" {timezone.localtime(move.new):%Y-%m-%d %H:%M}"
            )
        if len(recount.moves) > SHOWN:
            self.stdout.write(f"  …… 另有 {len(recount.moves) - SHOWN} 个")
