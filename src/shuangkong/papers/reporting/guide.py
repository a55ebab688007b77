"""填报说明: what a form asks, of whom, how and until when, in lines of a key and a text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from shuangkong.core.fact import Evidence
from shuangkong.papers.reporting.layout import About
from shuangkong.reporting.forms.model import Form

_KINDS = {
    Evidence.STATISTICAL: "统计报表：能识别单个单位的资料只用于统计，不作为对单位处理处罚的依据。",
    Evidence.ADMINISTRATIVE: "行政报表：可作为监督管理的依据。",
}


def guide_lines(form: Form, about: About) -> Iterator[tuple[str, str]]:
    """(key, text) from the top of the page down."""
    yield form.name.zh, form.name.en
    yield "报表编号", form.number or form.id
    yield "版本", form.edition
    yield "性质", _KINDS[form.kind]
    yield "填报单位", f"{about.name}（{about.unit}）"
    yield "所属时期", str(about.period)
    yield "报送期限", f"{about.period.last_day + timedelta(days=form.days)}（期后 {form.days} 日内）"
    yield "依据", f"{form.at}{'' if form.is_verified else '（栏目未经与原表核对）'}"
    if form.note:
        yield "说明", form.note
    yield "怎样填", "浅黄色格子填写，灰色格子由系统计算并已锁定，斜线格子不填；标 * 的必填。没有的填“不适用”，零填 0。"
    yield "注意", "请不要增删、移动行列，不要改工作表名称。单位按表上所印；数不带单位，不用中文数字。"
    for table in form.tables:
        if table.guidance is not None:
            yield table.name.zh, table.guidance.zh
        lines = [(row.name, row.guidance) for row in table.rows]
        lines += [(column.name, column.guidance) for column in table.columns]
        for name, guidance in lines:
            if guidance is not None:
                yield f"{table.name.zh} · {name.zh}", guidance.zh
