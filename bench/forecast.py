"""Forecasts of many series with choice of methods, intervals and probabilities, beside statsforecast's AutoTheta."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

from bench.ground import ROOT, SHARED, NotMeasured, Row
from shuangkong.core.period import Period
from shuangkong.outlook.forecast.calibration import calibration, rolled
from shuangkong.outlook.forecast.ending import Counting
from shuangkong.outlook.forecast.forecasting import Standing, forecast
from shuangkong.outlook.forecast.limit_book import limits
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Floats, Frequency, Panel
from shuangkong.rulebook import open_rulebook

TITLE = "Forecasts of many series, beside statsforecast's AutoTheta"
NOTE = (
    "Ours tries its methods from past origins (ten at most), averages the best, gives intervals and keeps what "
    "probabilities need; two threads, one BLAS thread each, in a process of its own; medians of 5. AutoTheta gives "
    "points alone, one process, after its compilation. Error: mean absolute error ÷ mean absolute change on the season "
    "before, in what was told (MASE); both sides forecast the same series. Generated: trend, season (half of them "
    "multiplicative), random walk and noise, seeded. Real, where the given data are on this machine: yearly figures, "
    "three held back, from every year that ten figures or more lead up to. statsforecast is installed into a folder "
    "that is thrown away, or taken from the Python that SHUANGKONG_STATSFORECAST names."
)
SERIES, BESIDE, POINTS, HORIZON, TURNS, THREADS = 20_000, 1_000, 60, 12, 5, 2
ASKED_SERIES = 20_000
#: Real yearly series: file, columns that name a series, column of the figure.
REAL = (
    ("city_gdp_2010_2023.csv", ("province", "city"), "gdp_nominal_100m_yuan"),
    ("city_sector_value_added_2010_2023.csv", ("province", "city"), "va2_100m_yuan"),
    ("province_gdp_2005_2024.csv", ("region",), "gdp_100m_yuan"),
)
LEAST_TOLD, HELD_BACK, BACKS = 10, 3, (24, 20, 17, 15)
SIDE = Path(__file__).with_name("statsforecast_side.py")
NOW = Period(2024, "12")

type Ask = Callable[[Floats, int, int], tuple[float, Floats]]


def rows() -> Iterator[Row]:
    wall, processor = _in_its_own_process()
    yield Row("our speed, 60 points, horizon 12", f"{wall:,.0f} series/s", f"≥ {ASKED_SERIES:,} series/s")
    yield Row("the same, by processor time of one core", f"{processor:,.0f} series/s")
    yield from _reliability()
    told = generated(BESIDE, POINTS + HORIZON)
    sets = [("generated, monthly", told, Frequency.MONTHLY, HORIZON)]
    sets += [(name, values, Frequency.YEARLY, HELD_BACK) for name, values in real()]
    with _statsforecast() as ask:
        for name, values, frequency, horizon in sets:
            yield _beside(name, values, frequency, horizon, ask)


def generated(count: int, periods: int, seed: int = 5) -> Floats:
    """Series × periods, all above zero."""
    draw = np.random.default_rng(seed)
    times, level = np.arange(periods), draw.uniform(50, 500, (count, 1))
    trend = draw.normal(0.002, 0.006, (count, 1)) * times
    walk = np.cumsum(draw.normal(0, 1, (count, periods)) * draw.uniform(0, 0.02, (count, 1)), axis=1)
    shape = draw.normal(0, 1, (count, 12)) * draw.uniform(0, 0.2, (count, 1))
    season = (shape - shape.mean(axis=1, keepdims=True))[:, times % 12]
    noise = np.exp(draw.normal(0, 1, (count, periods)) * draw.uniform(0.005, 0.06, (count, 1)))
    is_multiplied = draw.random((count, 1)) < 0.5
    course = np.where(is_multiplied, np.exp(trend + walk + season), 1 + trend + walk + season)
    return np.maximum(level * course * noise, 0.1 * level)


def real() -> Iterator[tuple[str, Floats]]:
    """Name and series × years, of series that are told in every year."""
    for file, named, column in REAL:
        path = SHARED / "data" / file
        if not path.is_file():
            continue
        found: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(line for line in lines if not line.startswith("#")):
                if row[column]:
                    found[tuple(row[name] for name in named)][int(row["year"])] = float(row[column])
        years = sorted({year for one in found.values() for year in one})
        whole = [[one[year] for year in years] for one in found.values() if all(one.get(year, 0) > 0 for year in years)]
        yield f"{file.removesuffix('.csv')} {column}", np.array(whole)


def _limits() -> Limits:
    return limits(open_rulebook().folder, "national", date(2024, 12, 31))


def _in_its_own_process() -> tuple[float, float]:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "bench.forecast"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    wall, processor = map(float, told.stdout.split())
    return wall, processor


def speed() -> tuple[float, float]:
    """Series per second, and per second of processor time: medians of some runs over all of them."""
    panel, rule = Panel(generated(SERIES, POINTS), Frequency.MONTHLY, NOW), _limits()
    forecast(Panel(panel.values[:500], Frequency.MONTHLY, NOW), HORIZON, rule, THREADS)
    times, used = [], []
    for _ in range(TURNS):
        start, begun = perf_counter(), process_time()
        found = forecast(panel, HORIZON, rule, THREADS)
        times.append(perf_counter() - start)
        used.append(process_time() - begun)
        assert (found.standings == Standing.FORECAST).all()
    return SERIES / median(times), SERIES / median(used)


def _reliability() -> Iterator[Row]:
    """Year-ends seen from four months of the year; the bound lies about 6 % around the year before."""
    panel, rule = Panel(generated(BESIDE, POINTS + 24, seed=9), Frequency.MONTHLY, NOW), _limits()
    draw = np.random.default_rng(10)

    def bounds(past: Panel, year: Period) -> Floats:
        first, last = past.steps_to(year.shifted(-1))
        origin = past.values.shape[1] - 1
        before: Floats = past.values[:, origin + first : origin + last + 1].sum(axis=1)
        return before * (1 + draw.normal(0, 0.06, BESIDE))

    wants_less = draw.random(BESIDE) < 0.5
    past = rolled(panel, rule, BACKS, bounds, wants_less, Counting.SUM, THREADS)
    found = calibration(past, rule.levels)
    yield Row(f"Brier score of missing the year's target, {found.count:,} forecasts at past origins",
              f"{found.brier:.3f} (who always says the share that was missed: {found.reference:.3f})")  # fmt: skip
    said = "; ".join(f"{each.said:.0%} → {each.came:.0%}" for each in found.bins)
    yield Row("reliability: probability said → share missed", said)
    for level, share in found.covered.items():
        yield Row(f"year-ends inside the interval of {level:.0%}", f"{share:.1%}")


def _beside(name: str, values: Floats, frequency: Frequency, horizon: int, ask: Ask) -> Row:
    """Monthly series from their last origin; yearly ones from each that leaves figures enough on both sides."""
    is_monthly = frequency is Frequency.MONTHLY
    origins = [values.shape[1] - horizon] if is_monthly else range(LEAST_TOLD, values.shape[1] - horizon + 1)
    last, season = NOW if is_monthly else Period(NOW.year), int(frequency)
    ours, theirs, seconds = [], [], 0.0
    for origin in origins:
        told, came = np.ascontiguousarray(values[:, :origin]), values[:, origin : origin + horizon]
        found = forecast(Panel(told, frequency, last), horizon, _limits(), THREADS)
        spent, other = ask(told, season, horizon)
        change = np.abs(told[:, season:] - told[:, :-season]).mean(axis=1)
        ours.append(np.abs(came - found.course[:, found.lead :]).mean(axis=1) / change)
        theirs.append(np.abs(came - other).mean(axis=1) / change)
        seconds += spent
    rate = len(values) * len(ours) / seconds
    shown = f"MASE {np.mean(ours):.3f}; AutoTheta {np.mean(theirs):.3f}, at {rate:,.0f} series/s"
    size = f"{len(values):,} series, {len(ours)} origins, horizon {horizon}"
    return Row(f"{name}, {size}", shown, "no worse than AutoTheta")


@contextmanager
def _statsforecast() -> Iterator[Ask]:
    """Asks the other side for forecasts of series; gives its seconds and what it forecast."""
    with tempfile.TemporaryDirectory() as folder:
        python = os.environ.get("SHUANGKONG_STATSFORECAST") or _installed(Path(folder) / "env")
        with subprocess.Popen([python, str(SIDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            told, heard = process.stdin, process.stdout
            assert told is not None
            assert heard is not None

            def ask(series: Floats, season: int, horizon: int) -> tuple[float, Floats]:
                file = Path(folder) / "series.npy"
                np.save(file, series)
                told.write(json.dumps({"file": str(file), "season": season, "horizon": horizon}) + "\n")
                told.flush()
                answer = json.loads(heard.readline())
                return float(answer["seconds"]), np.load(answer["file"])

            yield ask
            told.close()


def _installed(folder: Path) -> str:
    """A Python with statsforecast in ``folder``, brought from the package index that this machine uses."""
    python = str(folder / "bin" / "python")
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [python, "-m", "pip", "install", "--quiet", "statsforecast"],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise NotMeasured(f"statsforecast could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    return python


if __name__ == "__main__":
    print(*speed())
