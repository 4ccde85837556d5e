"""Kill worker, beat, Redis and database at random while thousands of limits run out, and check that
every notice was made exactly once and no step was left half done.

    python tests/load/crash_run.py [--clocks 2000] [--kills 20] [--database-kills 1] [--minutes 6]
                                   [--seed N] [--report FILE] [--logs FOLDER]

Everything runs on servers of its own in a temporary folder, which is removed in the end.
Exit code: 0 when everything holds, 1 on any fault, 2 when the machine lacks a program.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[0] = str(ROOT)
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    arguments = _arguments()
    for number in STOPS:
        signal.signal(number, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="hotline-crash-"))
    folder.chmod(0o755)  # the user `postgres` must reach its own part
    try:
        return _run(arguments, folder)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before the end; nothing was checked.\n")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(arguments: argparse.Namespace, folder: Path) -> int:
    # Only here: the settings are read when Django starts, and they must name this run's servers.
    import django

    from tests.load.servers import Missing, Servers

    logs = arguments.logs or folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    try:
        servers = Servers(folder, logs)
    except Missing as error:
        sys.stderr.write(f"{error}\n")
        return 2
    os.environ |= servers.environment()
    django.setup()
    from tests.load.course import Course, Plan

    plan = Plan(
        clocks=arguments.clocks,
        kills=arguments.kills,
        database_kills=arguments.database_kills,
        seconds=arguments.minutes * 60,
        seed=arguments.seed,
    )
    try:
        report = Course(plan, servers, _say).run()
    finally:
        for number in STOPS:  # a second Ctrl-C must not stop the cleaning
            signal.signal(number, signal.SIG_IGN)
        servers.stop()
    _say(report.text())
    if arguments.report:
        arguments.report.write_text(
            json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return 1 if report.faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--clocks", type=int, default=2000, help="limits that run out")
    parser.add_argument("--kills", type=int, default=20, help="of worker, beat and Redis")
    parser.add_argument("--database-kills", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=6.0, help="in which they run out")
    parser.add_argument("--seed", type=int, default=None, help="repeats kills and moments")
    parser.add_argument("--report", type=Path, help="write the report as JSON")
    parser.add_argument("--logs", type=Path, help="keep what the servers say in this folder")
    arguments = parser.parse_args()
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(10**6)
    if arguments.logs:
        arguments.logs = arguments.logs.absolute()
    return arguments


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
