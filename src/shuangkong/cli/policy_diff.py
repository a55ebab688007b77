"""签发之前: what `policy diff` prints and saves: which rules a draft or layer changes, and which figures they move."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuangkong.cli.policy_place import add_day
from shuangkong.cli.policy_why import provision_row
from shuangkong.cli.refusal import CommandRefused
from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile.difference import Change, Way, changes
from shuangkong.policyfile.folder import PolicyRefused
from shuangkong.policyfile.places import layer
from shuangkong.policyfile.provision_words import KINDS, first_day
from shuangkong.policyfile.provisions import Provision, provisions
from shuangkong.rulebook import Rulebook, check_policy

if TYPE_CHECKING:
    from shuangkong.papers.tables import SheetValue
    from shuangkong.records.indicators.comparing import Comparison, Moved, Side

WAYS = {Way.ADDED: ("新增", "added"), Way.CHANGED: ("改变", "changed"), Way.REMOVED: ("删去", "removed")}
HEADS = (
    ("指标", "indicator"),
    ("指标编号", "id"),
    ("对象", "subject"),
    ("代码", "code"),
    ("时期", "period"),
    ("原值", "before"),
    ("新值", "after"),
    ("差", "difference"),
    ("单位", "unit"),
)
_FORMS = (".xlsx", ".csv")
#: A worked example that does not come out: to be looked at before signing, no hindrance to comparing.
_CASE_FAILS = "POL-030"


@dataclass(frozen=True, slots=True)
class _Sides:
    """What is compared with what: rulebook and layer before and after.

    Attributes:
        is_draft: whether each place is asked by its own layer, not by the one named.
        region: of which the figures are looked at; empty: of all.
        cases: those of rules that stay as they are which no longer hold.
    """

    before: tuple[Rulebook, str]
    after: tuple[Rulebook, str]
    is_draft: bool
    region: str
    title: Message
    cases: tuple[Finding, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="DRAFT|LAYER_A", help="草案：层的编号或文件夹；或第一个层")
    parser.add_argument("second", metavar="LAYER_B", nargs="?", default="", help="第二个层：看由前者改为后者移动哪些数")
    add_day(parser)
    parser.add_argument("--subject", action="append", default=[], metavar="S", help="只看这个对象，可写几次 (only of)")
    parser.add_argument("--rules", action="store_true", help="只比较规定，不算数 (rules only)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="把移动的数写成 .xlsx 或 .csv")


def diff(rulebook: Rulebook, args: argparse.Namespace) -> int:
    """0 nothing is otherwise, 1 rules or figures are.

    Raises:
        CommandRefused: CLI-009 to 011: no such draft or layer, no such form of file; IND-1xx no such subject.
        PolicyRefused: the draft does not pass `policy check`.
    """
    if args.out and args.out.suffix.lower() not in _FORMS:
        raise CommandRefused(
            "CLI-011",
            f"“{args.out.name}”：应以 {'、'.join(_FORMS)} 结尾。",
            f"“{args.out.name}” should end in {' or '.join(_FORMS)}.",
        )
    sides = _sides(rulebook, args.first, args.second)
    (old, old_layer), (new, new_layer) = sides.before, sides.after
    found = changes(provisions(old.folder, old_layer), provisions(new.folder, new_layer), args.on)
    comparison = None if args.rules else _compared(sides, found, args)
    names = {} if comparison is None else _names(comparison)
    if args.out and comparison is not None:
        _save(args.out, sides, comparison, names)
    if args.json:
        print(json.dumps(_json(sides, found, comparison), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(sides, found, comparison, names, 1 if args.english else 0)))
    return int(bool(found) or bool(comparison and comparison.moved))


def _sides(rulebook: Rulebook, first: str, second: str) -> _Sides:
    folder = rulebook.folder
    if second:
        for name in (first, second):
            if name not in folder.layers or name in folder.drafts:
                raise _no_layer(rulebook, name)
        region = layer(folder, second).region or layer(folder, first).region
        title = Message(f"{first} 层改为 {second} 层", f"layer {second} instead of {first}")
        return _Sides((rulebook, first), (rulebook, second), False, region, title)
    draft = folder.root / first if first in folder.drafts else Path(first)
    if not (draft / "layer.yaml").is_file():
        raise CommandRefused(
            "CLI-010",
            f"“{first}”不是草案：应为写有 draft: true 的层，或含 layer.yaml 的文件夹。比较两个层请写两个编号。",
            f"“{first}” is no draft: expected a layer with draft: true, or a folder with a layer.yaml. To compare two"
            " layers give both.",
        )
    drafted = Rulebook(folder.root, draft)
    # What is wrong already is not the draft's doing.
    known = frozenset(check_policy(folder))
    findings = [each for each in check_policy(drafted.folder) if each not in known]
    faults = tuple(each for each in findings if each.code != _CASE_FAILS)
    if faults:
        raise PolicyRefused(faults)
    base = layer(folder, layer_of_draft(draft))
    title = Message(f"草案 {draft.name}（改 {base.id} 层）", f"draft {draft.name} of the layer {base.id}")
    return _Sides((rulebook, base.id), (drafted, base.id), True, base.region, title, tuple(findings))


def layer_of_draft(draft: Path) -> str:
    """The layer that a sound draft would change."""
    from shuangkong.policyfile.folder import PolicyFolder

    return layer(PolicyFolder(draft.resolve().parent), draft.resolve().name).parent


def _no_layer(rulebook: Rulebook, name: str) -> CommandRefused:
    known = [each for each in rulebook.folder.layers if each not in rulebook.folder.drafts]
    return CommandRefused(
        "CLI-009",
        f"没有在用的层“{name}”。现有：{'、'.join(known)}。",
        f"There is no layer “{name}” in use. There are: {', '.join(known)}.",
    )


def _compared(sides: _Sides, found: Sequence[Change], args: argparse.Namespace) -> Comparison:
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.records.indicators.comparing import Scope, Side, compare
    from shuangkong.records.indicators.naming import subject_named
    from shuangkong.records.refusal import Refused

    def side(rulebook: Rulebook, id: str) -> Side:  # noqa: A002 - the word of the field
        return Side(rulebook, "" if sides.is_draft else id)

    try:
        subjects = frozenset(map(subject_named, args.subject)) or None
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    return compare(side(*sides.before), side(*sides.after), found, Scope(sides.region, subjects, args.on))


def _names(comparison: Comparison) -> dict[Any, str]:
    from shuangkong.records.indicators.naming import subject_names

    return subject_names(each.cell.subject for each in comparison.moved)


def _row(each: Moved, sides: _Sides, names: dict[Any, str], say: int) -> tuple[SheetValue, ...]:
    """In the display unit of the rules to come, or of those that were where the indicator is gone."""
    from shuangkong.indicators.engine.printing import kept

    (old, old_layer), (new, new_layer) = sides.before, sides.after
    cell = each.cell
    rule = new.every_rule(new_layer).get(cell.indicator) or old.every_rule(old_layer).get(cell.indicator)
    unit, forms = each.after.unit or each.before.unit, new.units()
    printed = [kept(value, rule, forms, unit) for value in (each.before.value, each.after.value, each.difference)]
    name = cell.indicator if rule is None else rule.en if say else rule.zh
    values: list[SheetValue] = [one.value for one in printed]
    values[0] = each.before.state.value if values[0] is None else values[0]
    values[1] = each.after.state.value if values[1] is None else values[1]
    subject = names.get(cell.subject, str(cell.subject))
    return (name, cell.indicator, subject, str(cell.subject), str(cell.period), *values, printed[1].unit)


def _lines(
    sides: _Sides, found: Sequence[Change], comparison: Comparison | None, names: dict[Any, str], say: int
) -> list[str]:
    title = sides.title.en if say else sides.title.zh
    counts = {way: sum(each.way is way for each in found) for way in Way}
    told = "，".join(f"{WAYS[way][0]} {count}" for way, count in counts.items())
    told_en = ", ".join(f"{count} {WAYS[way][1]}" for way, count in counts.items())
    out = [title, (f"规定：{told}", f"Rules: {told_en}")[say]]
    out += [f"  {line}" for each in found for line in _change(each, say)]
    out += [f"  {each.place}  {each.code}  {each.message.en if say else each.message.zh}" for each in sides.cases]
    if comparison is None:
        return out
    out.append(_sum(comparison, say))
    if comparison.moved:
        out.append("  " + " | ".join(head[say] for head in HEADS))
    out += ["  " + " | ".join(map(_spoken, _row(each, sides, names, say))) for each in comparison.moved]
    return [*out, ("没有记入任何数据。", "Nothing has been recorded.")[say]]


def _spoken(value: object) -> str:
    return "—" if value is None else str(value)


def _sum(comparison: Comparison, say: int) -> str:
    from shuangkong.records.indicators.comparing import told_by_way

    ways, moved = told_by_way(comparison.moved), len(comparison.moved)
    return (
        f"数：可能牵动 {comparison.looked_at} 个，移动 {moved} 个（升 {ways['up']}，降 {ways['down']}，"
        f"新得 {ways['found']}，失去 {ways['lost']}）",
        f"Figures: {comparison.looked_at} looked at, {moved} moved ({ways['up']} up, {ways['down']} down,"
        f" {ways['found']} found, {ways['lost']} lost)",
    )[say]


def _change(each: Change, say: int) -> list[str]:
    rule = each.provision
    kind = KINDS[rule.kind]
    head = f"{WAYS[each.way][say]}  {kind.en if say else kind.zh}  {rule.id}  {rule.name.en if say else rule.name.zh}"
    sides = [(mark, one) for mark, one in (("-", each.before), ("+", each.after)) if one is not None]
    return [head, *(f"  {mark} {_rule(one)}" for mark, one in sides)]


def _rule(one: Provision) -> str:
    days = f"{first_day(one) or ''}–{one.validity.until or ''}"
    inputs = f"  [{'; '.join(one.inputs)}]" if one.inputs else ""
    return f"{one.text} {one.unit}".rstrip() + f"{inputs}  {days}  {one.source} {one.at}".rstrip() + f"  {one.place}"


def _json(sides: _Sides, found: Sequence[Change], comparison: Comparison | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": {"zh": sides.title.zh, "en": sides.title.en},
        "rulebooks": [sides.before[0].version, sides.after[0].version],
        "rules": [
            {
                "way": each.way.value,
                "before": each.before and provision_row(each.before),
                "after": each.after and provision_row(each.after),
            }
            for each in found
        ],
        "cases": [{"place": each.place, "zh": each.message.zh, "en": each.message.en} for each in sides.cases],
    }
    if comparison is None:
        return said
    figures = [_figure_row(each) for each in comparison.moved]
    return said | {"looked_at": comparison.looked_at, "moved": len(figures), "figures": figures}


def _figure_row(each: Moved) -> dict[str, Any]:
    """In the base unit, nothing rounded for display."""
    cell = each.cell
    return {
        "indicator": cell.indicator,
        "subject": str(cell.subject),
        "period": str(cell.period),
        "unit": each.after.unit or each.before.unit,
        "before": {"state": each.before.state.value, "value": _text(each.before.value)},
        "after": {"state": each.after.state.value, "value": _text(each.after.value)},
        "difference": _text(each.difference),
        "is_demo": each.is_demo,
    }


def _text(value: object) -> str | None:
    return None if value is None else f"{value:f}"


def _save(file: Path, sides: _Sides, comparison: Comparison, names: dict[Any, str]) -> None:
    rows = [_row(each, sides, names, 0) for each in comparison.moved]
    if file.suffix.lower() == ".csv":
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow([head for head, _ in HEADS])
        writer.writerows(rows)
        file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        return
    from shuangkong.papers.tables import SheetColumn, write_xlsx

    notes = [_sum(comparison, 0), f"规则版本 {sides.before[0].version} 与 {sides.after[0].version}，没有记入任何数据。"]
    columns = [SheetColumn(head, is_figure=head in ("原值", "新值", "差")) for head, _ in HEADS]
    demo = any(each.is_demo for each in comparison.moved)
    made_on = date.today()  # noqa: DTZ011 - the office's own calendar day
    file.write_bytes(write_xlsx(sides.title.zh, columns, rows, notes, is_demo=demo, made_on=made_on))
