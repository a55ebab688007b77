"""Invented units that owe returns of some months: who signs for them, a token for each, and what a unit files."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils import timezone

from bench.bulk import insert, settle

PROVINCE, CITY, COUNTIES = "980000", "980100", 10
FORM = "energy_purchase"
#: Months that units owe returns of, the newest first; they file in this order.
PERIODS = (
    *(f"2026-{month:02d}" for month in range(9, 0, -1)),
    *(f"2025-{month:02d}" for month in range(12, 0, -1)),
)
PERIOD = PERIODS[0]
DESK = "desk"
#: Figures of a carrier that balance; a column that is not named stays blank.
_FIGURES = {
    "opening_stock": 100,
    "purchased": 900,
    "production_use": 800,
    "closing_stock": 200,
    "coefficient": 1,
    "purchase_amount": 30,
}
#: A carrier that is bought and burnt the same day has no stock.
_UNSTORED = {"opening_stock": 0, "purchased": 800, "production_use": 800, "closing_stock": 0, "purchase_amount": 30}
_SCOPES = "return.file return.read return.sign"


def fill(units: int, months: int = 1) -> list[tuple[int, str]]:
    """An empty, migrated database gets the units; returns the number of each return and the token that signs it.

    Those of one month stand together. What each is held against is prepared, as the clock does before a deadline.
    """
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.rows import RegionRow

    codes = [f"9801{number + 1:02d}" for number in range(COUNTIES)]
    above = [(PROVINCE, "province", None), (CITY, "city", PROVINCE), *((code, "county", CITY) for code in codes)]
    registry.save_regions(RegionRow(code, f"虚构{code}", level, up, is_fictional=True) for code, level, up in above)
    insert(_model("registry", "Body"), ("id", "region_id", "name"), (
        (number, codes[number % COUNTIES], f"虚构企业{number}") for number in _numbers(units)
    ))  # fmt: skip
    tokens = list(_people(units, codes))
    for at, period in enumerate(PERIODS[:months]):
        _returns(units, codes, at, period)
    settle()
    _desk()
    _prepare(units, months)
    return [(at * units + number, tokens[number - 1]) for at in range(months) for number in _numbers(units)]


def _numbers(units: int) -> range:
    return range(1, units + 1)


def _model(app: str, name: str) -> Any:
    from django.apps import apps

    return apps.get_model(app, name)


def _people(units: int, codes: list[str]) -> Iterator[str]:
    """A signatory of each unit with a token; yields the tokens."""
    now, today = timezone.now(), timezone.localdate()
    told = [f"sk_{number:012x}_{secrets.token_urlsafe(32)}" for number in _numbers(units)]
    first = 1000
    insert(_model("people", "Person"), ("id", "username", "password", "date_joined"), (
        (first + number, f"unit-{number}", "!", now) for number in _numbers(units)
    ))  # fmt: skip
    columns = ("id", "person_id", "role", "body_id", "region_id", "starts_on", "ground", "decided_by", "decided_at")
    insert(_model("people", "Appointment"), columns, (
        (first + number, first + number, "signatory", number, codes[number % COUNTIES], today, "测量用", "bench", now)
        for number in _numbers(units)
    ))  # fmt: skip
    columns = ("prefix", "digest", "appointment_id", "name", "scopes", "made_at", "ends_on", "last_used_on")
    insert(_model("people", "Token"), columns, (
        (f"{number:012x}", sha256(token.encode()).hexdigest(), first + number, "测量用", _SCOPES, now,
         today + timedelta(days=30), today)
        for number, token in zip(_numbers(units), told, strict=True)
    ))  # fmt: skip
    yield from told


def _returns(units: int, codes: list[str], at: int, period: str) -> None:
    """The window of a month with a return of every unit; the first month makes the units that report."""
    now, due = timezone.now(), date(2099, 1, 1)
    month = int(period[:4]) * 12 + int(period[5:]) - 1
    paths = {code: f"/{PROVINCE}/{CITY}/{code}/" for code in codes}
    columns = ("id", "form", "period", "first_month", "region_id", "path", "due", "opened_by", "opened_at", "journal")
    window = (at + 1, FORM, period, month, PROVINCE, f"/{PROVINCE}/", due, "bench", now, 0)
    insert(_model("reporting", "Window"), columns, [window])
    if at == 0:
        columns = ("id", "kind", "code", "name", "region_id", "path", "body_id", "industry", "is_fictional")
        insert(_model("reporting", "Reporter"), columns, (
            (number, "unit", f"B-{number}", f"虚构企业{number}", code, paths[code], number, "3011", True)
            for number in _numbers(units) for code in (codes[number % COUNTIES],)
        ))  # fmt: skip
        # Named one by one: the clock of the site would else set aside what no scope of the register asks for.
        columns = ("reporter_id", "form", "starts_on", "ground", "decided_by", "decided_at", "journal")
        insert(_model("reporting", "Coverage"), columns, (
            (number, FORM, date(2025, 1, 1), "测量用", "bench", now, 0) for number in _numbers(units)
        ))  # fmt: skip
    columns = (
        "id", "window_id", "reporter_id", "form", "period", "first_month", "path", "chain", "state", "due", "levels",
        "changed_at",
    )  # fmt: skip
    insert(_model("reporting", "Return"), columns, (
        (at * units + number, at + 1, number, FORM, period, month, paths[code], f"{code} {CITY} {PROVINCE}", "open",
         due, 3, now)
        for number in _numbers(units) for code in (codes[number % COUNTIES],)
    ))  # fmt: skip


def _prepare(units: int, months: int) -> None:
    """What returns are held against: made of one unit of each county and month, and written for the others, which know
    as little."""
    from shuangkong.core.period import Period
    from shuangkong.records.reporting.beside import context_for
    from shuangkong.records.reporting.counting import keep_counts
    from shuangkong.records.reporting.forms import form_at
    from shuangkong.records.reporting.models import Beside
    from shuangkong.records.reporting.store import one

    made: dict[tuple[int, int], tuple[str, str]] = {}
    for at in range(months):
        for county in range(min(COUNTIES, units)):
            number = at * units + (county or COUNTIES)
            row = one(number)
            assert row is not None
            context_for(form_at(FORM, Period.parse(row.period), row.reporter.region), row)
            held = Beside.objects.get(owned=number)
            made[at, county] = (held.told, held.rests_on)
    Beside.objects.all().delete()
    now = timezone.now()
    insert(Beside, ("owned_id", "told", "rests_on", "made_at"), (
        (at * units + number, *made[at, number % COUNTIES], now)
        for at in range(months) for number in _numbers(units)
    ))  # fmt: skip
    settle()
    keep_counts(timezone.localdate())


def _desk() -> None:
    """Who looks at the boards of the province meanwhile."""
    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role
    from shuangkong.records.registry.store import name_bodies

    Person.objects.create_user(DESK)
    body = name_bodies(PROVINCE, ["虚构统计局"])["虚构统计局"]
    by = Acting("bench", Role.ADMINISTRATOR, paths=("/",))
    appoint(DESK, Role.DEPARTMENT, by, "测量用", body, PROVINCE)


def cells() -> dict[str, str]:
    """What every unit files: all of the form that is told, as far as the checks let it stand without a word."""
    from shuangkong.core.period import Period
    from shuangkong.records.reporting import store
    from shuangkong.records.reporting.checking import checked
    from shuangkong.records.reporting.drafting import starting
    from shuangkong.records.reporting.forms import form_at
    from shuangkong.reporting.content import Content, figure
    from shuangkong.reporting.forms.model import FieldKind

    row = store.one(1)
    assert row is not None
    form = form_at(FORM, Period.parse(PERIOD), f"9801{2:02d}")
    begun = starting(row)
    told = {address: str(entry.value) for address, entry in begun.entries.items() if entry.value is not None}
    fields = [each for each in form.fields.values() if each.is_told and each.kind is FieldKind.FIGURE]
    told |= {each.address: str(_FIGURES.get(each.column, 0)) for each in fields if each.address not in told}
    for _ in range(12):
        content = Content(form.id, form.edition, {key: figure(Decimal(value)) for key, value in told.items()})
        found = [each for each in checked(form, content, row).findings if each.severity.value != "notice"]
        if not found:
            break
        told |= _mended(told, {each.place for each in found})
    return told


def _mended(told: dict[str, str], places: set[str]) -> dict[str, str]:
    """The rows of these places with figures of what has no stock; where they have these already, with none at all."""
    rows = {place.rpartition(".")[0] for place in places}
    found: dict[str, str] = {}
    for row in rows:
        held = {name: address for name in _UNSTORED if (address := f"{row}.{name}") in told}
        is_tried = all(told[address] == str(_UNSTORED[name]) for name, address in held.items())
        found |= {address: "0" if is_tried else str(_UNSTORED[name]) for name, address in held.items()}
    return found
