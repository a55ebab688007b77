"""锅炉的表: census by capacity, boilers with safety, saving and environment, removed ones, machines that have to go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.alarms.life import State
from shuangkong.monitoring.boilers import Life, burns_coal, class_of, class_words
from shuangkong.records.monitoring.equipment.boilers import BoilerLine
from shuangkong.records.monitoring.equipment.models import BoilerRemoval, EquipmentTest, Machine
from shuangkong.records.monitoring.models import Alarm
from shuangkong.records.monitoring.registers.words import (
    INSPECTION_FINDINGS,
    MACHINE_GRADES,
    MACHINE_SORTS,
    REMOVAL_WAYS,
)
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.words import CAUSES
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

_GOOD, _BAD = "✓ ", "✗ "


def census_table(lines: Sequence[BoilerLine], bounds: Sequence[Decimal]) -> Table:
    columns = (
        Column("class", _("容量（t/h）")),
        Column("standing", _("在用"), _("台"), is_figure=True),
        Column("capacity", _("在用容量"), "t/h", is_figure=True),
        Column("coal", _("其中燃煤"), _("台"), is_figure=True),
        Column("certified", _("有使用登记证"), _("台"), is_figure=True),
        Column("tested", _("做过能效测试"), _("台"), is_figure=True),
        Column("clean", _("环保测试合格"), _("台"), is_figure=True),
        Column("connected", _("已联网"), _("台"), is_figure=True),
        Column("removed", _("已淘汰"), _("台"), is_figure=True),
    )
    groups = [[each for each in lines if class_of(each.boiler.capacity, bounds) == at] for at in range(len(bounds) + 1)]
    rows = [_class_row(class_words(at, bounds), own) for at, own in enumerate(groups)]
    total = Row(_class_row(_("合计"), lines).cells, is_total=True)
    return Table(
        "census", _("锅炉普查"), columns, (*rows, total) if lines else (), _("没有登记锅炉。在监测登记册里登记。"),
        is_demo=_is_demo(lines),
    )  # fmt: skip


def _class_row(name: str, own: Sequence[BoilerLine]) -> Row:
    stands = [each for each in own if each.removal is None]
    capacity = sum((each.boiler.capacity for each in stands), Decimal(0))
    known = open_rulebook().monitoring().fuels
    counts = (
        sum(burns_coal(each.boiler.fuel, known) for each in stands),
        sum(bool(each.number) for each in stands),
        sum(each.efficiency is not None for each in stands),
        sum("environment" in each.tests and each.tests["environment"].is_passed for each in stands),
        sum(bool(each.is_connected) for each in stands),
        len(own) - len(stands),
    )
    cells = (text_cell(name), _count(len(stands)), Cell(f"{capacity:f}", capacity), *map(_count, counts))
    return Row(cells)


def lines_table(request: HttpRequest, lines: Sequence[BoilerLine]) -> Table:
    columns = (
        Column("boiler", _("锅炉")),
        Column("unit", _("企业")),
        Column("capacity", _("容量"), "t/h", is_figure=True),
        Column("fuel", _("燃料")),
        Column("certificate", _("安全：使用登记证")),
        Column("safety", _("安全：定期检验")),
        Column("staff", _("安全：操作人员")),
        Column("efficiency", _("节能：热效率"), "%", is_figure=True),
        Column("environment", _("环保：测试")),
        Column("connected", _("环保：联网")),
    )
    made = tuple(
        Row(
            (
                _boiler(request, each),
                text_cell(each.boiler.enterprise.name),
                Cell(f"{each.boiler.capacity:f}", each.boiler.capacity),
                text_cell(each.boiler.fuel),
                _certificate(each),
                _tested(each.tests.get("safety")),
                _staff(each),
                _efficiency(each),
                _tested(each.tests.get("environment")),
                text_cell(_connected(each)),
            )
        )
        for each in lines
    )
    note = _("热效率对照新生产锅炉的要求列出，不判定在用锅炉合格与否；要求尚未与文件原文核对")
    return Table(
        "lines", _("在用锅炉：安全、节能、环保"), columns, made, _("没有在用的锅炉。"), note, is_demo=_is_demo(lines)
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of removed boilers' outlets.

    Attributes:
        alarms: outlet → that it shows life: the newest, open ones first.
        measured: outlets with points by which one sees life.
        lately: removal → signs in the last days, None for none; without those of which no reading says anything.
        is_up: the store answered; ``unasked``: removals that it was not asked of, for there are too many.
    """

    alarms: Mapping[int, Alarm]
    measured: Collection[int]
    lately: Mapping[int, Life | None]
    is_up: bool
    unasked: Collection[int] = ()

    def is_burning(self, removal: BoilerRemoval) -> bool:
        """Whether an alarm of it is not closed, or none was raised yet of what the last days' readings show."""
        alarm = self.alarms.get(removal.boiler.outlet_id or 0)
        return self.lately.get(removal.pk) is not None if alarm is None else alarm.state != State.CLOSED


