"""Table files -> rows of the database: checked first, all or nothing, and the same again for nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from catalog.calendar_loading import load_calendar_rows
from catalog.changes import CONSULT_DOCUMENT
from catalog.load_report import LoadReport, TableReport
from catalog.models import (
    CatalogueVersion,
    Clause,
    EscalationStep,
    Exclusion,
    Hotline,
    Item,
    Region,
    TimeLimit,
    Unit,
)
from catalog.rules.assembly import catalogue_from_files
from catalog.rules.columns import TABLES, Column, Kind, TableSpec
from catalog.rules.sheets import SUFFIXES, Row, TableErrors
from catalog.rules.tables import read_tables
from catalog.versioning import bump_version

__all__ = [
    "DATA_DIR",
    "LoadReport",
    "TableErrors",
    "TableReport",
    "catalogue_from_files",
    "load_catalogue",
    "load_own_files",
]

DATA_DIR = Path(__file__).resolve().parent / "data"

MODELS: dict[str, type[models.Model]] = {
    "regions": Region,
    "units": Unit,
    "hotlines": Hotline,
    "items": Item,
    "clauses": Clause,
    "exclusions": Exclusion,
    "limits": TimeLimit,
    "ladder": EscalationStep,
}


def load_own_files() -> LoadReport | None:
    """Load the project's own data; None when the files are the ones last loaded.

    Then what was edited by hand since stays as it is.
    """
    digest = _digest(DATA_DIR)
    with transaction.atomic():
        if CatalogueVersion.objects.filter(pk=1, loaded_files=digest).exists():
            return None
        report = load_catalogue(DATA_DIR)
        CatalogueVersion.objects.filter(pk=1).update(loaded_files=digest)
    return report


def load_catalogue(directory: Path) -> LoadReport:
    """Bring the database to what the files in `directory` say.

    Effects, in one transaction: new rows added, changed rows changed, rows gone from their file closed
    as of yesterday and never deleted, the history written, the catalogue's version raised if anything
    changed. A table without a file stays as it is. Raises TableErrors, and then nothing was changed.
    """
    with transaction.atomic():
        tables = read_tables(directory, known=_codes_in_database())
        report = LoadReport()
        ids: dict[str, dict[str, int]] = {}
        for spec in TABLES:
            ids[spec.name] = _primary_keys(spec)
            if spec.name in tables.rows:
                loader = _TableLoader(spec, ids)
                report.tables[spec.name] = loader.load(tables[spec.name])
        report.tables |= load_calendar_rows(tables["days"], tables["years"], ids["regions"])
        if report.is_change or not CatalogueVersion.objects.filter(pk=1).exists():
            bump_version()
    return report


class _TableLoader:
    """Loads one table. `ids`: primary keys by table and code, of this table as well."""

    def __init__(self, spec: TableSpec, ids: dict[str, dict[str, int]]) -> None:
        self.spec = spec
        self.model: Any = MODELS[spec.name]
        self.ids = ids
        # Columns that refer to the table's own rows are filled in once all rows have a primary key.
        self.own = [column for column in spec.columns if column.refers == spec.name]
        self.lists = [column for column in spec.columns if column.kind is Kind.CODES]
        self.plain = [c for c in spec.columns if c not in self.own and c not in self.lists]

    def load(self, rows: tuple[Row, ...]) -> TableReport:
        existing = {self._key_of(found): found for found in self.model.objects.all()}
        decided = self._take_decided(existing)
        objects: list[Any] = []
        new: list[Any] = []
        changed: dict[int, Any] = {}
        for row in rows:
            found = existing.pop(self._key_in(row), None)
            wanted = {self._attribute(c): self._wanted(c, row) for c in self.plain}
            if found is not None and found.valid_to and self._code_of(found) in decided:
                wanted["valid_to"] = found.valid_to
            if found is None:
                found = self.model(**wanted)
                new.append(found)
            elif _assign(found, wanted):
                changed[found.pk] = found
            objects.append(found)
        self.model.objects.bulk_create(new)
        fresh = {found.pk for found in new}
        self.ids[self.spec.name] |= {getattr(o, self.spec.key[0]): o.pk for o in objects}
        linked = self._link_own(objects, rows)
        changed |= {pk: found for pk, found in linked.items() if pk not in fresh}
        relisted = self._set_lists(objects, rows)
        changed |= {pk: found for pk, found in relisted.items() if pk not in fresh}
        closed = self._close(existing.values(), rows)
        self._update(self.own, linked.values())
        self._update([*self.plain, *self.own], [*changed.values(), *closed])
        self._write_history(new, update=False)
        self._write_history([*changed.values(), *closed], update=True)
        return TableReport(
            added=len(new),
            changed=len(changed),
            unchanged=len(rows) - len(new) - len(changed),
            closed=len(closed),
        )

    def _take_decided(self, existing: dict[tuple[Any, ...], Any]) -> set[str]:
        """Take out of `existing` the rows that the units decided themselves: no file knows them. Returns
        their codes, whose older rows stay closed."""
        rows = [key for key, found in existing.items() if found.document == CONSULT_DOCUMENT]
        return {self._code_of(existing.pop(key)) for key in rows}

    def _code_of(self, found: Any) -> str:
        return str(getattr(found, self.spec.key[0]))

    def _key_of(self, found: Any) -> tuple[Any, ...]:
        return tuple(getattr(found, name) for name in self.spec.key)

    def _key_in(self, row: Row) -> tuple[Any, ...]:
        return tuple(row.values[name] for name in self.spec.key)

    def _attribute(self, column: Column) -> str:
        return f"{column.name}_id" if column.kind is Kind.CODE else column.name

    def _wanted(self, column: Column, row: Row) -> Any:
        value = row.values[column.name]
        if column.kind is Kind.CODE:
            return None if value is None else self.ids[column.refers][value]
        return list(value) if column.kind is Kind.WORDS else value

    def _link_own(self, objects: list[Any], rows: tuple[Row, ...]) -> dict[int, Any]:
        linked = {}
        for found, row in zip(objects, rows, strict=True):
            if _assign(found, {self._attribute(c): self._wanted(c, row) for c in self.own}):
                linked[found.pk] = found
        return linked

    def _set_lists(self, objects: list[Any], rows: tuple[Row, ...]) -> dict[int, Any]:
        """Set the many-to-many columns; returns the rows whose list is another than before."""
        relisted = {}
        for column in self.lists:
            through, mine, other = self._through(column)
            now: dict[int, set[int]] = {}
            for pk, target in through.objects.values_list(mine, other):
                now.setdefault(pk, set()).add(target)
            links = []
            for found, row in zip(objects, rows, strict=True):
                wanted = {self.ids[column.refers][code] for code in row.values[column.name]}
                if wanted != now.get(found.pk, set()):
                    relisted[found.pk] = found
                    links += [through(**{mine: found.pk, other: pk}) for pk in sorted(wanted)]
            through.objects.filter(**{f"{mine}__in": list(relisted)}).delete()
            through.objects.bulk_create(links)
        return relisted

    def _through(self, column: Column) -> tuple[Any, str, str]:
        relation = self.model._meta.get_field(column.name)
        return (
            relation.remote_field.through,
            f"{relation.m2m_field_name()}_id",
            f"{relation.m2m_reverse_field_name()}_id",
        )

    def _close(self, gone: Iterable[Any], rows: tuple[Row, ...]) -> list[Any]:
        """End rows that the file no longer has: the day before their successor, else yesterday."""
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        closed = []
        for found in gone:
            successors = [
                row.values["valid_from"]
                for row in rows
                if all(
                    name == "valid_from" or row.values[name] == getattr(found, name)
                    for name in self.spec.key
                )
                and row.values["valid_from"] > found.valid_from
            ]
            ends = min(successors) - dt.timedelta(days=1) if successors else yesterday
            if found.valid_to is None or found.valid_to > ends:
                found.valid_to = ends
                closed.append(found)
        return closed

    def _update(self, columns: list[Column], objects: Iterable[Any]) -> None:
        objects = list(objects)
        if objects and columns:
            self.model.objects.bulk_update(objects, [column.name for column in columns])

    def _write_history(self, objects: list[Any], *, update: bool) -> None:
        if not objects:
            return
        written = self.model.history.bulk_history_create(objects, update=update)
        for column in self.lists:
            through, mine, other = self._through(column)
            history_of = {record.id: record for record in written}
            copies = getattr(self.model.history.model, column.name).model
            copies.objects.bulk_create(
                copies(
                    history=history_of[getattr(link, mine)],
                    **{name: getattr(link, name) for name in ("id", mine, other)},
                )
                for link in through.objects.filter(**{f"{mine}__in": list(history_of)})
            )


def _assign(found: Any, wanted: Mapping[str, Any]) -> bool:
    """Set attributes; whether any was another before."""
    differing = {name: value for name, value in wanted.items() if getattr(found, name) != value}
    for name, value in differing.items():
        setattr(found, name, value)
    return bool(differing)


def _primary_keys(spec: TableSpec) -> dict[str, int]:
    return dict(MODELS[spec.name].objects.values_list(spec.key[0], "pk"))  # type: ignore[attr-defined]


def _codes_in_database() -> dict[str, frozenset[str]]:
    return {spec.name: frozenset(_primary_keys(spec)) for spec in TABLES}


def _digest(directory: Path) -> str:
    """SHA-256 of the table files in `directory` and below, by name and content."""
    whole = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            whole.update(f"{path.relative_to(directory)}\n".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
