"""What a load did."""

from dataclasses import dataclass, field

TABLE_NAMES = {
    "regions": "地区",
    "units": "承办单位",
    "hotlines": "专业热线",
    "items": "事项",
    "clauses": "受理范围条款",
    "exclusions": "不予受理事项",
    "limits": "办理时限",
    "ladder": "催办督办阶梯",
    "days": "节假日与调休",
    "years": "年度日历",
}


@dataclass(slots=True)
class TableReport:
    """Numbers of rows. `closed`: gone from the file, no longer valid from today (days: removed)."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0

    @property
    def is_change(self) -> bool:
        return bool(self.added or self.changed or self.closed)


@dataclass(slots=True)
class LoadReport:
    """What a load did, by table. Tables whose file was not given are absent."""

    tables: dict[str, TableReport] = field(default_factory=dict)

    @property
    def is_change(self) -> bool:
        return any(table.is_change for table in self.tables.values())
