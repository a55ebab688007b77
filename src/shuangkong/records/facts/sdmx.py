"""SDMX-CSV: the columns of the statistical offices' exchange format, in and out (field guide, versions 1.0 and 2.0).

A row names its structure (STRUCTURE, STRUCTURE_ID, ACTION in 2.0, DATAFLOW in 1.0), then dimensions, OBS_VALUE and
attributes. Maturity, origin and evidence have columns of their own here; a file of others, without them, is understood
by OBS_STATUS (code list CL_OBS_STATUS).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from shuangkong.core.fact import Maturity, Origin, State

STRUCTURE_ID = "SHUANGKONG:FACTS(1.0)"
#: Our column → theirs, the first of them written; the order is that of the file.
_COLUMNS = {
    "indicator": ("INDICATOR",),
    "subject_kind": ("SUBJECT_KIND",),
    "subject": ("REF_AREA", "SUBJECT"),
    "measure": ("MEASURE",),
    "origin": ("ORIGIN",),
    "maturity": ("MATURITY",),
    "period": ("TIME_PERIOD",),
    "value": ("OBS_VALUE",),
    "unit": ("UNIT_MEASURE", "UNIT"),
    "evidence": ("EVIDENCE",),
    "source": ("SOURCE",),
    "note": ("COMMENT_OBS",),
}
#: What stands in the place of a figure: M cannot exist, L and O are missing, Q is suppressed.
_STATUSES = {"M": State.NOT_APPLICABLE, "L": State.MISSING, "O": State.MISSING, "Q": State.SUPPRESSED}
_WRITTEN = {State.NOT_APPLICABLE: "M", State.MISSING: "L", State.SUPPRESSED: "Q"}
_NORMAL, _ESTIMATED, _PROVISIONAL = "A", "E", "P"
_DELETES = "D"
#: Theirs → ours: half-years, months, years, and spans of months and years from January.
_PERIODS = (
    (r"^(\d{4})-S([12])$", "${1}-H$2"),
    (r"^(\d{4})-M(\d\d)$", "${1}-$2"),
    (r"^(\d{4})-A1$", "$1"),
    (r"^(\d{4})-01-01/P(\d)M$", "${1}-C0$2"),
    (r"^(\d{4})-01-01/P(\d\d)M$", "${1}-C$2"),
)


def is_sdmx(headings: Sequence[str]) -> bool:
    """Whether the headings are those of an SDMX-CSV file."""
    return bool(headings) and headings[0].partition("[")[0] in ("STRUCTURE", "DATAFLOW")


def told(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of an SDMX-CSV file under the names of facts.columns; ``row`` stays."""
    there = set(frame.collect_schema().names())
    found = {ours: [name for name in theirs if name in there] for ours, theirs in _COLUMNS.items()}
    texts = {ours: pl.col(names[0]).fill_null("") for ours, names in found.items() if names}
    status = pl.col("OBS_STATUS").fill_null("") if "OBS_STATUS" in there else pl.lit("")
    nothing = pl.lit("")
    texts["value"] = _value(texts.get("value", nothing), status, there)
    texts["period"] = _period(texts.get("period", nothing))
    texts["maturity"] = _or(
        texts.get("maturity", nothing), _by(status, _PROVISIONAL, Maturity.PRELIMINARY, Maturity.FINAL)
    )
    texts["origin"] = _or(texts.get("origin", nothing), _by(status, _ESTIMATED, Origin.ESTIMATE, Origin.REPORTED))
    return frame.select(pl.col("row").cast(pl.Int64), *(text.alias(ours) for ours, text in texts.items()))


def written(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures in the columns of facts.columns (English words) → the columns of an SDMX-CSV 2.0 file."""
    state = pl.col("value")
    status = pl.when(pl.col("origin") == Origin.ESTIMATE).then(pl.lit(_ESTIMATED))
    is_open = pl.col("maturity").is_in([Maturity.FLASH, Maturity.PRELIMINARY])
    said = status.when(is_open).then(pl.lit(_PROVISIONAL)).otherwise(pl.lit(_NORMAL))
    for word, code in _WRITTEN.items():
        said = pl.when(state == word).then(pl.lit(code)).otherwise(said)
    columns = {theirs[0]: pl.col(ours) for ours, theirs in _COLUMNS.items()}
    columns["OBS_VALUE"] = pl.when(state.is_in(list(_WRITTEN))).then(pl.lit("")).otherwise(state)
    columns["TIME_PERIOD"] = _their_period(pl.col("period"))
    return frame.select(
        pl.lit("dataflow").alias("STRUCTURE"),
        pl.lit(STRUCTURE_ID).alias("STRUCTURE_ID"),
        pl.lit("I").alias("ACTION"),
        *(column.alias(name) for name, column in columns.items()),
        said.alias("OBS_STATUS"),
    )


def _value(value: pl.Expr, status: pl.Expr, there: set[str]) -> pl.Expr:
    """The figure, or the word of its status; what would delete or multiply stands as it is, and is refused."""
    absent = value.is_in(["", "NaN"])
    for code, state in _STATUSES.items():
        value = pl.when(absent & (status == code)).then(pl.lit(state.value)).otherwise(value)
    if "ACTION" in there:
        value = pl.when(pl.col("ACTION") == _DELETES).then(pl.lit("ACTION=D")).otherwise(value)
    if "UNIT_MULT" in there:
        power = pl.col("UNIT_MULT").fill_null("")
        value = (
            pl.when(power.is_in(["", "0"])).then(value).otherwise(pl.concat_str(value, pl.lit(" UNIT_MULT="), power))
        )
    return value


def _period(text: pl.Expr) -> pl.Expr:
    for theirs, ours in _PERIODS:
        text = text.str.replace(theirs, ours)
    first = text.str.slice(0, 4)
    last = first.cast(pl.Int64, strict=False) + 4
    is_plan = text.str.contains(r"^\d{4}-01-01/P5Y$")
    return pl.when(is_plan).then(pl.concat_str(first, pl.lit("-"), last.cast(pl.String))).otherwise(text)


def _their_period(text: pl.Expr) -> pl.Expr:
    text = text.str.replace(r"^(\d{4})-H([12])$", "${1}-S$2").str.replace(r"^(\d{4})-C0?(\d+)$", "${1}-01-01/P${2}M")
    return text.str.replace(r"^(\d{4})-\d{4}$", "${1}-01-01/P5Y")


def _or(text: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    return pl.when(text == "").then(otherwise).otherwise(text)


def _by(status: pl.Expr, code: str, then: str, otherwise: str) -> pl.Expr:
    return pl.when(status == code).then(pl.lit(str(then))).otherwise(pl.lit(str(otherwise)))
