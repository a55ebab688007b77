"""调度表: the months of many projects in one file; all of it is recorded, or, where one row is refused, nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from shuangkong.core.finding import Message
from shuangkong.outlook.projects.told import EventKind
from shuangkong.papers.tables import FormField
from shuangkong.records.outlook.projects import store
from shuangkong.records.outlook.projects.acts import act
from shuangkong.records.outlook.projects.rows import KeyProjectRow, Said
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.web.outlook.projects.acting import content_of
from shuangkong.web.outlook.projects.words import STAGES
from shuangkong.web.site.scope import whole

#: Key of a form → heading of its column.
HEADINGS = {
    "project": "工程编号",
    "month": "月份",
    "stage": "状态",
    "invested": "累计完成投资（万元）",
    "progress_pct": "形象进度（%）",
    "done-start": "开工日期",
    "done-finish": "建成日期",
    "done-run": "投运日期",
    "running_pct": "投运率（%）",
    "compliant_pct": "达标率（%）",
    "text": "说明",
}
_NEEDED = frozenset({"project", "month"})
_PROOF = ("running_pct", "compliant_pct")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row: ``row`` as the file counts; ``message`` None where it can be recorded."""

    row: int
    project: str
    message: Message | None = None
    code: str = ""


def form_fields() -> list[FormField]:
    """The columns of the empty sheet."""
    stages = tuple(str(word) for word in STAGES.values())
    return [FormField(head, "", key in _NEEDED, stages if key == "stage" else ()) for key, head in HEADINGS.items()]


def take_months(rows: Sequence[Sequence[str]], by: Acting, *, is_dry_run: bool) -> tuple[Verdict, ...]:
    """Records what the rows tell, month by month: the dispatch where a state is told, the proof where shares are.

    Raises:
        Refused: OUT-870 the headings are not those of the sheet.
    """
    told = list(_told(rows))
    numbers = {number for _, line in told if (number := whole(line["project"].strip())) is not None}
    known = {row.id: row for row in store.projects(store.readable(by) & Q(pk__in=sorted(numbers)))}
    with transaction.atomic():
        verdicts = tuple(_taken(number, line, known, by) for number, line in told)
        if is_dry_run or any(each.message is not None for each in verdicts):
            transaction.set_rollback(True)
    return verdicts


def _told(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells of each row that is not blank."""
    keys = {heading: key for key, heading in HEADINGS.items()}
    heads = [keys.get(cell.strip(), "") for cell in rows[0]] if rows else []
    if not set(heads) >= _NEEDED:
        wanted = "、".join(HEADINGS[key] for key in HEADINGS if key in _NEEDED)
        raise Refused("OUT-870", f"表头里要有：{wanted}。请用模板。", f"Needs the headings {wanted}: use the template.")
    for number, row in enumerate(rows[1:], start=2):
        cells = {key: cell.strip() for key, cell in zip(heads, row, strict=False) if key}
        if any(cells.values()):
            yield number, dict.fromkeys(HEADINGS, "") | cells


def _taken(number: int, line: dict[str, str], known: dict[int, KeyProjectRow], by: Acting) -> Verdict:
    row = known.get(whole(line["project"]) or 0)
    if row is None:
        message = Message("没有这个编号的重点工程。", "There is no key project of that number.")
        return Verdict(number, line["project"], message, "OUT-871")
    words = {str(word): stage.value for stage, word in STAGES.items()}
    form = line | {"stage": words.get(line["stage"], line["stage"])}
    kinds = [kind for kind, is_told in (
        (EventKind.DISPATCH, bool(line["stage"])), (EventKind.PROVE, any(line[key] for key in _PROOF)),
    ) if is_told]  # fmt: skip
    try:
        if not kinds:
            raise Refused("OUT-872", "状态、投运率和达标率都没有填。", "Neither a state nor shares are told.")
        for kind in kinds:
            act(row.id, by, kind, Said(content_of(kind, form, row), line["text"]))
    except Refused as refusal:
        return Verdict(number, row.name, refusal.message, refusal.code)
    return Verdict(number, row.name)
