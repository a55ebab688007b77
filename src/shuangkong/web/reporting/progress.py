"""报送进度表: counts by window, region, sector and form, now or as it was at the end of a day, with what lies below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.period import Period
from shuangkong.records.paths import SEPARATOR, below, is_below
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting import store
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.counting import Group, kept_now, kept_then, tallies_then
from shuangkong.records.reporting.rows import WindowRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: Roles that see whatever lies below a place: what is kept by place is theirs.
_BY_PLACE = (Reach.ALL, Reach.BELOW, Reach.BELOW_OWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one looks at: below ``path`` ("" everywhere), in a ``sector`` ("" all); on a past ``day`` or now (None)."""

    path: str = ""
    sector: str = ""
    day: date | None = None

    def holds(self, group: Group) -> bool:
        path, sector = group
        return is_below(path, self.path or SEPARATOR) and (not self.sector or sector == self.sector)

    @property
    def condition(self) -> Q:
        return below(self.path) & (Q(reporter__industry__startswith=self.sector) if self.sector else Q())


#: Window → (path, sector) → tally.
type Counted = Mapping[int, Mapping[Group, Tally]]


def counted(by: Acting, windows: Iterable[int], asked: Asked, *, is_live: bool = False) -> tuple[Counted, datetime]:
    """What a person may see of the counts of windows, and since when they are so; ``is_live``: not from what is kept.

    3 queries where all of it is kept, 3 more where something is not.
    """
    wanted, now = list(windows), timezone.now()
    found: dict[int, Mapping[Group, Tally]] = {}
    at = now
    if reach(by.role, Action.RETURN_READ) in _BY_PLACE and not is_live:
        kept, since = (kept_then(wanted, asked.day), None) if asked.day else kept_now(wanted)
        seen = _seen(by)
        found |= {number: {key: each for key, each in rows.items() if seen(key[0])} for number, rows in kept.items()}
        at = since or now
    left = [number for number in wanted if number not in found]
    if left:
        condition = store.countable(by) & Q(window__in=left)
        columns = ("window", "path", "reporter__industry")
        told = (
            tallies_then(condition, columns, asked.day)
            if asked.day
            else tallies(condition, columns, timezone.localdate())
        )
        found |= _grouped(told)
    return {
        number: held for number, rows in found.items() if (held := {k: t for k, t in rows.items() if asked.holds(k)})
    }, at


def _seen(by: Acting) -> Callable[[str], bool]:
    if not visible(by, Action.RETURN_READ):
        return lambda path: True
    return lambda path: any(is_below(path, each) for each in by.paths)


def _grouped(told: Mapping[tuple[object, ...], Tally]) -> dict[int, dict[Group, Tally]]:
    rows: dict[int, dict[Group, list[Tally]]] = defaultdict(lambda: defaultdict(list))
    for (window, path, industry), tally in told.items():
        rows[int(str(window))][str(path), str(industry)[:2]].append(tally)
    return {window: {key: Tally.sum(each) for key, each in groups.items()} for window, groups in rows.items()}


def summed[K](found: Iterable[tuple[K, Tally]]) -> dict[K, Tally]:
    """Tallies of the same key together."""
    rows: dict[K, list[Tally]] = defaultdict(list)
    for key, tally in found:
        rows[key].append(tally)
    return {key: Tally.sum(each) for key, each in rows.items()}


def by_window(found: Counted) -> dict[int, Tally]:
    return {number: Tally.sum(rows.values()) for number, rows in found.items()}


def figures() -> tuple[Column, ...]:
    labels = {
        "expected": _("应报"), "received": _("已报"), "in_time": _("按时"), "late": _("迟报"),
        "overdue": _("逾期未报"), "returned": _("退回未再报"), "accepted": _("已接收"), "approved": _("审批完毕"),
        "not_due": _("停产或免报"),
    }  # fmt: skip
    return tuple(Column(name, label, is_figure=True) for name, label in labels.items())


def cells(tally: Tally) -> tuple[Cell, ...]:
    return tuple(Cell(str(getattr(tally, each.name)), getattr(tally, each.name)) for each in fields(Tally))


def window_name(row: WindowRow) -> str:
    """The name of its form by the law of its place."""
    period = Period.parse(row.period)
    book = open_rulebook()
    found = book.forms(book.layer_of(row.region, period.last_day)).form(row.form, period.last_day)
    return spoken(found.name) if found else row.form


def regions_table(request: HttpRequest, found: Counted, top: str, here: str, *args: object) -> Table:
    """The regions just below ``top``; each leads to the page ``here`` of that region."""
    depth = len(top.strip(SEPARATOR).split(SEPARATOR)) if top.strip(SEPARATOR) else 0
    told = summed((_child(path, depth), tally) for rows in found.values() for (path, _sector), tally in rows.items())
    named = registry.regions(told)
    rows = [
        (code, named[code].name if code in named else code, link(request, here, *args, place=code, **_kept(request)))
        for code in sorted(told)
    ]
    return _groups("regions", _("各地区报送情况"), _("地区"), told, rows)


def sectors_table(request: HttpRequest, found: Counted, here: str, *args: object) -> Table:
    told = summed((sector, tally) for rows in found.values() for (_path, sector), tally in rows.items())
    industries = open_rulebook().industries()
    rows = []
    for code in sorted(told):
        name = f"{code} {industries[code].name}" if code in industries else code or _("未登记行业")
        href = link(request, here, *args, **{**_kept(request), "sector": code}) if code else ""
        rows.append((code, name, href))
    return _groups("sectors", _("各行业报送情况"), _("行业"), told, rows)


def forms_table(request: HttpRequest, found: Counted, windows: Iterable[WindowRow], here: str) -> Table:
    whole, named = by_window(found), dict[str, str]()
    told: list[tuple[str, Tally]] = []
    for each in windows:
        if each.id in whole:
            told.append((each.form, whole[each.id]))
            named.setdefault(each.form, window_name(each))
    rows = [(form, name, link(request, here, **{**_kept(request), "form": form})) for form, name in named.items()]
    return _groups("forms", _("各报表报送情况"), _("报表"), summed(told), rows)


def _kept(request: HttpRequest) -> dict[str, str]:
    """What the address chose beside the place: it stays when one goes down."""
    return {key: value[:60] for key in ("form", "sector") if (value := request.GET.get(key, ""))}


def _groups(
    key: str, caption: str, label: str, found: Mapping[str, Tally], rows: Iterable[tuple[str, str, str]]
) -> Table:
    told = [Row((text_cell(name, href=href), *cells(found[code]))) for code, name, href in rows]
    if len(told) > 1:
        told.append(Row((text_cell(_("合计")), *cells(Tally.sum(found.values()))), is_total=True))
    return Table(key, caption, (Column("name", label), *figures()), tuple(told), empty=_("没有应报的单位。"))


def _child(path: str, depth: int) -> str:
    """The region just below a place that a path lies in, or the place itself."""
    codes = path.strip(SEPARATOR).split(SEPARATOR)
    return codes[min(depth, len(codes) - 1)]
