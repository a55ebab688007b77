"""改动带入的数: a figure that was offered from meters, monitoring or a permit, and told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.policyfile.expression.given import WRITTEN
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import unit_of
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import Teller, in_words, shown
from shuangkong.reporting.evidence import offered_fields
from shuangkong.reporting.forms.model import FieldKind

_TOLD = Message("所报", "told")


def overruled(rule: Rule, law: Law) -> Iterable[Test]:
    """改动带入: the figure that the return began with, rounded as its field is, is not the one that is told.

    Where another return goes before the evidence, the two forms are held against each other instead.
    """
    fields = tuple(
        (each, first.which)
        for each, first in offered_fields(law.form)
        if each.kind is FieldKind.FIGURE and each.firsts[0] == first
    )
    if not fields:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        for field, which in fields:
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
        lacking = (run.context.lacking.get(which) for field, which in fields if field.address in run.figures)
        run.lacks(rule.code, next(filter(None, lacking), FIGURES_LACKING))

    yield test
