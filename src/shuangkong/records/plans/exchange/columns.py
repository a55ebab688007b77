"""The columns of each table, with their headings in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuangkong.core.finding import Message
from shuangkong.plans.tasks.events import Grade
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.exchange.rows import RowRefused, Sort
from shuangkong.records.plans.tasks.rows import TaskKind

#: Words for kinds of tasks that a table may hand out, besides their ids.
KINDS = {
    "重点工程": TaskKind.KEY_WORK,
    "限期整治": TaskKind.RECTIFY,
    "须编制的方案": TaskKind.SUB_PLAN,
    "另行交办": TaskKind.OTHER,
}
GRADES = {
    "未启动": Grade.NOT_STARTED,
    "按计划推进": Grade.ON_TRACK,
    "进度滞后": Grade.BEHIND,
    "受阻": Grade.BLOCKED,
    "已完成": Grade.DONE,
}
ROLES = {
    "管理员": Role.ADMINISTRATOR,
    "方案办公室": Role.PLAN_OFFICE,
    "领导小组": Role.LEADING_GROUP,
    "责任部门": Role.DEPARTMENT,
    "被考核地区": Role.REGION,
    "企业填报人": Role.REPORTER,
    "企业签发人": Role.SIGNATORY,
    "第三方核查": Role.VERIFIER,
    "审计": Role.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name (which is its English heading), its Chinese heading, what it takes."""

    name: str
    heading: str
    takes: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


_REF = Column("ref", "编号", "本表自用的编号：同一编号只录入一次，其他行可以引用；可空")
_TASK = Column("task", "任务", "任务的编号（数字），或录入时自用的编号", True)
_REGION = Column("region", "地区", "地区名称或代码；空着则为录入人的地区")
_BODY = Column("body", "单位", "该地区已登记的单位名称", True)
_GROUND = Column("ground", "依据", "文件或理由")

COLUMNS: Mapping[Sort, tuple[Column, ...]] = {
    Sort.TASKS: (
        _REF,
        Column("kind", "种类", "任务的种类", True, tuple(KINDS)),
        Column("title", "任务", "要办什么", True),
        _REGION,
        Column("plan", "方案", "方案的编号（数字）或文号；可空"),
        Column("parent", "上级任务", "任务的编号，或本表上面的自用编号；可空"),
        Column("lead", "牵头单位", "单位名称，几个用顿号分开", True),
        Column("helping", "配合单位", "单位名称，几个用顿号分开；可空"),
        Column("due", "期限", "YYYY-MM-DD；可空"),
        Column("amount", "数量", "数字；可空"),
        Column("amount_unit", "数量单位", "有数量必填，如万元"),
        Column("subject", "企业", "限期整治的企业"),
        _GROUND,
    ),
    Sort.OWNERS: (_TASK, _BODY, _GROUND),
    Sort.PROGRESS: (
        _REF,
        _TASK,
        _BODY,
        Column("on", "日期", "YYYY-MM-DD，不晚于今天", True),
        Column("grade", "等次", "进展等次", True, tuple(GRADES)),
        Column("percent", "完成比例", "0 到 100；可空"),
        Column("text", "进展", "办了什么", True),
    ),
    Sort.BODIES: (
        _REGION,
        Column("name", "单位名称", "文件里写的名称", True),
        Column("same_as", "即", "同一单位的正式名称；可空"),
        Column("reason", "理由", "写了“即”必填：为什么是同一单位"),
    ),
    Sort.ENTERPRISES: (
        _REGION,
        Column("name", "企业名称", "营业执照上的名称", True),
        Column("credit_code", "统一社会信用代码", "18 位；没有的空着"),
        Column("industry", "行业代码", "国民经济行业代码；可空"),
        Column("on", "起始日", "YYYY-MM-DD，不晚于今天；空着为今天"),
        Column("permit", "排污许可证编号", "可空"),
        Column("statistics", "环境统计编号", "可空"),
        Column("census", "污染源普查编号", "可空"),
        Column("energy", "重点用能单位编号", "可空"),
        Column("monitoring", "自动监控编号", "可空"),
        Column("ground", "依据", "文件或理由", True),
    ),
    Sort.APPOINTMENTS: (
        Column("person", "用户名", "已建的人员", True),
        Column("role", "角色", "角色", True, tuple(ROLES)),
        _REGION,
        Column("body", "单位", "责任部门等角色必填"),
        Column("from", "起始日", "YYYY-MM-DD；空着为今天"),
        Column("until", "截止日", "YYYY-MM-DD；可空"),
        Column("ground", "依据", "授权文件或理由", True),
    ),
}


def header(sort: Sort, cells: Sequence[str]) -> dict[int, str]:
    """Column place → name. Raises RowRefused where a required heading is absent or one stands twice."""
    columns = COLUMNS[sort]
    names = {text: column.name for column in columns for text in (column.name, column.heading)}
    places = {place: names[text.strip()] for place, text in enumerate(cells) if text.strip() in names}
    absent = [column.heading for column in columns if column.is_required and column.name not in places.values()]
    if absent or len(set(places.values())) < len(places):
        expected = Message(
            f"含以下列名的表头：{'、'.join(absent)}" if absent else "列名各出现一次",
            f"headings with {', '.join(absent)}" if absent else "each heading once",
        )
        raise RowRefused("EXC-101", "", expected, " | ".join(cells))
    return places


def heading_of(sort: Sort, name: str) -> str:
    """The Chinese heading of a column."""
    return next((column.heading for column in COLUMNS[sort] if column.name == name), name or "表头")
