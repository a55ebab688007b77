"""Three chained formulas over a million entities, beside OpenFisca in turn on the same numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from bench.ground import NotMeasured, Row
from shuangkong.core.finding import Message
from shuangkong.policyfile.expression import parse
from shuangkong.policyfile.expression.column import Column, figures, scaled
from shuangkong.policyfile.expression.columns import evaluate_columns
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import evaluate

TITLE = "Formula engine on three chained variables, beside OpenFisca"
NOTE = (
    "1,000,000 entities; both sides take turns in one run, medians of 9 turns. Tax: income tax, social contribution by "
    "a scale of three brackets, what is left of the salary (rules of OpenFisca's country template). Energy: intensity "
    "of two years to 4 decimals, its change to 2, by how much a fall of 3 % is missed. Ours rounds each variable by "
    "the rule, ties exact; OpenFisca computes in float32 and rounds nothing. OpenFisca is installed into a folder that "
    "is thrown away, or taken from the Python that SHUANGKONG_OPENFISCA names."
)
ENTITIES, TURNS, THREADS, ROWS_ALONE = 1_000_000, 9, 2, 2_000
ASKED_MILLIONS, ASKED_TIMES = 5.0, 2.5
SIDE = Path(__file__).with_name("openfisca_side.py")
CENT = Grid(2)
KEPT = Grid(4, Decimal("0.0001"))

TAX = parse("salary * rate")
CONTRIBUTION = parse(
    "min(salary, second) * low + max(0, min(salary, third) - second) * middle + max(0, salary - third) * high"
)
LEFT = parse("salary - (tax + contribution)")
SCALE = {
    "second": Decimal(6000),
    "third": Decimal(12400),
    "low": Decimal("0.02"),
    "middle": Decimal("0.06"),
    "high": Decimal("0.12"),
}
INTENSITY = parse("consumption / product")
CHANGE = parse("100 * (this_year / year_before - 1)")
EXCESS = parse("0 if change <= -3 else change + 3")


@dataclass(frozen=True, slots=True)
class Chain:
    """Three variables: their inputs by name, and what computes the last of them from these."""

    name: str
    inputs: dict[str, Column]
    compute: Callable[[dict[str, Column]], Column]


def rows() -> Iterator[Row]:
    chains = (Chain("tax", _salaries(), _left), Chain("energy", _energy(), _excess))
    yield _alone(chains[0].inputs["salary"])
    with _openfisca() as ask:
        for chain in chains:
            yield from _beside(chain, ask)


def _alone(salaries: Column) -> Row:
    """One row at a time, with its trace: what a page asks for."""
    rate: Told = Decimal("0.15")
    told = [{"salary": figure, "rate": rate} for figure in islice(figures(salaries), ROWS_ALONE)]
    start = perf_counter()
    for one in told:
        evaluate(TAX, one, Message("税", "tax"), "CNY", CENT)
    microseconds = (perf_counter() - start) / len(told) * 1e6
    return Row("one row with its trace, one formula", f"{microseconds:.0f} µs")


def _beside(chain: Chain, ask: Callable[[str], dict[str, object]]) -> Iterator[Row]:
    ours, theirs = [], []
    chain.compute(chain.inputs)
    ask(chain.name)
    for _ in range(TURNS):
        start = perf_counter()
        found = chain.compute(chain.inputs)
        ours.append(perf_counter() - start)
        told = ask(chain.name)
        theirs.append(float(str(told["seconds"])))
    millions = ENTITIES / median(ours) / 1e6
    their_millions = ENTITIES / median(theirs) / 1e6
    first = told["first"]
    assert isinstance(first, list)
    off = [abs(float(str(mine)) - their) for mine, their in zip(figures(found), first, strict=False)]
    is_asked = chain.name == "tax"
    bound = f"≥ {ASKED_MILLIONS:.0f} million/s" if is_asked else ""
    yield Row(f"{chain.name}: ours, {THREADS} threads", f"{millions:.1f} million entities/s", bound)
    yield Row(f"{chain.name}: OpenFisca", f"{their_millions:.1f} million entities/s")
    times = f"{millions / their_millions:.1f} ×"
    yield Row(f"{chain.name}: ours against OpenFisca", times, f"≥ {ASKED_TIMES} ×" if is_asked else "")
    yield Row(f"{chain.name}: largest difference of the first {len(off):,} results", f"{max(off):.4g}")


def _salaries() -> dict[str, Column]:
    draw = np.random.default_rng(20).integers
    return {"salary": scaled(draw(0, 2_000_000, ENTITIES), 2)}


def _left(inputs: dict[str, Column]) -> Column:
    salary = inputs["salary"]
    tax = evaluate_columns(TAX, {"salary": salary, "rate": Decimal("0.15")}, CENT, THREADS)
    contribution = evaluate_columns(CONTRIBUTION, {"salary": salary, **SCALE}, CENT, THREADS)
    return evaluate_columns(LEFT, {"salary": salary, "tax": tax, "contribution": contribution}, CENT, THREADS)


def _energy() -> dict[str, Column]:
    draw = np.random.default_rng(20).integers
    ranges = {"consumption": (2 * 10**7, 8 * 10**7), "product": (5 * 10**11, 10**12)}
    return {
        f"{name}_{year}": scaled(draw(low, high, ENTITIES), 2)
        for year in ("before", "this")
        for name, (low, high) in ranges.items()
    }


def _excess(inputs: dict[str, Column]) -> Column:
    both = {
        year: evaluate_columns(
            INTENSITY,
            {"consumption": inputs[f"consumption_{year}"], "product": inputs[f"product_{year}"]},
            KEPT,
            THREADS,
        )
        for year in ("before", "this")
    }
    change = evaluate_columns(CHANGE, {"this_year": both["this"], "year_before": both["before"]}, CENT, THREADS)
    return evaluate_columns(EXCESS, {"change": change}, CENT, THREADS)


@contextmanager
def _openfisca() -> Iterator[Callable[[str], dict[str, object]]]:
    """Asks the other side for one run of a chain."""
    with tempfile.TemporaryDirectory() as folder:
        python = os.environ.get("SHUANGKONG_OPENFISCA") or _installed(Path(folder))
        with subprocess.Popen([python, str(SIDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            told, heard = process.stdin, process.stdout
            assert told is not None
            assert heard is not None

            def ask(chain: str) -> dict[str, object]:
                told.write(json.dumps({"chain": chain, "rows": ENTITIES}) + "\n")
                told.flush()
                answer: dict[str, object] = json.loads(heard.readline())
                return answer

            yield ask
            told.close()


def _installed(folder: Path) -> str:
    """A Python with OpenFisca in ``folder``, brought from the package index that this machine uses."""
    python = str(folder / "bin" / "python")
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [python, "-m", "pip", "install", "--quiet", "openfisca-core", "openfisca-country-template"],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise NotMeasured(f"OpenFisca could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    return python
