"""按列取数: the facts that columns rest on, read period by period, and the engine that computes them for everyone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from shuangkong.core.fact import Subject as SubjectKey
from shuangkong.indicators.engine import Asked, Law
from shuangkong.indicators.engine.columns import ColumnEngine
from shuangkong.indicators.engine.everyone import Everyone, Rows
from shuangkong.indicators.engine.figures import Told
from shuangkong.indicators.engine.reach import needed
from shuangkong.indicators.engine.told import SCHEMA, told_columns
from shuangkong.records.facts.codes import MEASURES
from shuangkong.records.facts.frames import counting, dictionary, read_quickly, subjects_frame
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.periods import period_of, span
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.registry.models import Region
from shuangkong.rulebook import open_rulebook


@dataclass(slots=True)
class Everybody:
    """All subjects, as columns number them, and as tables do: ``rows`` by number, −1 where there is none."""

    everyone: Everyone
    rows: Rows
    numbers: Rows

    @classmethod
    def of(cls, territory: Territory) -> Everybody:
        """Everyone told of, and every region of the register. 2 queries, and those of the territory."""
        told = subjects_frame()
        keys = [SubjectKey(kind, code) for kind, code in told.select("kind", "code").iter_rows()]
        listed = (SubjectKey(REGION, code) for code in Region.objects.values_list("pk", flat=True))
        everyone = Everyone.of([*keys, *listed], territory.subjects)
        rows = np.full(int(told["id"].max() or 0) + 1, -1)  # type: ignore[arg-type]
        numbers = np.full(len(everyone), -1)
        for number, key in zip(told["id"], keys, strict=True):
            rows[number] = everyone.rows[key]
            numbers[everyone.rows[key]] = number
        return cls(everyone, rows, numbers)

    def learn(self, found: Mapping[int, int]) -> None:
        """Row → number of subjects that were met since."""
        rows = np.full(max(len(self.rows), 1 + max(found.values(), default=0)), -1)
        rows[: len(self.rows)] = self.rows
        for row, number in found.items():
            rows[number], self.numbers[row] = row, number
        self.rows = rows


def column_engine(
    targets: Collection[Asked],
    told: Collection[Asked],
    everybody: Everybody,
    law: Law,
    newest: int,
    territory: Territory,
) -> ColumnEngine:
    """An engine that knows all that these columns rest on. A few queries a period (frames_reading), and 3 more.

    Args:
        told: all columns of which anything was told.
        newest: number of the last load whose facts are known.
    """
    law = territory.with_history(law)
    found: dict[tuple[int, int], set[Asked]] = defaultdict(set)
    for asked in needed(targets, told, law):
        found[span(asked.period)].add(asked)
    indicators = dictionary(Word.INDICATOR)
    words = dict(zip(indicators["text"], indicators["id"], strict=True))
    tables = _Tables(
        everybody.rows, indicators.select(indicator_id="id", indicator="text"), _units(),
        list(Load.objects.filter(is_demo=True).values_list("pk", flat=True)),
    )  # fmt: skip
    facts: dict[Asked, Told] = {}
    for (first_month, months), columns in sorted(found.items()):
        wanted = {words[asked.indicator] for asked in columns if asked.indicator in words}
        measures = {MEASURES.number(asked.measure) for asked in columns}
        among = Observation.objects.filter(first_month=first_month, months=months, indicator__in=wanted)
        rows = among.filter(measure__in=measures, load__lte=newest)
        frame = tables.told(counting(read_quickly(rows, among)))
        facts |= told_columns(frame, len(everybody.everyone), law, period_of)
    return ColumnEngine(law, everybody.everyone, facts)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the numbers in a frame of facts stand for."""

    rows: Rows
    indicators: pl.DataFrame
    units: pl.DataFrame
    demos: list[int]

    def told(self, frame: pl.DataFrame) -> pl.DataFrame:
        """As engine.told takes it."""
        return (
            frame.with_columns(
                row=pl.Series(self.rows[frame["subject_id"].to_numpy()], dtype=pl.Int64),
                is_demo=pl.col("load_id").is_in(self.demos),
            )
            .join(self.indicators, on="indicator_id", how="left", maintain_order="left")
            .join(self.units, on="unit_id", how="left", maintain_order="left")
            .select(*SCHEMA)
        )


def _units() -> pl.DataFrame:
    """Number of a printed unit → base unit and factor. A unit that no policy file knows is its own base. 1 query."""
    known, printed = open_rulebook().units(), dictionary(Word.UNIT)
    return printed.select(
        unit_id="id",
        unit=pl.Series([known[text].unit.id if text in known else text for text in printed["text"]], dtype=pl.String),
        factor=pl.Series(
            [format(known[text].factor, "f") if text in known else "1" for text in printed["text"]], dtype=pl.String
        ),
    )
