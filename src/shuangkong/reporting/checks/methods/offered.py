"""改动带入的数: a figure that was offered from meters, monitoring or a permit, and told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.policyfile.expression.given import WRITTEN
from shuangkong.reporting.checks.context import Told
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import unit_of
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import Teller, in_words, shown
from shuangkong.reporting.evidence import offered_fields
from shuangkong.reporting.forms.first import First, Prefill
from shuangkong.reporting.forms.model import Field, FieldKind

_TOLD = Message("所报", "told")


def overruled(rule: Rule, law: Law) -> Iterable[Test]:
    """改动带入: the figure that the return began with, rounded as its field is, is not the one that is told.

    Where another return goes before the evidence and tells of it, the two forms are held against each other instead.
    """
    fields = tuple(
        (each, first.which, places)
        for each, first in offered_fields(law.form)
        if each.kind is FieldKind.FIGURE and (places := _goes_before(each, first)) is not None
    )
    if not fields:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        for field, which, places in fields:
            if any(isinstance(_of_other(run, *place), Decimal) for place in places):
                continue
            held, told = run.context.evidence.get(which), run.figures.get(field.address)
            if held is None or told is None:
                continue
            run.judged.add(rule.code)
            offered = WRITTEN.divide(held.value, field.factor)
            if abs(told - offered) * 2 <= Decimal(1).scaleb(-field.decimals):
                run.passed.add(rule.code)
                continue
            ground = in_words(((held.whence, offered, unit_of(field)), (_TOLD, told, unit_of(field))))
            filled = {"found": shown(told), "expected": shown(offered), "whence": held.whence}
            teller.tell(run, (field.address,), filled, ground)
        lacking = (run.context.lacking.get(which) for field, which, _ in fields if field.address in run.figures)
        run.lacks(rule.code, next(filter(None, lacking), FIGURES_LACKING))

    yield test


def _goes_before(field: Field, first: First) -> tuple[tuple[str, str], ...] | None:
    """(form, address) of what other returns offer before the evidence; None where anything else goes before it."""
    before = field.firsts[: field.firsts.index(first)]
    return None if any(each.source is not Prefill.RETURNS for each in before) else tuple(each.place for each in before)


def _of_other(run: Run, form: str, address: str) -> Told | None:
    """What the unit's return of another form says there; None where there is no such return."""
    sheet = run.context.others.get(form)
    return None if sheet is None else sheet.values.get(address)
