"""表彰通报: who is commended, what for, on which ground, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.papers.official.paper import Basis, Issue, Paper
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "commendation"


@dataclass(frozen=True, slots=True)
class CommendationInput:
    """A commendation that was approved. What is "" or None is left out.

    ``kind`` is 地区, 部门, 单位, 企业 or 个人; ``merits`` the paragraphs of what it is for; ``amount_cny`` the reward.
    """

    issue: Issue
    basis: Basis
    region: str
    name: str
    kind: str
    workplace: str
    award: str
    period: str
    merits: tuple[str, ...]
    plan: str
    clause: str
    ground: str
    amount_cny: Decimal | None
    funder: str


def commendation_docx(given: CommendationInput, templates: Templates) -> bytes:
    """The notice, in the form of a 通报. Raises TemplateRefused where a template cannot be used."""
    words = Words(
        values={
            "地区": given.region,
            "对象": given.name,
            "类别": given.kind,
            "工作单位": given.workplace,
            "表彰名称": given.award,
            "年度": given.period,
            "依据条款": given.clause,
            "方案": given.plan,
            "其他依据": given.ground,
            "奖励金额": "" if given.amount_cny is None else f"{given.amount_cny:f}",
            "出资单位": given.funder,
        },
        lists={"事迹": [{"内容": each} for each in given.merits]},
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)
