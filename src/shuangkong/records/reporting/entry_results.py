"""承诺的结果: what a unit promised against the figure of its accepted return, where the system holds that figure.

Only what was reported administratively counts: a statistical figure carries no act against a unit (Statistics Law).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Cell, Evidence, Origin, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.models import Observation
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.entry_kinds import Fault, is_kept
from shuangkong.rulebook import open_rulebook

_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an undertaking: ``value`` in the unit promised in, by the accepted return ``owned``."""

    value: Decimal
    is_kept: bool
    owned: int
    source: str


def comparable(told: Mapping[str, str]) -> tuple[Fault, ...]:
    """Whether what is promised can be held against the indicator that it names."""
    name = told.get("indicator", "")
    if not name:
        return ()
    book = open_rulebook()
    indicator = book.indicator_rules().get(name)
    if indicator is None:
        zh = f"指标目录里没有“{name[:40]}”。请填指标的代号，或不填。"
        return (Fault("indicator", Message(zh, f"No such indicator: “{name[:40]}”.")),)
    unit = book.units().get(told.get("unit", ""))
    if unit is None or unit.unit.id != indicator.unit:
        known = "、".join(printed for printed, each in book.units().items() if each.unit.id == indicator.unit)
        zh = f"“{told.get('unit', '')[:20]}”不能与这个指标比。应为：{known}。"
        return (Fault("unit", Message(zh, f"That unit cannot be held against the indicator. Expected: {known}.")),)
    return ()


def result_of(reporter: ReporterRow, told: Mapping[str, str], by: Acting) -> Result:
    """What the unit's accepted return of the year says. ~6 queries.

    Raises:
        Refused: the undertaking names no indicator; no such figure was accepted; it is statistical; the person may not
            see the return that tells it.
    """
    name, unit = told.get("indicator", ""), open_rulebook().units().get(told.get("unit", ""))
    if not name or unit is None:
        zh = "这项承诺没有写对应的指标，不能从报表取数。请写明结果和来源，登记兑现或未兑现。"
        raise Refused("RPT-730", zh, "It names no indicator: record the result with where it comes from.")
    cell = Cell(Subject(reporter.kind, reporter.code), name, Period.parse(told["period"]))
    fact = facts_for([cell]).get(cell)
    if fact is None or fact.state is not State.VALUE or fact.value is None or fact.origin is Origin.ESTIMATE:
        zh = f"{told['period']} 年还没有已接收的这项数。等报表接收后再取，或写明来源登记结果。"
        raise Refused("RPT-731", zh, f"No accepted figure of {told['period']} yet: wait for the return, or record it.")
    if fact.evidence is not Evidence.ADMINISTRATIVE:
        zh = "这项数只有统计报表里有。统计数不作为对单位作出决定的依据，请以行政报表或证明材料登记结果。"
        raise Refused("RPT-733", zh, "Only statistics tell it, which carry no act against a unit: record it otherwise.")
    if unit.unit.id != fact.unit:
        zh = f"承诺的单位“{told['unit']}”与报来的数不能换算。请写明来源登记结果。"
        raise Refused("RPT-734", zh, "The unit promised in cannot be converted: record the result with its source.")
    owned = _owned(fact.version, by)
    promised = unit.to_base(Decimal(told["promised"]))
    value = (fact.value / unit.factor).quantize(_PLACES).normalize()
    return Result(value, is_kept(told["bound"], promised, fact.value), owned, fact.source)


def _owned(version: str, by: Acting) -> int:
    """The return that a row of facts comes from. 2 queries. Raises Refused."""
    name = Observation.objects.filter(pk=version).values_list("load__name", flat=True).first() or ""
    kind, _, rest = name.partition("/")
    number = rest.partition("/")[0]
    if kind == "return" and number.isdecimal() and Return.objects.filter(store.readable(by), pk=number).exists():
        return int(number)
    zh = "这项数不是从您能看的、已接收的报表来的。请写明来源登记结果。"
    raise Refused("RPT-735", zh, "It comes from no accepted return that you may read: record it with its source.")


def agreeing(told: Mapping[str, str], result: str, *, is_kept_said: bool) -> tuple[Fault, ...]:
    """Whether a result that is entered says what is said of it."""
    if (
        not (result and told.get("promised"))
        or is_kept(told["bound"], Decimal(told["promised"]), Decimal(result)) is is_kept_said
    ):
        return ()
    said = ("兑现", "kept") if is_kept_said else ("未兑现", "not kept")
    zh = f"结果 {result} 与承诺值 {told['promised']} {told['unit']} 相比，不是“{said[0]}”。请核对结果或改登记。"
    return (Fault("result", Message(zh, f"{result} against {told['promised']} {told['unit']} is not “{said[1]}”.")),)
