"""整批审核: row rules over whole tables at once, exact, with a message for every row that fails.

A nation's returns are checked a column at a time. The conditions are those of the policy's expressions; they are put to
the column evaluator, which decides almost every row in floats with a bound and the rest in fractions, so that a row is
judged as the row evaluator judges it, ties included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from shuangkong.core.finding import Message, Severity
from shuangkong.policyfile.expression import Expression, parse
from shuangkong.policyfile.expression.column import Decimals, scaled
from shuangkong.policyfile.expression.columns import evaluate_columns
from shuangkong.policyfile.expression.given import Lack

#: A name in a message, braces around it.
_NAMED = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Columns of what is found.
COLUMNS = ("row", "code", "severity", "zh", "en")


@dataclass(frozen=True, slots=True)
class RowRule:
    """A condition that every row of a table meets.

    Attributes:
        rule: an expression over columns and ``constants``; a row in which it does not hold is found.
        message: with the names of columns in braces.
        blank: what an empty cell is: MISSING leaves a row unjudged, NOT_APPLICABLE is passed over by a sum.
    """

    code: str
    severity: Severity
    rule: str
    message: Message
    constants: Mapping[str, Decimal]
    blank: Lack = Lack.MISSING


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a table.

    Attributes:
        found: a row each finding: ``row`` (from 0), ``code``, ``severity``, ``zh``, ``en``, and the key columns.
        rows: how many rows there were; ``unjudged``: code → rows in which figures were lacking.
    """

    found: pl.DataFrame
    rows: int
    unjudged: Mapping[str, int]


def check_columns(frame: pl.DataFrame, rules: Sequence[RowRule], keys: Sequence[str] = (), threads: int = 1) -> Judged:
    """Every rule over every row.

    Args:
        frame: figures as decimals or whole numbers; ``keys``: columns that say whose row it is, repeated in what is
            found.

    Raises:
        TypeError: a figure column is of floats or words: what decides must be exact.
        ColumnNotFoundError: a rule names a column that is not there.
    """
    conditions = {rule.code: parse(f"1 if {rule.rule} else 0") for rule in rules}
    columns: dict[tuple[str, Lack], Decimals] = {}
    found, unjudged = [], {}
    for rule in rules:
        fails, lacks = _failing(frame, rule, conditions[rule.code], columns, threads)
        unjudged[rule.code] = lacks
        if len(fails):
            found.append(_told(frame, rule, fails, keys))
    return Judged(pl.concat(found) if found else _nothing(frame, keys), frame.height, unjudged)


def _failing(
    frame: pl.DataFrame,
    rule: RowRule,
    condition: Expression,
    columns: dict[tuple[str, Lack], Decimals],
    threads: int,
) -> tuple[np.ndarray, int]:
    """Positions of rows that fail, and how many could not be judged."""
    told: dict[str, Decimals | Decimal] = {}
    for name in condition.names:
        if name in rule.constants:
            told[name] = rule.constants[name]
            continue
        key = name, rule.blank
        if key not in columns:
            columns[key] = exact_column(frame[name], rule.blank)
        told[name] = columns[key]
    answers = evaluate_columns(condition, told, threads=threads)
    values = np.asarray(answers.wholes if isinstance(answers, Decimals) else answers.values)
    lacks = answers.lacks
    is_failing = values == 0 if lacks is None else (values == 0) & (lacks == 0)
    return np.flatnonzero(is_failing), 0 if lacks is None else int(np.count_nonzero(lacks))


def exact_column(series: pl.Series, blank: Lack) -> Decimals:
    """A column of decimals or whole numbers, blanks as the rule takes them; raises TypeError."""
    if isinstance(series.dtype, pl.Decimal):
        places, wholes = series.dtype.scale, series.to_physical().cast(pl.Int64)
    elif series.dtype.is_integer():
        places, wholes = 0, series.cast(pl.Int64)
    else:
        raise TypeError(f"column {series.name!r} of {series.dtype}: expected decimals or whole numbers")
    if not series.null_count():
        return scaled(wholes.to_numpy(), places)
    lacks = np.where(series.is_null().to_numpy(), np.int8(blank), np.int8(0))
    return scaled(wholes.fill_null(0).to_numpy(), places, lacks)


def _told(frame: pl.DataFrame, rule: RowRule, fails: np.ndarray, keys: Sequence[str]) -> pl.DataFrame:
    rows = frame[fails] if len(fails) < frame.height else frame
    return rows.select(
        pl.Series("row", fails, dtype=pl.UInt32),
        pl.lit(rule.code).alias("code"),
        pl.lit(rule.severity.value).alias("severity"),
        _worded(rule.message.zh, rule.constants).alias("zh"),
        _worded(rule.message.en, rule.constants).alias("en"),
        *keys,
    )


def _worded(message: str, constants: Mapping[str, Decimal]) -> pl.Expr:
    """The message of each row, its figures filled in; what is blank is shown so."""
    names = [name for name in _NAMED.findall(message) if name not in constants]
    text = _NAMED.sub(lambda match: f"{constants[match[1]]:f}" if match[1] in constants else "{}", message)
    if not names:
        return pl.lit(text)
    return pl.format(text, *(pl.col(name).cast(pl.String).fill_null("—") for name in names))


def _nothing(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    types = {"row": pl.UInt32(), **dict.fromkeys(COLUMNS[1:], pl.String())}
    return pl.DataFrame(schema={**types, **{key: frame.schema[key] for key in keys}})
