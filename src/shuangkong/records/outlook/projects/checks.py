"""登记前的检查: what may be said of a key project; each refusal says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.indicators.emissions.book import Accounting
from shuangkong.outlook.projects.told import Assignment, Linked, MonthTold, Particulars, Proof, Retracted, Step
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.emissions.store import reduction
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.records.outlook.projects.store import linked_to, projects
from shuangkong.records.paths import SEPARATOR, below, is_below
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook

#: What is expected beside pollutants: energy saved, in tonnes of coal equivalent.
ENERGY = "energy"
_WHOLE = Decimal(100)
_FIRST_YEAR, _LAST_YEAR = 2_006, 2_099

type Rules = Iterable[tuple[object, int, str, str, str]]


def require_particulars(told: Particulars, region: str, path: str, today: date, own: int | None = None) -> None:
    """Raises Refused. ``own``: the number of the project itself, where it is there already. ~12 queries."""
    law = rules_at(region).accounting
    book = open_rulebook()
    families = book.outlook(book.layer_of(region, today)).families
    days = [told.milestones[step] for step in Step if step in told.milestones]
    _require(
        (
            (told.name.strip(), 801, "请填写工程名称。", "Give the project a name.", "name"),
            (told.family in families, 802, "请选择工程类别。", "Choose the family of the project.", "family"),
            (_month(told.since), 803, "首次调度月份应写成 YYYY-MM。", "Give the first month as YYYY-MM.", "since"),
            (days and days == sorted(days), 804, "至少填一个节点；开工不晚于建成，建成不晚于投运。",
             "Give at least one milestone; start, finish and run follow each other.", "milestones"),
            (told.expected and all(_is_known(key, law) for key in told.expected), 805,
             "至少填一种污染物或节能量的预期减排量，污染物从清单里选。",
             "Give what it is expected to bring, by pollutants of the list or energy.", "expected"),
            (all(amount > 0 for amount in told.expected.values()), 805, "预期减排量应大于零；没有的不填。",
             "What is expected is above zero; leave out what is not.", "expected"),
            (told.investment_cny is None or told.investment_cny >= 0, 806, "投资额不小于零。",
             "The investment is zero or more.", "investment"),
            (bool(told.source) == bool(told.measure) and (told.source or not told.outlet), 807,
             "写了污染源的要选措施类别；写了排放口或措施的要写污染源。",
             "A source goes with the sort of measure; an outlet or measure with its source.", "source"),
            (not told.measure or told.measure in law.classes.measures, 807, "请选择措施类别。",
             "Choose the sort of measure.", "measure"),
            (told.task is None or _is_of_line(told.task, path), 808, "没有这项任务，或不是本地及上级方案的任务。",
             "There is no such task of the place or of one above it.", "task"),
        )
    )  # fmt: skip
    _require_alone(told, path, own)


def require_assignment(told: Assignment, row: KeyProjectRow) -> None:
    """Raises Refused. ~3 queries."""
    law = rules_at(row.region).accounting
    wanted = law.pollutants.get(told.pollutant)
    target = targets.target(told.target) if told.target is not None else None
    fits = target is not None and wanted is not None and target.indicator in (wanted.project, wanted.assigned)
    known = row.held.assigned.get((told.pollutant, told.year))
    _require(
        (
            (wanted is not None, 811, "请选择污染物。", "Choose the pollutant.", "pollutant"),
            (_FIRST_YEAR <= told.year <= _LAST_YEAR, 812, "请写明年度。", "Give the year.", "year"),
            (told.amount_t is None or told.amount_t > 0, 813, "下达的减排量应大于零；不再下达的空着。",
             "An assigned amount is above zero; none where nothing is assigned any more.", "amount_t"),
            (told.amount_t is not None or known is not None, 813, "这一年没有下达过，不能取消。",
             "Nothing was assigned for that year: there is nothing to take back.", "amount_t"),
            (told.target is None or fits, 814, "所依据的目标不是这种污染物的重点工程减排量。",
             "The target is not one of reductions by key projects for this pollutant.", "target"),
            (told.task is None or _is_of_line(told.task, row.path), 808,
             "没有这项任务，或不是本地及上级方案的任务。", "There is no such task of the place or of one above it.",
             "task"),
        )
    )  # fmt: skip


def require_month(told: MonthTold, row: KeyProjectRow, today: date) -> None:
    """Raises Refused."""
    _require_told(told.month, row, today, is_over=False)
    progress = told.progress_pct
    _require(
        (
            (told.invested_cny is None or told.invested_cny >= 0, 824, "累计完成投资不小于零。",
             "What was invested is zero or more.", "invested"),
            (progress is None or 0 <= progress <= _WHOLE, 825, "形象进度在 0 到 100 之间。",
             "The progress lies between 0 and 100.", "progress_pct"),
            (all(day <= today for day in told.done.values()), 826, "完成日期不能晚于今天。",
             "What is done was not done in the future.", "done"),
        )
    )  # fmt: skip


def require_proof(told: Proof, row: KeyProjectRow, today: date) -> None:
    """Raises Refused."""
    _require_told(told.month, row, today, is_over=True)
    since = row.held.followed(row.id).runs_since
    _require(
        (
            (since is not None, 831, "还没有报投运日期。先在月度调度里报投运，再报运行证明。",
             "It does not run yet: dispatch the day on which it began to run first.", "month"),
            (since is None or Period.parse(told.month).first_month >= since.first_month, 832,
             f"运行证明从投运后的第一个整月（{since}）起报。", f"Proof is told from the first whole month on: {since}.",
             "month"),
            (0 <= told.running_pct <= _WHOLE and 0 <= told.compliant_pct <= _WHOLE, 833,
             "投运率和达标率在 0 到 100 之间。", "Both shares lie between 0 and 100.", "running_pct"),
        )
    )  # fmt: skip


def require_retracted(told: Retracted, row: KeyProjectRow) -> None:
    """Raises Refused."""
    known = {*row.held.months, *row.held.proofs}
    rule = (told.month in known, 834, "这个月没有填报，不用撤回。", "Nothing is told of that month.", "month")
    _require((rule,))


def require_link(told: Linked, row: KeyProjectRow) -> None:
    """A reduction has one project at most, and lies where the project does. Raises Refused. ~6 queries."""
    found, own = reduction(told.reduction), row.held.particulars
    other = next((each for each in linked_to(told.reduction)), None)
    _require(
        (
            (found is not None and is_below(found.path, row.path), 841, "本地没有这个编号的减排项目。",
             "There is no such reduction at the place.", "reduction"),
            (other is None, 842,
             f"这个减排项目已挂在第 {other.id if other else 0} 号重点工程，同一减排量不能计两次。先解除那一处的挂接。",
             f"It is that of key project {other.id if other else 0}: release it there first.", "reduction"),
        )
    )  # fmt: skip
    assert found is not None
    is_same = (found.source_code, found.outlet) == (own.source, own.outlet or found.outlet)
    _require(
        (
            (found.is_key, 843, "这个减排项目自报时没有列为重点工程，它的量不在重点工程减排量里，不能挂接。",
             "It was not reported as a key project's: its tonnes are not among those of key projects.", "reduction"),
            (found.pollutant in own.expected, 844, "工程没有预期减排这种污染物。先变更工程内容，再挂接。",
             "The project expects nothing of that pollutant: revise it first.", "reduction"),
            (not own.source or is_same, 845, "减排项目的污染源或排放口与工程不同。请核对编号。",
             "It reduces at another source or outlet than the project: check the number.", "reduction"),
            (not own.measure or own.measure == found.measure, 846, "减排项目的措施类别与工程不同。请核对编号。",
             "It reduces by another sort of measure than the project: check the number.", "reduction"),
        )
    )  # fmt: skip


def require_released(told: Linked, row: KeyProjectRow) -> None:
    """Raises Refused."""
    held = told.reduction in row.held.reductions
    _require(((held, 847, "这个减排项目没有挂在这里。", "It is not linked to this project.", "reduction"),))


def _require_alone(told: Particulars, path: str, own: int | None) -> None:
    """The same measure at the same outlet counts as one project: what it brings is expected once. 2 queries."""
    if told.place is None:
        return
    near = below(path) | Q(region__in=path.strip(SEPARATOR).split(SEPARATOR))
    for row in projects(near & ~Q(pk=own or 0)):
        beside = row.held.particulars
        is_open = row.held.is_live and not row.held.reductions
        if is_open and beside.place == told.place and beside.expected.keys() & told.expected.keys():
            zh = f"同一污染源、排放口、措施已列为第 {row.id} 号重点工程（{row.name}）。请在那一项上变更，或先撤销它。"
            en = f"That measure at that outlet is key project {row.id} ({row.name}): revise that, or withdraw it first."
            raise Refused("OUT-809", zh, en, "source")


def _require_told(month: str, row: KeyProjectRow, today: date, *, is_over: bool) -> None:
    found = _month(month)
    this = today.year * 12 + today.month - 1
    _require(((found, 821, "月份应写成 YYYY-MM。", "Give the month as YYYY-MM.", "month"),))
    assert found is not None
    since = row.held.particulars.since
    _require(
        (
            (found.first_month < this + (not is_over), 822, "不能填报还没有到（运行证明：还没有过完）的月份。",
             "That month is still to come, or, of a proof, not over.", "month"),
            (found.first_month >= Period.parse(since).first_month, 823, f"从 {since} 起调度，不能填报更早的月份。",
             f"It is dispatched from {since} on: earlier months are not told.", "month"),
        )
    )  # fmt: skip


def _month(text: str) -> Period | None:
    """A month; None for what is none."""
    try:
        found = Period.parse(text)
    except ValueError:
        return None
    return found if found.months == 1 else None


def _is_known(key: str, law: Accounting) -> bool:
    return key == ENERGY or key in law.pollutants


def _is_of_line(task: int, path: str) -> bool:
    """Whether a task is of the place, or of one above it. 3 queries."""
    found = tasks.task(task)
    return found is not None and bool(found.path) and (is_below(path, found.path) or is_below(found.path, path))


def _require(rules: Rules) -> None:
    for holds, number, zh, en, field in rules:
        if not holds:
            raise Refused(f"OUT-{number}", zh, en, field)
