"""The catalogue in the database, and data files to spoil."""

import shutil
from pathlib import Path

import pytest

from catalog.loading import DATA_DIR, load_own_files
from catalog.snapshot import forget_snapshot


@pytest.fixture(autouse=True)
def _fresh_snapshot():
    """A test's rows are gone after it; no process may go on with them."""
    forget_snapshot()
    yield
    forget_snapshot()


@pytest.fixture
def published(db):
    """The project's own catalogue, loaded."""
    load_own_files()


@pytest.fixture
def files(tmp_path) -> Path:
    """A copy of the project's data files."""
    copy = tmp_path / "catalogue"
    shutil.copytree(DATA_DIR, copy)
    return copy
