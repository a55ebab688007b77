"""烟气计算（按列）: the formulas of ``point`` as expressions over columns, null where a point has None.

Floats: bulk readings. What a rule then rounds or compares is settled by ``settled``, which reckons rows near a tie or a
limit anew in decimals.
"""

from __future__ import annotations

import polars as pl

from shuangkong.monitoring.flue_gas import point

_AIR = float(point.AIR_O2_PCT)
_K, _KPA = float(point.STANDARD_K), float(point.STANDARD_KPA)


def mass_concentration(ppm: pl.Expr, molar_g: pl.Expr) -> pl.Expr:
    return molar_g * ppm / float(point.MOLAR_VOLUME)


def nox_as_no2(no: pl.Expr, no2: pl.Expr) -> pl.Expr:
    return no * float(point.NO2_MOLAR) / float(point.NO_MOLAR) + no2


def at_standard_state(value: pl.Expr, temperature_c: pl.Expr, ambient_kpa: pl.Expr, static_kpa: pl.Expr) -> pl.Expr:
    pressure, kelvin = ambient_kpa + static_kpa, temperature_c + _K
    return pl.when((pressure > 0) & (kelvin > 0)).then(value * _KPA * kelvin / (pressure * _K))


def dry(value: pl.Expr, moisture_pct: pl.Expr) -> pl.Expr:
    return pl.when(moisture_pct.is_between(0, 100, closed="left")).then(value * 100 / (100 - moisture_pct))


def converted(value: pl.Expr, o2_pct: pl.Expr, reference_pct: pl.Expr) -> pl.Expr:
    by_oxygen = pl.when(o2_pct < _AIR).then(value * (_AIR - reference_pct) / (_AIR - o2_pct))
    return pl.when(reference_pct.is_null()).then(value).otherwise(by_oxygen)


def wet_flow(area_m2: pl.Expr, velocity_m_s: pl.Expr) -> pl.Expr:
    return area_m2 * velocity_m_s * 3600


def standard_flow(
    wet_m3_h: pl.Expr, temperature_c: pl.Expr, ambient_kpa: pl.Expr, static_kpa: pl.Expr, moisture_pct: pl.Expr
) -> pl.Expr:
    kelvin, pressure = temperature_c + _K, ambient_kpa + static_kpa
    there = (kelvin > 0) & (pressure > 0) & moisture_pct.is_between(0, 100)
    return pl.when(there).then(wet_m3_h * _K * pressure * (100 - moisture_pct) / (kelvin * _KPA * 100))


def hour_amount(value: pl.Expr, standard_m3_h: pl.Expr) -> pl.Expr:
    return value * standard_m3_h / 1e6


def gas_hours(frame: pl.DataFrame) -> pl.DataFrame:
    """``hour.gas_hour`` of every row.

    Args:
        frame: columns named as the fields of ``GasHour``, null where missing; a column that is not there is missing in
            every row (``is_standard``, ``is_dry``: true; ``coefficient``: 1).

    Returns:
        The frame with ``dry_mg_m3, converted_mg_m3, standard_m3_h, amount_kg, is_oxygen_of_air``.
    """
    numbers = (
        "value",
        "o2_pct",
        "temperature_c",
        "ambient_kpa",
        "static_kpa",
        "moisture_pct",
        "velocity_m_s",
        "area_m2",
    )
    more = ("flow_m3_h", "reference_o2_pct")
    lacking: dict[str, pl.Expr] = {
        name: pl.lit(None, dtype=pl.Float64) for name in (*numbers, *more) if name not in frame.columns
    }
    lacking |= {name: pl.lit(value=True) for name in ("is_standard", "is_dry") if name not in frame.columns}
    lacking |= {} if "coefficient" in frame.columns else {"coefficient": pl.lit(1.0)}
    full = frame.with_columns(**lacking)
    col = pl.col
    state = (col("temperature_c"), col("ambient_kpa"), col("static_kpa"))
    value = pl.when("is_standard").then("value").otherwise(at_standard_state(col("value"), *state))
    value = pl.when("is_dry").then(value).otherwise(dry(value, col("moisture_pct")))
    wet = wet_flow(col("area_m2"), col("coefficient") * col("velocity_m_s"))
    flow = pl.coalesce(col("flow_m3_h"), standard_flow(wet, *state, col("moisture_pct")))
    full = full.with_columns(dry_mg_m3=value, standard_m3_h=flow)
    is_air = (col("reference_o2_pct").is_not_null() & (col("o2_pct") >= _AIR)).fill_null(value=False)
    return full.with_columns(
        converted_mg_m3=converted(col("dry_mg_m3"), col("o2_pct"), col("reference_o2_pct")),
        amount_kg=hour_amount(col("dry_mg_m3"), col("standard_m3_h")),
        is_oxygen_of_air=is_air,
    ).drop(list(lacking))
