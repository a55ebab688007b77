"""The table of exceptions: which project was let through which restriction, by which document, until when."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shuangkong.core.restriction import Restriction
from shuangkong.records.assessment.accountability.rows import ExemptionRow
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken


def exemption_table(rows: Iterable[ExemptionRow], known: Iterable[Restriction]) -> Table:
    """``known``: the restrictions that are in force, by which a row says what it is an exception of."""
    names = {each.id: spoken(each.ground.clause.words) for each in known}
    columns = (
        Column("project", _("项目")),
        Column("restriction", _("限制")),
        Column("starts", _("从")),
        Column("until", _("到")),
        Column("document", _("批准例外的文件")),
        Column("reason", _("理由")),
        Column("ended", _("取消例外的文件")),
        Column("author", _("记录人")),
        Column("journal", _("日志"), is_figure=True),
    )
    made = tuple(Row(_cells(row, names.get(row.restriction, ""))) for row in rows)
    empty = _("没有记录过例外。原则上不批的和已生效的限批，领导可以在答复里逐个项目记录例外。")
    return Table("exemptions", _("记录的例外"), columns, made, empty)


def _cells(row: ExemptionRow, restriction: str) -> tuple[Cell, ...]:
    last = row.last_day
    return (
        text_cell(row.project),
        text_cell(restriction or _("限制已解除")),
        Cell(row.starts.isoformat(), row.starts),
        Cell(last.isoformat(), last) if last else text_cell(_("限制解除为止")),
        text_cell(row.document),
        text_cell(row.reason),
        text_cell(row.ended_by),
        text_cell(row.author),
        Cell(str(row.journal), row.journal),
    )
