"""检查的案例: small returns beside the catalogue on which checks trip and pass, as policy files write them.

A line of a return is an address and what stands there: a figure, words, ``-`` for not applicable, ``?`` for missing.
Norms are ``address median spread count`` and, where there is one, ``seasonal seasons``; evidence, facts of the register
and norms of the sector are ``name figure``, ``name words`` and ``code median spread count``. Another form's cell writes
``form:address``; returns of earlier periods stand apart by a blank line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.policyfile.node import Mapping
from shuangkong.reporting.checks.context import Context, Evidenced, Norm, Sheet, Told
from shuangkong.reporting.checks.plan import Plan, check_return, sheet_of
from shuangkong.reporting.checks.run import Judgement
from shuangkong.reporting.content import NOT_APPLICABLE, Content, Entry, figure, words
from shuangkong.reporting.forms.addresses import parse_address
from shuangkong.reporting.forms.book import FormBook
from shuangkong.reporting.forms.model import FieldKind, Form

_SIGNS = {"-": NOT_APPLICABLE, "?": Entry(State.MISSING)}
#: A return is checked some days after its period ends.
_LATER = timedelta(days=8)


class CaseRefused(ValueError):
    """A line that tells nothing the form knows."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a case expects of codes: found, made without finding anything, or not judged."""

    name: str
    form: Form
    day: date
    sheet: Sheet
    context: Context
    trips: tuple[str, ...]
    passes: tuple[str, ...]
    unjudged: tuple[str, ...]

    def faults(self, plan: Plan) -> Iterator[tuple[str, str, str]]:
        """(code, expected, found) of every code of which something else came."""
        outcome = check_return(plan, self.sheet, self.context)
        for expected, codes in (("trips", self.trips), ("passes", self.passes), ("unjudged", self.unjudged)):
            for code in codes:
                found = came_of(outcome, code)
                if found != expected:
                    yield code, expected, found


def came_of(outcome: Judgement, code: str) -> str:
    """``trips``, ``passes``, ``applies not`` (nothing was compared) or ``unjudged``."""
    if any(each.code == code for each in (*outcome.findings, *outcome.suppressed)):
        return "trips"
    if code in outcome.passed:
        return "passes"
    return "applies not" if code in outcome.judged else "unjudged"


def case_of(item: Mapping, forms: FormBook) -> Case:
    """Raises CaseRefused."""
    period = Period.parse(item.text("period"))
    day = period.last_day
    form = _form(forms, item.text("form"), day)
    before = [content_of(form, each) for each in item.text("before").split("\n\n") if each.strip()]
    context = Context(
        day=day + _LATER,
        period=period,
        last=_sheet(form, item, "last"),
        year_ago=_sheet(form, item, "year_ago"),
        before=tuple(sheet_of(form, each) for each in before) if "before" in item else None,
        norms={address: _norm(told) for address, told in _lines(item.text("norms"))} or None,
        others=dict(_others(item.text("others"), forms, day)),
        peers={code: _norm(told) for code, told in _lines(item.text("peers"))},
        evidence={name: Evidenced(_number(told), Message(name, name)) for name, told in _lines(item.text("evidence"))},
        unit={name: _plain(told) for name, told in _lines(item.text("register"))} or None,
    )
    sheet = sheet_of(form, content_of(form, item.text("told")))
    trips, passes, unjudged = (item.listing(key).texts() for key in ("trips", "passes", "unjudged"))
    return Case(item.text("name"), form, day, sheet, context, trips, passes, unjudged)


def _form(forms: FormBook, id: str, day: date) -> Form:  # noqa: A002 - the word of the field
    found = forms.form(id, day)
    if found is None:
        raise CaseRefused(f"{id} {day}")
    return found


def _sheet(form: Form, item: Mapping, key: str) -> Sheet | None:
    return sheet_of(form, content_of(form, item.text(key))) if key in item else None


def content_of(form: Form, text: str) -> Content:
    """The return that lines tell of; raises CaseRefused."""
    entries: dict[str, Entry] = {}
    for address, told in _lines(text):
        field = form.field(address)
        if field is None or parse_address(address) is None:
            raise CaseRefused(address)
        if told in _SIGNS:
            entries[address] = _SIGNS[told]
        else:
            entries[address] = (
                figure(_number(told)) if field.kind is FieldKind.FIGURE and _is_number(told) else words(told)
            )
    return Content(form.id, form.edition).with_entries(entries)


def _others(text: str, forms: FormBook, day: date) -> Iterator[tuple[str, Sheet]]:
    by_form: dict[str, list[str]] = {}
    for address, told in _lines(text):
        name, _, rest = address.partition(":")
        by_form.setdefault(name, []).append(f"{rest} {told}")
    for name, lines in by_form.items():
        form = _form(forms, name, day)
        yield name, sheet_of(form, content_of(form, "\n".join(lines)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        first, _, rest = line.strip().partition(" ")
        if first:
            yield first, rest.strip()


def _norm(text: str) -> Norm:
    median, spread, count, *season = map(_number, text.split())
    usual = Norm(median, spread, int(count))
    return replace(usual, seasonal=season[0], seasons=int(season[1])) if season else usual


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise CaseRefused(text) from None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _plain(text: str) -> Told:
    return Decimal(text) if _is_number(text) else text
