"""PLN-090, PLN-091: names of bodies one slip away from another, in papers short and long; PLN-070 counts each once."""

from __future__ import annotations

import pytest
from constructed import CATALOGUE

from shuangkong.plans.audit import audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan

HEAD = "青石县“十四五”节能减排工作方案\n青政发〔2022〕21号\n青石县人民政府\n2022年3月25日\n一、主要任务\n"


def hits(*items: str) -> list[tuple[str, str]]:
    body = "".join(f"（{'一二三四五六'[at]}）任务。{item}\n" for at, item in enumerate(items))
    document = Document("plan.txt", Medium.TXT, HEAD + body)
    found = audit(read_plan(document, CATALOGUE.lexicon), document, CATALOGUE)
    return [(one.code, one.message.zh) for one in found if one.code in ("PLN-070", "PLN-090", "PLN-091")]


@pytest.mark.parametrize(
    ("slip", "meant", "code"),
    [
        ("县住房城乡建建局", "县住房城乡建设局", "PLN-090"),
        ("县生态环局", "县生态环境局", "PLN-090"),
        ("县农业农村村局", "县农业农村局", "PLN-090"),
        ("县工业和信局", "县工业和信息化局", "PLN-091"),
    ],
)
def test_one_slip_is_found_where_each_name_stands_once(slip: str, meant: str, code: str) -> None:
    (hit,) = hits(f"完成改造。（{meant}负责）", f"完成验收。（{slip}负责）")
    assert hit[0] == code
    assert hit[1].index(f"“{slip}”") < hit[1].index(f"“{meant}”")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("县市场监管局", "县市场监管分局"),
        ("县交通局", "县交通运输局"),
        ("县水务局", "县商务局"),
    ],
)
def test_other_names_that_stand_once_each_are_left_alone(one: str, other: str) -> None:
    assert not [code for code, _ in hits(f"完成改造。（{one}负责）", f"完成验收。（{other}负责）") if code == "PLN-090"]


def test_an_indicator_without_owner_is_named_once() -> None:
    words = ("到2025年，能耗强度下降13%，力争下降14%，森林覆盖率达到30%。", "完成改造。（县发改局负责）")
    (hit,) = hits(*words)
    assert "3项目标没有责任单位：单位地区生产总值能耗下降率×2、森林覆盖率。" in hit[1]
