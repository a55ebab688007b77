"""What is measured of a nation's month: each act in a process of its own, on the database of the environment."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from bench.nation_ground import Nation, Telling, figures
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Asked, Law
from shuangkong.indicators.engine.columns import ColumnEngine
from shuangkong.indicators.engine.everyone import Everyone
from shuangkong.indicators.engine.figures import UNTOLD
from shuangkong.indicators.engine.reach import needed, reached
from shuangkong.indicators.engine.texts import texts
from shuangkong.indicators.engine.told import SCHEMA, told_columns
from shuangkong.records.facts.dictionary import met, subjects, written
from shuangkong.records.facts.inserting import insert
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.periods import period_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.store import load_rows
from shuangkong.records.indicators.computing import Computed, compute
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.looking import vintages
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

NATION = Nation(30, 327, 2_943, 17_000)
MONTH = Period(2025, "07")
INDICATORS, MONTHS = 300, 60
_BY = Acting("bench", Role.ADMINISTRATOR, paths=("/",))


def telling(month: Period = MONTH) -> Telling:
    return Telling(law_of(Territory()), month, INDICATORS)


def fill() -> dict[str, Any]:
    """An empty database with the nation's registers and the facts of the month, and of those before that it takes."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        return _filled()


def _filled() -> dict[str, Any]:
    levels = NATION.levels
    registry.save_regions(
        [RegionRow(code, code, levels[code], parent or None) for code, parent in NATION.parents.items()]
    )
    units = NATION.region_of_units
    rows = [SubjectRow(each.kind, each.code, each.code, units.get(each.code, each.code)) for each in NATION.leaves]
    numbers = list(met(rows).values())
    told = telling().told()
    words = written(Word.INDICATOR, {key for keys in told.values() for key in keys})
    printed = {unit.unit.id: text for text, unit in open_rulebook().units().items() if unit.factor == 1}
    rules = open_rulebook().every_rule()
    units_of = {key: printed.get(rules[key].unit, rules[key].unit) for key in words}
    numbers_of = written(Word.UNIT, set(units_of.values()))
    source = written(Word.SOURCE, {"月报"})["月报"]
    _tell(told, numbers, words, {key: numbers_of[unit] for key, unit in units_of.items()}, source)
    facts = sum(map(len, told.values())) * len(numbers)
    return {"facts": f"{facts:,}", "columns": len(told[MONTH]), "computed": len(telling().computed)}


def _tell(
    told: Mapping[Period, Sequence[str]], subjects: Sequence[int], words: Mapping[str, int], units: Mapping[str, int],
    source: int, draw: int = 0,
) -> None:  # fmt: skip
    """One load of drawn figures of these columns for these subjects."""
    count = sum(map(len, told.values())) * len(subjects)
    load = Load.objects.create(
        name="nation", sha256="", source="月报", rows_new=count, rows_changed=0, rows_same=0, loaded_at=timezone.now(),
        loaded_by="bench",
    )  # fmt: skip
    for period, keys in told.items():
        parts = [
            pl.DataFrame({"subject_id": subjects, "value": values}).with_columns(
                indicator_id=pl.lit(words[key]), unit_id=pl.lit(units[key])
            )
            for key, values in zip(keys, figures(period, len(keys), len(subjects), draw), strict=True)
        ]
        constant = {"measure": 0, "state": 0, "origin": 1, "maturity": 1, "evidence": 0, "note": "", "load_id": load.pk}
        months = {"first_month": period.first_month, "months": period.months, "source_id": source}
        insert(pl.concat(parts).with_columns(pl.lit(value).alias(name) for name, value in (constant | months).items()))


def month() -> dict[str, Any]:
    """The whole month told anew with other figures, and computed; telling is not counted."""
    told = {MONTH: telling().told()[MONTH]}
    words = written(Word.INDICATOR, told[MONTH])
    numbers = subjects({(each.kind, each.code) for each in NATION.leaves})
    rows = Observation.objects.filter(indicator__in=words.values(), first_month=MONTH.first_month)
    keys = {number: key for key, number in words.items()}
    one = rows.filter(subject=min(numbers.values())).values_list("indicator", "unit")
    units = {keys[number]: unit for number, unit in one}
    with transaction.atomic():
        _tell(told, sorted(numbers.values()), words, units, written(Word.SOURCE, {"月报"})["月报"], draw=1)
    law_of(Territory())  # the policy is read beforehand
    watch = _Watch()
    done = compute()
    assert not done.is_whole, done
    return _counts(done) | watch.read()