def removed_table(request: HttpRequest, lines: Sequence[BoilerLine], watch: Watch, today: date) -> Table:
    columns = (
        Column("boiler", _("锅炉")),
        Column("unit", _("企业")),
        Column("capacity", _("容量"), "t/h", is_figure=True),
        Column("on", _("淘汰日期")),
        Column("way", _("淘汰方式")),
        Column("certificate", _("使用登记证")),
        Column("life", _("死灰复燃")),
        Column("inspection", _("最近核查")),
    )
    made = tuple(
        Row(
            (
                _boiler(request, each),
                text_cell(each.boiler.enterprise.name),
                Cell(f"{each.boiler.capacity:f}", each.boiler.capacity),
                text_cell(f"{each.removal.starts_on}"),
                text_cell(spoken(REMOVAL_WAYS[each.removal.way])),
                _cancelled(each),
                _life(request, each, each.removal, watch),
                _inspection(each, today),
            )
        )
        for each in lines
        if each.removal is not None
    )
    return Table("removed", _("已淘汰的锅炉"), columns, made, _("没有登记淘汰的锅炉。"), is_demo=_is_demo(lines))


def machines_table(request: HttpRequest, machines: Sequence[Machine], today: date) -> Table:
    columns = (
        Column("machine", _("用能设备")),
        Column("unit", _("企业")),
        Column("sort", _("类别")),
        Column("model", _("型号")),
        Column("power", _("功率"), "kW", is_figure=True),
        Column("grade", _("能效等级")),
        Column("by", _("应在哪天前淘汰")),
    )
    made = tuple(
        Row(
            (
                Cell(each.name, each.name, link(request, "monitoring:register_row", "machines", each.pk)),
                text_cell(each.enterprise.name),
                text_cell(spoken(MACHINE_SORTS[each.sort])),
                text_cell(each.model or MISSING),
                Cell(MISSING) if each.power_kw is None else Cell(f"{each.power_kw:f}", each.power_kw),
                text_cell(spoken(MACHINE_GRADES[each.grade]) if each.grade else _("没有登记")),
                text_cell(_by(each, today)),
            )
        )
        for each in machines
    )
    is_demo = any(each.enterprise.region.is_fictional for each in machines)
    return Table("machines", _("应淘汰的用能设备"), columns, made, _("没有登记应淘汰而还在用的设备。"), is_demo=is_demo)


def _by(each: Machine, today: date) -> str:
    if each.remove_by is None:
        return _("没有写明期限")
    return f"{each.remove_by}" if each.remove_by >= today else _("%(day)s ▼已过期") % {"day": each.remove_by}


def _boiler(request: HttpRequest, each: BoilerLine) -> Cell:
    return Cell(each.boiler.name, each.boiler.name, link(request, "monitoring:register_row", "boilers", each.boiler.pk))


def _certificate(each: BoilerLine) -> Cell:
    if each.number:
        return text_cell(each.number)
    if each.noted:
        return Cell(_BAD + _("没有登记；锅炉登记册记有 %(number)s") % {"number": each.noted}, hint=_unasked())
    return text_cell(_BAD + _("没有"))


def _cancelled(each: BoilerLine) -> Cell:
    if each.is_certified_though_removed:
        return text_cell(_BAD + _("应注销"))
    if each.noted:
        return Cell(_BAD + _("锅炉登记册记有 %(number)s，是否注销未登记") % {"number": each.noted}, hint=_unasked())
    return text_cell(_GOOD + _("没有在效的证"))


