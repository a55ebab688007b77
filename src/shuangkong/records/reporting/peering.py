"""同业常数: the ratios by which checks compare units of a sector, kept by the clock from accepted returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from shuangkong.core.period import Period
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import PeerFigures, PeerRatio, Return, Version
from shuangkong.records.reporting.values import judged_values
from shuangkong.records.statements import Ready
from shuangkong.reporting.checks import Context, Norm, Sheet
from shuangkong.reporting.checks.methods.conditions import Ratio
from shuangkong.reporting.checks.norms import norm
from shuangkong.reporting.checks.run import Run
from shuangkong.reporting.content import read_canonical
from shuangkong.rulebook import open_rulebook

#: Returns that one tick reads, and for how many months back a norm of a sector is used.
_A_TICK, _MONTHS = 300, 13
_METHOD = "peers"


def peers_of(form: str, period: Period, industry: str, codes: Iterable[str]) -> Mapping[str, Norm]:
    """Check → what its ratio is in a sector: of the newest period before this one. 1 query where a check asks."""
    asked = tuple(codes)
    if not asked:
        return {}
    end = period.first_month
    rows = _query(asked).ask(form=form, industry=industry, start=end - _MONTHS, end=end)
    return {code: Norm(median, spread, count) for code, median, spread, count in rows}


@lru_cache(maxsize=512)
def _query(codes: tuple[str, ...]) -> Ready:
    """That of these checks."""

    def make(form: str, industry: str, start: int, end: int) -> QuerySet[PeerFigures, Any]:
        rows = PeerFigures.objects.filter(
            form=form, industry=industry, code__in=codes, first_month__gte=start, first_month__lt=end
        ).order_by("first_month")  # fmt: skip
        return rows.values_list("code", "median", "spread", "count")

    return Ready(make, form=str, industry=str, start=int, end=int)


def compared_forms() -> frozenset[str]:
    """Forms of which some check compares units."""
    rules = open_rulebook().return_checks().rules.values()
    return frozenset(form for rule in rules if rule.method == _METHOD for form in rule.forms)


def keep_peers() -> int:
    """Reads returns accepted since, and makes the norms of their sectors anew; returns how many were read."""
    read = PeerRatio.objects.filter(owned=OuterRef("pk"), code="").values("version")[:1]
    rows = Return.objects.select_related("reporter").annotate(read=Subquery(read)).filter(
        ~Q(read=F("in_force")) | Q(read=None), in_force__isnull=False, form__in=compared_forms()
    ).order_by("-first_month", "form", "pk")[:_A_TICK]  # fmt: skip
    touched: set[tuple[str, int, str]] = set()
    found = list(rows)
    for row in found:
        with transaction.atomic():
            touched |= _read(row)
    for form, first_month, industry in sorted(touched):
        _norms(form, first_month, industry)
    return len(found)


def _read(row: Return) -> set[tuple[str, int, str]]:
    """Keeps the ratios of one return; the sectors that are otherwise now."""
    held = PeerRatio.objects.filter(owned=row)
    places = set(held.values_list("form", "first_month", "industry"))
    held.delete()
    industry = row.reporter.industry
    plain = {
        "owned": row, "version": row.in_force or 0, "form": row.form, "first_month": row.first_month,
        "industry": industry,
    }  # fmt: skip
    made = [PeerRatio(**plain, code="", value=None)]
    made += [PeerRatio(**plain, code=code, value=value) for code, value in _ratios(row).items()]
    PeerRatio.objects.bulk_create(made)
    return places | {(row.form, row.first_month, industry)}


def _ratios(row: Return) -> dict[str, Decimal]:
    """Check → the ratio in the return, where it has one."""
    period = Period.parse(row.period)
    book = open_rulebook().return_checks(open_rulebook().layer_of(row.reporter.region_id, period.last_day))
    form = edition_of(row.form, "", period, row.reporter.region_id)
    rules = [
        rule for rule in book.rules.values() if rule.method == _METHOD and rule.applies_to(form.id, period.last_day)
    ]
    law = book.law(form, period.last_day)
    sheets = _sheets(row, book.wanted(form, period.last_day).others)
    own = sheets.pop(row.form, None)
    if own is None:
        return {}
    run = Run(own, Context(day=period.last_day, period=period, others=sheets))
    found = {rule.code: Ratio.of(rule, law) for rule in rules}
    told = {code: [figure for _, figure, _ in ratio.figures(run)] for code, ratio in found.items() if ratio is not None}
    return {code: figures[0] for code, figures in told.items() if figures}


def _sheets(row: Return, others: Iterable[str]) -> dict[str, Sheet]:
    """Form → sheet of the return and of the other returns in force that its ratios rest on. 1 query."""
    rows = Version.objects.filter(
        number=F("owned__in_force"), owned__reporter=row.reporter_id, owned__period=row.period,
        owned__form__in=[row.form, *others],
    ).values_list("owned__form", "edition", "content")  # fmt: skip
    found = {}
    for form, edition, text in rows:
        content = read_canonical(text)
        law = edition_of(form, edition, Period.parse(row.period), row.reporter.region_id)
        found[form] = Sheet(judged_values(law, content), content.keys)
    return found


def _norms(form: str, first_month: int, industry: str) -> None:
    """Norms of one sector. 3 queries."""
    place = {"form": form, "first_month": first_month, "industry": industry}
    told = PeerRatio.objects.filter(**place, value__isnull=False).order_by("code").values_list("code", "value")
    PeerFigures.objects.filter(**place).delete()
    made = []
    for code, group in groupby(told, key=lambda each: each[0]):
        usual = norm([value for _, value in group if value is not None])
        made.append(PeerFigures(**place, code=code, median=usual.median, spread=usual.spread, count=usual.count))
    PeerFigures.objects.bulk_create(made)
