"""The benchmarks run, say what they must, and touch nobody's tickets. How fast is not held here."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hotline.benchmarks.data import OPERATOR, texts
from hotline.benchmarks.measure import percentile
from hotline.models import Clock, Notice, Ticket

FIGURES = {"rows", "p50_ms", "p95_ms", "per_s", "cpu_ms", "peak_mb"}


def bench(name, *options):
    out = StringIO()
    call_command("bench", name, "--json", *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["suggest", "create", "queue", "board"])
def test_requests_are_measured_on_as_many_tickets_as_asked_for(name):
    figures = bench(name, "--rows", "40", "--requests", "3")
    assert figures.keys() >= FIGURES
    assert (figures["rows"], figures["requests"]) == (40, 3)
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    # Creating also warms up.
    assert Ticket.objects.count() == (48 if name == "create" else 40)
    assert not Ticket.objects.exclude(created_by__username=OPERATOR).exists()


def test_second_run_begins_with_rows_of_its_own_again(stage):
    for _ in range(2):
        assert bench("queue", "--rows", "25", "--requests", "1")["rows"] == 25
    assert Ticket.objects.count() == 25


@pytest.mark.django_db
def test_route_is_measured_on_texts():
    assert bench("route", "--requests", "3")["rows"] == 3
    some = texts()
    first, second = next(some), next(some)
    assert len(first) == len(second) == 120
    assert first != second


def test_sweeps_and_the_storm_are_measured(stage):
    """With real processes: the rows are committed."""
    figures = bench("sweep", "--clocks", "60", "--due", "5", "--storm", "30", "--workers", "2")
    assert figures.keys() >= FIGURES | {"few_s", "many_s", "ratio", "storm_s"}
    assert (figures["rows"], figures["storm"], figures["workers"]) == (60, 30, 2)
    assert sum(figures["storm_shares"]) == 30
    assert Clock.objects.filter(state="running").count() == 60 + 30
    assert Notice.objects.count() == 3 * 5 + 30
    call_command("verify_events", verbosity=0)


def test_nobodys_tickets_are_touched(registered):
    with pytest.raises(CommandError, match="DATABASE_URL"):
        bench("queue", "--rows", "20")
    assert Ticket.objects.get() == registered


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["walk"], "route"),
        (["queue", "--rows", "0"], "--rows"),
        (["sweep", "--storm", "-1"], "--storm"),
        (["sweep", "--clocks", "10", "--due", "11"], "--due 11"),
    ],
)
def test_wrong_options_are_refused_with_the_mend(options, words):
    with pytest.raises(CommandError, match=words):
        bench(*options)
    assert not Ticket.objects.exists()


def test_percentile_is_a_value_that_was_measured():
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, part) for part in (1, 50, 95, 100)] == [1.0, 3.0, 5.0, 5.0]
