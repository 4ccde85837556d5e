"""The rules of the house hold: who imports whom, migrations, pins, and what the repository may hold."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[1]


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.django_db
def test_models_have_their_migrations():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_dependency_is_pinned_and_has_its_reason(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith(("#", "-r")):
            continue
        assert re.fullmatch(r"[\w\-\[\]]+==[\w.]+ +# .{10,}", line), line


def test_make_has_at_most_ten_targets_and_help_explains_each():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.M).group(1).split()
    assert len(phony) <= 10
    helped = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [name for name in phony if f"make {name} " not in helped + " "] == []


def test_no_personal_number_stands_in_any_file():
    """Test numbers are 138 0000 xxxx; nothing else may look like somebody's."""
    mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    found = [
        f"{path.relative_to(ROOT)}: {number}"
        for path in tracked_files()
        if path.suffix in {".py", ".csv", ".html", ".md", ".txt", ".js"}
        for number in mobile.findall(path.read_text(encoding="utf-8"))
        if not number.startswith("1380000")
    ]
    assert found == []
