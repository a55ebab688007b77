"""所凭的存法: what a return is held against, as text: made before it is handed in, read in one go when it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.reporting.checks.context import Context, Evidenced, Norm, Sheet, Told


def packed(context: Context) -> str:
    """Everything of a context but its day, period, codes and peers."""
    told: dict[str, Any] = {
        "last": _sheet(context.last),
        "year_ago": _sheet(context.year_ago),
        "before": None if context.before is None else [_sheet(each) for each in context.before],
        "norms": None if context.norms is None else {at: _norm(each) for at, each in context.norms.items()},
        "others": {form: _sheet(each) for form, each in context.others.items()},
        "evidence": {
            id: [str(each.value), each.whence.zh, each.whence.en]
            for id, each in context.evidence.items()  # noqa: A001 - the word of the field
        },
        "lacking": {id: [each.zh, each.en] for id, each in context.lacking.items()},  # noqa: A001
        "unit": None if context.unit is None else _values(context.unit),
        "suppressed": dict(context.suppressed),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> dict[str, Any]:
    """What ``packed`` made, as arguments of a context."""
    told = json.loads(text)
    before, norms, unit = told["before"], told["norms"], told["unit"]
    return {
        "last": _read_sheet(told["last"]),
        "year_ago": _read_sheet(told["year_ago"]),
        "before": None if before is None else tuple(filter(None, map(_read_sheet, before))),
        "norms": None if norms is None else _Norms(norms),
        "others": {form: sheet for form, each in told["others"].items() if (sheet := _read_sheet(each)) is not None},
        "evidence": {
            id: Evidenced(Decimal(value), Message(zh, en))
            for id, (value, zh, en) in told["evidence"].items()  # noqa: A001
        },
        "lacking": {id: Message(*each) for id, each in told["lacking"].items()},  # noqa: A001
        "unit": None if unit is None else _read_values(unit),
        "suppressed": told["suppressed"],
    }


def _sheet(sheet: Sheet | None) -> dict[str, Any] | None:
    if sheet is None:
        return None
    return {"keys": {table: list(keys) for table, keys in sheet.keys.items()}, **_values(sheet.values)}


def _values(values: Mapping[str, Told]) -> dict[str, Any]:
    """Figures, words and what is not there, each apart: no sign in the text need say which is which."""
    states: dict[str, list[str]] = {}
    for at, told in values.items():
        if isinstance(told, State):
            states.setdefault(told.value, []).append(at)
    return {
        "figures": {at: str(told) for at, told in values.items() if isinstance(told, Decimal)},
        "words": {at: str(told) for at, told in values.items() if not isinstance(told, (Decimal, State))},
        "states": states,
    }


def _read_sheet(told: dict[str, Any] | None) -> Sheet | None:
    if told is None:
        return None
    return Sheet(_read_values(told), {table: tuple(keys) for table, keys in told["keys"].items()})


def _read_values(told: dict[str, Any]) -> dict[str, Told]:
    found: dict[str, Told] = {at: Decimal(figure) for at, figure in told["figures"].items()}
    found.update(told["words"])
    for state, places in told["states"].items():
        found.update(dict.fromkeys(places, State(state)))
    return found


def _norm(norm: Norm) -> list[str | int | None]:
    seasonal = None if norm.seasonal is None else str(norm.seasonal)
    return [str(norm.median), str(norm.spread), norm.count, seasonal, norm.seasons]


class _Norms(Mapping[str, Norm]):
    """Norms that are read when a check asks: of hundreds few are."""

    def __init__(self, told: Mapping[str, list[Any]]) -> None:
        self._told = told
        self._read: dict[str, Norm] = {}

    def __getitem__(self, key: str) -> Norm:
        if key not in self._read:
            self._read[key] = _read_norm(self._told[key])
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def _read_norm(told: list[Any]) -> Norm:
    median, spread, count, seasonal, seasons = told
    return Norm(Decimal(median), Decimal(spread), count, None if seasonal is None else Decimal(seasonal), seasons)
