"""断面水质的数组: classes of all sections at once, equal to ``section.section``."""

from __future__ import annotations

import polars as pl

from shuangkong.monitoring.rivers.section import WORSE, FactorClasses, RiverClasses


def qualities(means: pl.DataFrame, rule: RiverClasses) -> pl.DataFrame:
    """Adds ``quality`` (1 to 6; null: nothing told) to rows with a column a factor, in the units of the rule.

    Figures as they are printed, or rounded (``settling.settled``): then their floats compare as the decimals do. A
    column ``target`` (null: none) also gives ``meets``.
    """
    counted = [each for key, each in rule.factors.items() if key not in rule.excluded and key in means.columns]
    quality = pl.max_horizontal([_class_of(each) for each in counted]) if counted else pl.lit(None, pl.Int64)
    found = means.with_columns(quality=quality.cast(pl.Int64))
    return found.with_columns(meets=pl.col("quality") <= pl.col("target")) if "target" in means.columns else found


def _class_of(each: FactorClasses) -> pl.Expr:
    value, found = pl.col(each.factor), pl.lit(WORSE)
    for n in reversed(range(max(len(each.most), len(each.least)))):
        keeps = pl.lit(value=True)
        keeps = keeps & (value <= float(each.most[n])) if each.most else keeps
        keeps = keeps & (value >= float(each.least[n])) if each.least else keeps
        found = pl.when(keeps).then(n + 1).otherwise(found)
    return pl.when(value.is_not_null()).then(found)
