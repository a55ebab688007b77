"""报表目录: the page that lists every form: whose, how often, due when, its tables, the indicators that it feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shuangkong.core.fact import Evidence
from shuangkong.reporting.forms.first import taken
from shuangkong.reporting.forms.model import Every, Form, SubjectKind, Table

_HEADINGS = (
    "编号 id", "表号 number", "名称 name", "性质 kind", "填报对象 subject", "周期 every", "期后天数 days",
    "栏目 fields", "计算 computed",
)  # fmt: skip
_KINDS = {Evidence.STATISTICAL: "统计 statistical", Evidence.ADMINISTRATIVE: "行政 administrative"}
_SUBJECTS = {
    SubjectKind.UNIT: "单位 unit",
    SubjectKind.INSTITUTION: "公共机构 institution",
    SubjectKind.REGION: "地区 region",
    SubjectKind.DEPARTMENT: "部门 department",
    SubjectKind.SUPPLIER: "供应单位 supplier",
    SubjectKind.PROJECT: "项目 project",
}
_EVERY = {
    Every.MONTH: "月 month",
    Every.QUARTER: "季 quarter",
    Every.HALF: "半年 half year",
    Every.YEAR: "年 year",
}


def forms_page(forms: Iterable[Form]) -> str:
    """docs/forms.md; ``forms``: each as it stands newest."""
    return "\n".join(_page(tuple(forms))) + "\n"


def _page(forms: tuple[Form, ...]) -> Iterator[str]:
    yield "# 报表目录 · Catalogue of forms"
    yield ""
    yield "由政策文件生成（`shuangkong docs`），请勿手改。怎样算、怎样换版、怎样增补见 [forms](methods/forms.md)。"
    yield "Generated from the policy files by `shuangkong docs`; do not edit. How they work: [forms](methods/forms.md)."
    yield ""
    unverified = sum(not form.is_verified for form in forms)
    yield f"共 {len(forms)} 张，其中 {unverified} 张的栏目未与原表核对（按表名拟）。"
    yield f"{len(forms)} forms; the fields of {unverified} are designed from titles and not held against the form."
    yield ""
    yield f"| {' | '.join(_HEADINGS)} |"
    yield f"|{'---|' * len(_HEADINGS)}"
    for form in forms:
        name = f"[{form.name.zh}](#{form.id})<br>{form.name.en}"
        counts = f"{len(form.fields)} | {len(form.derived)}"
        kinds = f"{_KINDS[form.kind]} | {_SUBJECTS[form.subject]} | {_EVERY[form.every]} | {_due(form)}"
        yield f"| `{form.id}` | {form.number} | {name} | {kinds} | {counts} |"
    for form in forms:
        yield from _form(form)


def _due(form: Form) -> str:
    return f"{form.days}" if form.due is None else "{}月{}日".format(*form.due)


def _form(form: Form) -> Iterator[str]:
    yield from ("", f'<a id="{form.id}"></a>', f"## {form.name.zh} · {form.name.en}", "")
    whom = "、".join((*form.scopes, *form.levels)) or "—"
    yield f"`{form.id}`，版本 {form.edition}，填报范围 {whom}，归口 {form.owner or '—'}。"
    yield f"依据：`{form.source}` {form.at}。"
    yield from ("", "| 表 table | 行 rows | 栏 columns |", "|---|---|---|")
    for table in form.tables:
        yield f"| `{table.id}` {table.name.zh}<br>{table.name.en} | {_rows(table)} | {_columns(table)} |"
    beside = dict.fromkeys(f"`{first.place[0]}`" for field in form.fields.values() for first in taken(field.firsts))
    if beside:
        yield from ("", f"由同一单位其他报表已接收的数带入 begins with accepted returns of：{'、'.join(beside)}。")
    flows = {field.fact.indicator for field in form.fields.values() if field.fact is not None}
    plain = sorted(each for each in flows if "." not in each)
    if len(plain) < len(flows):
        plain.append(f"能源平衡表的 {len(flows) - len(plain)} 个数")
    if plain:
        yield from ("", f"流入 feeds：{'、'.join(plain)}。")
    facts = {field.fact for field in form.fields.values() if field.fact is not None and field.fact.after}
    if facts:
        after = "；".join(sorted(f"{each.indicator} 让于 after {'、'.join(each.after)}" for each in facts))
        yield from ("", f"同一地区数几张表都报的，一数一源 one source：{after}。")


def _rows(table: Table) -> str:
    if table.open is not None:
        return f"开放（{table.open.name.zh}），至多 {table.open.most} 行"
    return "、".join(row.name.zh for row in table.rows)


def _columns(table: Table) -> str:
    derived = {field.column for field in table.fields if field.derived is not None}
    return "、".join(f"{column.name.zh}{'（算）' if column.id in derived else ''}" for column in table.columns)
