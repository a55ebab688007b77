"""PLN-010, PLN-011, PLN-013 with a base that the text itself prints; PLN-045 in a sentence."""

from __future__ import annotations

import pytest
from constructed import CATALOGUE

from shuangkong.plans.audit import audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan

HEAD = "青石县“十四五”节能减排工作方案\n青政发〔2022〕21号\n青石县人民政府\n2022年3月25日\n一、主要目标\n（一）目标。"
CODES = ("PLN-010", "PLN-011", "PLN-013", "PLN-045")


def hits(sentence: str) -> list[tuple[str, str]]:
    document = Document("plan.txt", Medium.TXT, f"{HEAD}{sentence}（县发改局负责）\n")
    found = audit(read_plan(document, CATALOGUE.lexicon), document, CATALOGUE)
    return [(one.code, one.ground.zh if one.ground else "") for one in found if one.code in CODES]


@pytest.mark.parametrize(
    "words",
    [
        "化学需氧量排放总量由2020年的1000吨下降到{cap}吨，下降12%。",
        "化学需氧量排放总量2020年为1000吨，到2025年控制在{cap}吨以内，比2020年下降12%。",
        "到2025年，化学需氧量排放总量控制在{cap}吨以内，比2020年的1000吨下降12%。",
        "到2025年，化学需氧量排放总量控制在{cap}吨以内，比2020年下降12%（2020年排放量为1000吨）。",
    ],
)
def test_a_base_in_the_text_must_give_the_cap(words: str) -> None:
    assert hits(words.format(cap=880)) == []
    assert hits(words.format(cap=900)) == [("PLN-010", "900 ÷ (1 − 12%) = 1022.73吨; 1022.73 − 1000 = 22.727吨 (2.2%)")]


@pytest.mark.parametrize(
    "words",
    [
        "能源消费总量由2020年的120万吨标准煤增加15万吨标准煤，控制在{cap}万吨标准煤以内。",
        "2020年能源消费总量为120万吨标准煤，“十四五”能源消费增量控制在15万吨标准煤以内，"
        "2025年能源消费总量控制在{cap}万吨标准煤以内。",
    ],
)
def test_base_and_increment_of_the_text_must_give_the_cap(words: str) -> None:
    assert hits(words.format(cap=135)) == []
    assert hits(words.format(cap=140)) == [("PLN-011", "120 + 15 = 135 ≠ 140 万吨标准煤")]


def test_a_base_of_another_year_or_quantity_is_none() -> None:
    words = "到2025年，化学需氧量排放总量控制在900吨以内，比2020年下降12%。{other}。"
    for other in ("2015年化学需氧量排放总量为1000吨", "2020年氨氮排放总量为1000吨"):
        assert [code for code, _ in hits(words.format(other=other))] == ["PLN-013"]


def test_a_fall_by_less_than_nothing_is_found_in_a_sentence() -> None:
    assert [code for code, _ in hits("单位地区生产总值能耗比2020年下降-13.5%。")] == ["PLN-045"]
    assert hits("单位地区生产总值能耗比2020年下降13.5%。") == []
