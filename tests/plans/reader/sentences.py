"""One sentence of the genre as the whole text of an item, read."""

from __future__ import annotations

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.rulebook import open_rulebook

HEAD = "关于印发某市“十三五”节能减排综合工作方案的通知\n某政发〔2017〕1号\n某市人民政府\n2017年1月5日\n"


def plan_of(body: str) -> Reading:
    """A plan of 2016 to 2020 whose text after its head is ``body``."""
    return read_plan(Document("plan.txt", Medium.TXT, HEAD + body), open_rulebook().lexicon())


def reading_of(sentence: str) -> Reading:
    """A plan whose one item says ``sentence``."""
    return plan_of(f"一、目标\n（一）标题。{sentence}（牵头单位：市发展改革委）\n")