class _Watch:
    """Wall time and time of the processor since it was made: this machine has others to serve."""

    def __init__(self) -> None:
        self._wall, self._processor = perf_counter(), process_time()

    def read(self) -> dict[str, float]:
        return {"seconds": perf_counter() - self._wall, "processor": process_time() - self._processor}


def act(name: str) -> dict[str, Any]:
    """``compute``, ``again`` or ``correct``."""
    law_of(Territory())  # the policy is read beforehand
    if name == "correct":
        return _correct()
    watch = _Watch()
    done = compute(is_whole=name == "again")
    assert name == "compute" or not done.changed, done
    return _counts(done) | watch.read()


def _counts(done: Computed) -> dict[str, Any]:
    return {"cells": done.cells, "changed": done.changed, "one_by_one": done.one_by_one}


def _correct() -> dict[str, Any]:
    county = NATION.county_codes[7]
    city = NATION.parents[county]
    province = Subject("region", NATION.parents[city])
    before = vintages("total_consumption", province)
    sheet = [["indicator", "subject", "period", "value", "unit", "maturity", "source"]]
    sheet.append(["total_consumption", county, str(MONTH), "123456.5", "吨标准煤", "preliminary", "月报"])
    watch = _Watch()
    report = load_rows(sheet, name="t.csv", digest="", source="", by=_BY, is_dry_run=False)
    assert report.load is not None, report.verdicts
    loaded = watch.read()["seconds"]
    done = compute()
    said = _counts(done) | watch.read()
    assert len(vintages("total_consumption", province)) == len(before) + 1, done
    return said | {"load": loaded}


def columns() -> dict[str, Any]:
    """Months in columns, from files to files, without a database: each with what it takes of earlier ones."""
    law = law_of(Territory())
    everyone = Everyone.of(NATION.leaves, NATION.subjects())
    months = [Period(2021 + number // 12, f"{number % 12 + 1:02d}") for number in range(MONTHS)]
    with tempfile.TemporaryDirectory() as folder:
        for month in months:
            _write(Path(folder), month, Telling(law, MONTH, INDICATORS), everyone)
        watch = _Watch()
        results = sum(_compute(Path(folder), month, law, everyone) for month in months)
        return {"months": MONTHS, "results": results} | watch.read()


def _write(folder: Path, month: Period, said: Telling, everyone: Everyone) -> None:
    """What every leaf tells of a month, as a frame of facts that the column engine takes."""
    rows = [everyone.rows[each] for each in NATION.leaves]
    keys = [key for key in said.indicators if key not in said.computed]
    constant = {"measure": 0, "state": 0, "origin": 1, "maturity": 1, "is_demo": False, "factor": "1"}
    months = {"first_month": month.first_month, "months": month.months}
    parts = [
        pl.DataFrame({"row": rows, "value": values}).with_columns(
            indicator=pl.lit(key), unit=pl.lit(said.law.indicators[key].unit)
        )
        for key, values in zip(keys, figures(month, len(keys), len(rows)), strict=True)
    ]
    told = pl.concat(parts).with_columns(pl.lit(value).alias(name) for name, value in (constant | months).items())
    told.select(*SCHEMA).cast(dict(SCHEMA)).write_parquet(folder / f"{month}.parquet")


def _compute(folder: Path, month: Period, law: Law, everyone: Everyone) -> int:
    """The results of a month beside its facts; how many there are."""
    told = {Asked(key, period) for period in _before(folder, month) for key in law.indicators}
    targets = reached((asked for asked in told if asked.period == month), [month], law)
    wanted: dict[Period, set[str]] = {}
    for asked in needed(targets, told, law):
        wanted.setdefault(asked.period, set()).add(asked.indicator)
    facts = {}
    for period, keys in wanted.items():
        frame = pl.scan_parquet(folder / f"{period}.parquet").filter(pl.col("indicator").is_in(list(keys))).collect()
        facts |= told_columns(frame, len(everyone), law, period_of)
    engine = ColumnEngine(law, everyone, facts)
    parts = []
    for asked in sorted(targets):
        found = engine.figures(asked)
        rows = np.flatnonzero(~found.is_told & ~found.is_missing & (found.standing.maturities != UNTOLD))
        if len(rows):
            made = pl.DataFrame({"row": rows, "value": texts(found.column, rows)})
            parts.append(made.with_columns(indicator=pl.lit(asked.indicator)))
    results = pl.concat(parts)
    results.write_parquet(folder / f"results-{month}.parquet")
    return results.height


def _before(folder: Path, month: Period) -> list[Period]:
    periods = (Period.parse(path.stem) for path in folder.glob("2*.parquet"))
    return [period for period in periods if period.first_month <= month.first_month]
