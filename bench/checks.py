"""Checks of returns: one of hundreds of fields; six row rules over millions of rows, beside pandera and DuckDB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
import polars as pl

from bench.ground import NotMeasured, Row
from shuangkong.core.finding import Message, Severity
from shuangkong.core.period import Period
from shuangkong.reporting.checks import Context, Norm, Sheet, check_return, sheet_of
from shuangkong.reporting.checks.columns import RowRule, check_columns
from shuangkong.reporting.content import Content, Entry, figure
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook

TITLE = "Checks of returns"
NOTE = (
    "One return: the monthly energy return with every energy filled in, a plan made once, processor time of one check;"
    " with context: last period, last year and norms are held. Bulk: six"
    " rules over generated rows of whole numbers, two threads; half a percent of the rows fails the balance, every one"
    " of them gets a message in two languages. pandera and DuckDB judge the same file by the same rules and give a line"
    " for each failing row; they are installed into a folder that is thrown away, or taken from the Python that"
    " SHUANGKONG_CHECKS_SIDE names."
)
SIDE = Path(__file__).with_name("checks_side.py")
ROWS, SEED, FAILING = 2_000_000, 6, 0.005
DAY = date(2025, 6, 30)
RULES = (
    "opening + purchased == used + closing",
    "closing >= 0",
    "used <= opening + purchased",
    "money >= 200 * purchased and money <= 2500 * purchased",
    "abs(used - before) * 100 <= 30 * before",
    "used * 12 >= closing",
)


def rows() -> Iterator[Row]:
    yield from one_return()
    yield from bulk()


def one_return() -> Iterator[Row]:
    catalogue = open_rulebook().return_checks()
    form = catalogue.forms.form("energy_purchase", DAY)
    assert form is not None
    start = perf_counter()
    plan = catalogue.plan(form, DAY)
    yield Row("making a plan (once for form, day and place)", f"{1000 * (perf_counter() - start):,.0f} ms")
    content = filled(form)
    sheet = sheet_of(form, content)
    bare = Context(day=DAY + timedelta(days=8), period=Period.parse("2025-06"))
    held = Context(
        day=bare.day, period=bare.period, last=_share(sheet, "0.9"), year_ago=_share(sheet, "0.95"), before=(sheet,),
        norms={address: Norm(told, told / 20, 12, told, 3) for address, told in _figures(sheet).items()},
    )  # fmt: skip
    told = f"{len(content.entries)} told, {len(_figures(sheet))} in all, {len(plan.rules)} checks"
    for name, context in (("alone", bare), ("with context", held)):
        spent = _processor_time(lambda context=context: check_return(plan, sheet, context))
        yield Row(f"one return {name}, {told}", f"{spent:.2f} ms of processor", "≤ 3 ms")
    yield Row("derived fields of it", f"{_processor_time(lambda: sheet_of(form, content)):.2f} ms of processor")


def filled(form: Form) -> Content:
    """A plausible return: every energy in use, what came in went out."""
    entries: dict[str, Entry] = {}
    table, random = form.by_id["energy"], np.random.default_rng(SEED)
    prices = {"t": "0.08", "m3": "3", "kwh": "0.65", "gj": "0.004", "tce": "0.08"}
    law = open_rulebook().return_checks().law(form, DAY)
    for row in table.rows:
        if row.is_total:
            continue
        whole = Decimal(int(random.integers(100_000, 10_000_000))) / 100
        stock = Decimal(0) if row.unit in ("gj", "kwh") else whole / 10
        value = law.value(row.coefficient) if row.coefficient else None
        told = {
            "opening_stock": stock, "purchased": whole, "purchase_amount": whole * Decimal(prices.get(row.unit, "1")),
            "purchased_elsewhere": whole / 4, "production_use": whole * 9 / 10, "feedstock_use": Decimal(0),
            "conversion_use": Decimal(0), "other_use": whole / 10, "transport_use": Decimal(0), "closing_stock": stock,
            "coefficient": min(value.numbers) if value else Decimal(1),
        }  # fmt: skip
        for column, amount in told.items():
            field = table.by_place.get((row.id, column))
            if field is not None and field.is_told:
                entries[field.address] = figure(round(amount, field.decimals))
    return Content(form.id, form.edition, entries)


def _share(sheet: Sheet, share: str) -> Sheet:
    kept = ("opening_stock", "coefficient")
    return Sheet(
        {
            address: told if address.endswith(kept) else told * Decimal(share)
            for address, told in _figures(sheet).items()
        }
    )


def _figures(sheet: Sheet) -> dict[str, Decimal]:
    return {address: told for address, told in sheet.values.items() if isinstance(told, Decimal)}


def _processor_time(act: object, runs: int = 40) -> float:
    """Median processor time of several runs in ms: other work on the machine does not count."""
    assert callable(act)
    act()
    times = []
    for _ in range(runs):
        start = process_time()
        act()
        times.append(process_time() - start)
    return 1000 * median(times)


def bulk() -> Iterator[Row]:
    frame = table()
    message = Message(
        "{unit}：期初 {opening}，期末 {closing}。请核对。", "{unit}: opening {opening}, closing {closing}. Check them."
    )
    rules = [RowRule(f"RPT-{at}", Severity.MUST_EXPLAIN, rule, message, {}) for at, rule in enumerate(RULES)]
    times = []
    for _ in range(4):
        start = perf_counter()
        judged = check_columns(frame, rules, keys=("unit",), threads=2)
        times.append(perf_counter() - start)
    found = f"{judged.found.height:,} messages"
    yield Row(
        f"six rules over {ROWS:,} rows, {found}", f"{ROWS / median(times[1:]) / 1e6:.1f} million rows/s", "≥ 2 million"
    )
    for name, told in _others(frame).items():
        rate = ROWS / float(str(told["seconds"])) / 1e6
        yield Row(f"{name} {told['version']}, the same rules, {told['found']:,} lines", f"{rate:.1f} million rows/s")


def table() -> pl.DataFrame:
    """Generated units: opening + purchased = used + closing, but in a few rows."""
    random = np.random.default_rng(SEED)
    opening, purchased = random.integers(0, 100_000, ROWS), random.integers(100_000, 10_000_000, ROWS)
    used = (opening + purchased) * 9 // 10
    closing = opening + purchased - used
    closing = np.where(random.random(ROWS) < FAILING, closing + 500, closing)
    before = (used * random.uniform(0.8, 1.2, ROWS)).astype(np.int64)
    columns = {
        "opening": opening, "purchased": purchased, "used": used, "closing": closing, "money": purchased * 800,
        "before": before, "unit": np.arange(ROWS),
    }  # fmt: skip
    return pl.DataFrame(columns)


def _others(frame: pl.DataFrame) -> Mapping[str, Mapping[str, int | str]]:
    with tempfile.TemporaryDirectory() as folder:
        python = os.environ.get("SHUANGKONG_CHECKS_SIDE") or _installed(Path(folder) / "env")
        file = Path(folder) / "rows.parquet"
        frame.write_parquet(file)
        done = subprocess.run([python, str(SIDE), str(file)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(f"the other side failed: {done.stderr.strip().splitlines()[-1:]}")
        found: Mapping[str, Mapping[str, int | str]] = json.loads(done.stdout)
        return found


def _installed(folder: Path) -> str:
    """A Python with pandera and DuckDB in ``folder``, brought from the package index that this machine uses."""
    python = str(folder / "bin" / "python")
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [python, "-m", "pip", "install", "--quiet", "pandera[polars]", "duckdb", "numpy"],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise NotMeasured(f"pandera and DuckDB could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    return python
