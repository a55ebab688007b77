"""择优取数成列: methods.preference.first_known for everyone at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from shuangkong.indicators.engine.columns_rows import OneByOne
from shuangkong.indicators.engine.everyone import Flags
from shuangkong.indicators.engine.taken import Taken
from shuangkong.indicators.engine.values import either, lacks_of, nothing, of_one
from shuangkong.policyfile.expression.column import Column, Decimals
from shuangkong.policyfile.expression.given import Lack

METHOD = "first_known"


def first_known(inputs: Mapping[str, Taken], parameters: Mapping[str, Decimal], size: int) -> OneByOne | None:
    """The first of the inputs that is a figure; None where they are no single figures of at most 34 digits each."""
    columns: dict[str, Column] = {}
    for name, taken in inputs.items():
        if taken.column is None:
            return None
        columns[name] = taken.column
    columns |= {name: of_one(value, size) for name, value in parameters.items()}
    if not columns or any(isinstance(column, Decimals) and column.beyond for column in columns.values()):
        return None
    result: Column = nothing(size)
    is_found, is_none = np.zeros(size, dtype=np.bool_), np.ones(size, dtype=np.bool_)
    chosen: dict[str, Flags] = {}
    for name, column in columns.items():
        lacks = lacks_of(column)
        chosen[name] = ~is_found & (lacks == 0)
        result = either(~chosen[name], result, column)
        is_found |= chosen[name]
        is_none &= lacks == Lack.NOT_APPLICABLE
    if is_none.any():
        result = either(~is_none, result, next(iter(columns.values())))
    passed_over = {name: is_found & ~of_name for name, of_name in chosen.items()}
    return OneByOne(result, np.zeros(size, dtype=np.bool_), 0, passed_over)
