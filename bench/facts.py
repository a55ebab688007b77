"""Facts: a million figures from a file into the database, checked row by row, and a nation's month out again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ground import ROOT, NotMeasured, Row, peak_megabytes
from bench.postgresql import NoServer, server

TITLE = "Facts"
NOTE = (
    "One file of a million figures: 334 indicators and 3,000 regions for one month. Each load runs in a process of its "
    "own over an empty database with the national list of regions; PostgreSQL with its usual settings. The second load "
    "is the same file again: every figure is compared and none written."
)
ROWS = 1_000_000
_REGIONS = 3_000


def rows() -> Iterator[Row]:
    """Measures both databases."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _told("SQLite", _run({"SHUANGKONG_VAR": folder}), 60)
    try:
        with tempfile.TemporaryDirectory() as folder, server() as address:
            told = _run({"SHUANGKONG_VAR": folder, "SHUANGKONG_DATABASE": address})
    except NoServer as lack:
        raise NotMeasured(str(lack)) from lack
    yield from _told("PostgreSQL", told, 30)


def _told(database: str, told: dict[str, float], bound: int) -> Iterator[Row]:
    yield Row(f"{database}: {ROWS:,} figures loaded", f"{told['load']:.1f} s", f"< {bound} s")
    yield Row(f"{database}: the same file again, all the same", f"{told['again']:.1f} s", "")
    yield Row(f"{database}: the month in columns", f"{told['frame']:.1f} s", "")
    yield Row(f"{database}: one cell, exact", f"{told['cell'] * 1000:.1f} ms", "")
    yield Row(f"{database}: most memory of the process", f"{told['memory']:.0f} MiB", "")


def _run(environment: dict[str, str]) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.facts"], cwd=ROOT, env=os.environ | environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise NotMeasured(told.stderr[-500:])
    return {name: float(value) for name, value in (line.split() for line in told.stdout.splitlines())}


def _write_file(path: Path, codes: list[str], indicators: list[tuple[str, str]]) -> None:
    """``indicators`` are ids with a printed unit."""
    with path.open("w", encoding="utf-8") as file:
        file.write("indicator,subject,period,value,unit,maturity,origin,source\n")
        for number in range(ROWS):
            indicator, unit = indicators[number // len(codes)]
            value = f"{number * 7919 % 1_000_003}.{number % 100:02d}"
            file.write(f"{indicator},{codes[number % len(codes)]},2025-07,{value},{unit},preliminary,reported,月报\n")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(what, time.perf_counter() - start)


def main() -> None:
    """One database: that of the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangkong.web.site.settings")
    django.setup()
    from django.core.management import call_command

    from shuangkong.cli.regions import listed_regions
    from shuangkong.core.fact import Cell, Subject
    from shuangkong.core.period import Period
    from shuangkong.records.facts.answering import facts_for
    from shuangkong.records.facts.bulk import load_batches
    from shuangkong.records.facts.doors import batches, digest_of
    from shuangkong.records.facts.frames import facts_frame
    from shuangkong.records.people.acting import Acting
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry import store as registry
    from shuangkong.rulebook import open_rulebook

    call_command("migrate", verbosity=0)
    registry.save_regions(listed_regions())
    codes = [each.code for each in listed_regions() if each.ends_on is None][:_REGIONS]
    book = open_rulebook()
    printed = {unit.unit.id: text for text, unit in reversed(book.units().items())}
    known = [(each.id, printed[each.unit]) for each in book.indicators().values() if each.unit in printed]
    needed = -(-ROWS // len(codes))
    indicators = known[:needed]
    if len(indicators) < needed:
        raise SystemExit(f"{len(indicators)} indicators with a printed unit, {needed} needed for {len(codes)} regions")
    by, month = Acting("bench", Role.ADMINISTRATOR, paths=("/",)), Period.parse("2025-07")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "month.csv"
        _write_file(path, codes, indicators)
        for what, expected in (("load", "new"), ("again", "same")):
            with _timed(what), batches(path) as told:
                report = load_batches(told, name=path.name, digest=digest_of(path), source="", by=by, is_dry_run=False)
            assert report.count(expected) == ROWS, (report.counts, report.verdicts[:3])
    with _timed("frame"):
        assert facts_frame([month]).height == ROWS
    cell = Cell(Subject("region", codes[17]), indicators[3][0], month)
    with _timed("cell"):
        assert cell in facts_for([cell])
    print("memory", peak_megabytes())


if __name__ == "__main__":
    main()
