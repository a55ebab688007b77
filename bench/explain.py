"""Explanations: the tree of one figure of a province, from the database, as a page or the command shows it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.ground import ROOT, NotMeasured, Row, milliseconds

TITLE = "Explanations"
NOTE = (
    "Facts of ten years for every province, SQLite, with the national list of regions; its policy read "
    "beforehand. The correction is one province's year told anew, up to its results; the load itself is not counted."
)
YEARS = 10


def rows() -> Iterator[Row]:
    """In a process of its own over an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            [sys.executable, "-m", "bench.explain"], cwd=ROOT, env=os.environ | {"SHUANGKONG_VAR": folder},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if told.returncode:
        raise NotMeasured(told.stderr[-500:])
    bounds = {"a province's intensity, both inputs told": "< 50 ms", "one correction up to its results": "< 1 s"}
    for line in told.stdout.splitlines():
        what, _, result = line.rpartition(": ")
        yield Row(what, result, bounds.get(what, ""))


def main() -> None:
    """Prints a line a measurement."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangkong.web.site.settings")
    django.setup()
    from django.core.management import call_command

    from shuangkong.cli.regions import listed_regions
    from shuangkong.core.fact import Cell, Subject
    from shuangkong.core.period import Period
    from shuangkong.records.indicators.computing import compute
    from shuangkong.records.indicators.explaining import explain
    from shuangkong.records.registry import store as registry

    call_command("migrate", verbosity=0)
    registry.save_regions(listed_regions())
    standing = [each for each in listed_regions() if each.ends_on is None]
    first, last = 2016, 2016 + YEARS - 1
    provinces = [each.code for each in standing if each.level == "province"]
    _load(provinces, range(first, last + 1))
    one = Subject("region", provinces[5])
    intensity = Cell(one, "energy_intensity", Period(last))
    assert explain(intensity).value is not None
    print(f"a province's intensity, both inputs told: {milliseconds(lambda: explain(intensity)):.1f} ms")
    decline = Cell(one, "energy_intensity_cumulative_decline", Period(last))
    print(f"its cumulative decline, five years of inputs: {milliseconds(lambda: explain(decline)):.1f} ms")
    told = milliseconds(lambda: compute(is_whole=True), 1) / 1000
    print(f"all results of {len(provinces)} provinces and {YEARS} years: {told:.1f} s")
    _load([provinces[5]], [last], number=7)
    print(f"one correction up to its results: {_once(compute):.2f} s")


def _once(act: object) -> float:
    from time import perf_counter

    start = perf_counter()
    assert callable(act)
    act()
    return perf_counter() - start


def _load(codes: list[str], years: object, number: int = 0) -> None:
    """Consumption and GDP of these regions and years."""
    from shuangkong.records.facts.bulk import load_batches
    from shuangkong.records.facts.doors import batches, digest_of
    from shuangkong.records.people.acting import Acting
    from shuangkong.records.people.roles import Role

    by = Acting("bench", Role.ADMINISTRATOR, paths=("/",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("indicator,subject,period,value,unit,maturity,origin,source\n")
            for year in years:  # type: ignore[attr-defined]
                for place, code in enumerate(codes):
                    value = f"{1000 + place * 7 + year % 100 + number}.5"
                    file.write(f"total_consumption,{code},{year},{value},万吨标准煤,final,reported,年报\n")
                    file.write(f"gdp_constant,{code},{year},{2 * float(value)},亿元,final,reported,年报\n")
        with batches(path) as told:
            load_batches(told, name=path.name, digest=digest_of(path), source="", by=by, is_dry_run=False)


if __name__ == "__main__":
    main()