def _unasked() -> str:
    return _("锅炉登记册里的编号没有核对过可不可以办证，不算有证；请在“锅炉使用登记证”里登记")


def _tested(test: EquipmentTest | None) -> Cell:
    if test is None:
        return Cell(MISSING, hint=_("没有测试记录"))
    word = _GOOD + _("合格") if test.is_passed else _BAD + _("不合格")
    return text_cell(f"{word} {test.tested_on}")


def _staff(each: BoilerLine) -> Cell:
    if not each.staff.people:
        return Cell(MISSING, hint=_("没有登记操作人员"))
    text = _("%(people)s 人，%(certified)s 人持证") % {"people": each.staff.people, "certified": each.staff.certified}
    trained = _("最近培训 %(day)s") % {"day": each.staff.trained_on} if each.staff.trained_on else _("没有培训记录")
    return Cell(text, hint=trained)


def _efficiency(each: BoilerLine) -> Cell:
    found = each.efficiency
    if found is None:
        return Cell(MISSING, hint=_("没有能效测试"))
    text = f"{rounded(found.found, 1):f}"
    if found.least is None:
        return Cell(text, found.found, hint=_("这种燃料没有要求可对照"))
    least = f"{found.least.numbers[0]:f}"
    hint = _("要求不低于 %(least)s%%") % {"least": least}
    return Cell(
        f"{text} ▼" if not found.is_enough else text, found.found, hint=hint, is_doubted=not found.least.is_verified
    )


def _connected(each: BoilerLine) -> str:
    if each.is_connected is None:
        return _("没有登记排放口")
    return _GOOD + _("已联网") if each.is_connected else _BAD + _("未联网")


def _life(request: HttpRequest, each: BoilerLine, removal: BoilerRemoval, watch: Watch) -> Cell:
    """What was seen; that nothing was, only where the readings of the last days say so."""
    outlet = each.boiler.outlet_id or 0
    alarm = watch.alarms.get(outlet)
    if watch.is_burning(removal):
        href = link(request, "monitoring:alarm", alarm.pk) if alarm else link(request, "monitoring:outlet", outlet)
        return Cell(_BAD + _("排放口有燃烧迹象"), href=href)
    if each.days_of_use:
        return text_cell(_BAD + _("淘汰后 %(count)s 天有用量") % {"count": len(each.days_of_use)})
    if alarm is not None:
        cause = next((str(word) for known, word in CAUSES.items() if known == alarm.cause), _("没有写明原因"))
        told = {"day": timezone.localdate(alarm.starts_at), "cause": cause}
        text = _("%(day)s 有过迹象，已结案：%(cause)s") % told
        return Cell(text, href=link(request, "monitoring:alarm", alarm.pk))
    if each.is_counted:
        return text_cell(_GOOD + _("计量没有用量"))
    return text_cell(_unseen(each, removal, watch))


def _unseen(each: BoilerLine, removal: BoilerRemoval, watch: Watch) -> str:
    """That there is no sign, or why nobody can say."""
    if each.is_shared:
        return _("与其他锅炉共用排放口，看不出")
    if not each.is_connected or each.boiler.outlet_id not in watch.measured:
        return _("没有在线数据，靠现场核查")
    if removal.pk in watch.unasked:
        return _("太多了，没有逐台看；请选下级地区")
    if not watch.is_up:
        return _("读数库没有应答，看不出")
    return _GOOD + _("近几天没有迹象") if removal.pk in watch.lately else _("近几天没有读数，看不出")


def _inspection(each: BoilerLine, today: date) -> Cell:
    """What was seen last, and whether somebody should have gone by now."""
    seen, removal = each.inspection, each.removal
    due = seen.next_on if seen is not None else removal.check_by if removal is not None else None
    late = _BAD + _("应在 %(day)s 前核查") % {"day": due} if due is not None and due < today else ""
    if seen is None:
        return Cell(late or MISSING, hint=_("淘汰后没有核查过"))
    found = f"{seen.inspected_on} {spoken(INSPECTION_FINDINGS[seen.found])}"
    return Cell(f"{found} {late}".strip(), hint=seen.note)


def _count(value: int) -> Cell:
    return Cell(str(value), value)


def _is_demo(lines: Sequence[BoilerLine]) -> bool:
    return any(each.boiler.enterprise.region.is_fictional for each in lines)
