"""结果: what a score sheet says to the rules of consequences: 1 for yes, 0 for no, missing where it cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from shuangkong.assessment.consequence import ConsequenceRule
from shuangkong.assessment.sheet import ItemScore, Sheet
from shuangkong.core.fact import State
from shuangkong.policyfile.expression.given import Told

MISSED_COUNT = "missed_count"
#: What tables call it that say only whether a target was met, whatever it was a target of.
TARGET_MISSED = "target_missed"
#: What tables call the established cases of data fraud.
FRAUD_CASES = "fraud_cases"
_YES, _NO = Decimal(1), Decimal(0)


def results_of(sheet: Sheet) -> Mapping[str, Told]:
    """Result → whether it is so, under the names that the table gives its grades, vetoes and items.

    Of several that bear one name (annual and cumulative vetoes) one alone is enough. Beside them stand the figures that
    persons established (cases of fraud) and how many items are not at full marks.
    """
    found: dict[str, Told] = {}
    for name, answer in _answers(sheet):
        found[name] = _either(found[name], answer) if name in found else answer
    return found | dict(_counted(sheet))


def named_by(results: Mapping[str, Told], indicator: str, rule: ConsequenceRule) -> dict[str, Told]:
    """The results, with what a rule that knows the indicator calls a missed target of it.

    A rule that does not know it is told nothing: a county's own target of air quality is not that of the statute.
    """
    missed = results.get(TARGET_MISSED)
    called = {name for name, known in rule.indicators.items() if indicator in known}
    return dict(results) | ({} if missed is None else dict.fromkeys(called - set(results), missed))


def _answers(sheet: Sheet) -> Iterator[tuple[str, Told]]:
    for grade in sheet.table.grades:
        is_possible = grade in sheet.possible
        yield grade.result, _NO if not is_possible else _YES if sheet.grade else State.MISSING
    for each in sheet.vetoes:
        if each.veto.result:
            yield each.veto.result, State.MISSING if each.holds is None else Decimal(each.holds)
    for score in sheet.scores:
        if score.item.result:
            yield score.item.result, _is_missed(score)


def _is_missed(score: ItemScore) -> Told:
    return State.MISSING if score.marks is None else Decimal(score.marks < score.item.most)


def _either(one: Told, other: Told) -> Told:
    if _YES in (one, other):
        return _YES
    return State.MISSING if State.MISSING in (one, other) else _NO


def _counted(sheet: Sheet) -> Iterator[tuple[str, Told]]:
    for name, rule in sheet.table.figures.items():
        given = sheet.answers.judged.get(name)
        if rule.is_established and given is not None and given.proofs and given.marks is not None:
            yield name, given.marks
    plain = [score for score in sheet.scores if not score.item.is_extra]
    missed = sum(score.marks is not None and score.marks < score.item.most for score in plain)
    is_known = all(score.marks is not None for score in plain)
    if plain:
        yield MISSED_COUNT, Decimal(missed) if is_known else State.MISSING
