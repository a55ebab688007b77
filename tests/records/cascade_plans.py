"""Plans of an invented city and of a county in it, short enough to be worked out by hand."""

from __future__ import annotations

from functools import cache

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.rows import EntryKind
from shuangkong.records.plans.rows import Origin, PlanRow, Verdict
from shuangkong.rulebook import open_rulebook

CITY, COUNTY = "/999900/", "/999900/999901/"
CITY_OFFICE = Acting("city", Role.PLAN_OFFICE, region="999900", region_name="澄州市", paths=(CITY,))
COUNTY_OFFICE = Acting("county", Role.PLAN_OFFICE, region="999901", region_name="澄湖县", paths=(COUNTY,))
NEIGHBOUR = Acting("other", Role.PLAN_OFFICE, region="999902", region_name="柳川县", paths=("/999900/999902/",))
READER = Acting("reader", Role.ADMINISTRATOR, paths=("/",))


def notice(place: str, number: str, title: str, body: str, preamble: str = "", day: str = "2022年6月20日") -> str:
    """A notice that carries a plan, in the form of the genre."""
    return f"""{place}人民政府关于印发{title}的通知

{number}

各有关单位：

现将《{title}》印发给你们，请认真贯彻执行。

{place}人民政府

{day}

（虚构文件，仅供测试）

{title}

{preamble}

{body}
"""


CITY_PLAN = notice(
    "澄州市",
    "澄州府发〔2022〕3号",
    "澄州市“十四五”节能减排综合工作方案",
    """一、主要目标

（一）主要目标。到2025年，全市单位地区生产总值能耗比2020年下降15%，能源消费增量控制在120万吨标准煤以内。非化石能源占能源消费总量比重达到20%。化学需氧量重点工程减排量达到6000吨。

二、重点任务

（二）加强工业节能。到2025年，规模以上工业单位增加值能耗比2020年下降14%，建成绿色工厂60家。（牵头单位：市发展改革委）

（三）强化建筑节能。推广绿色建筑。（牵头单位：市住房城乡建设局）

（四）推行绿色消费。引导公众节约用能。（牵头单位：市商务局）
""",
)
COUNTY_PLAN = notice(
    "澄湖县",
    "澄湖府发〔2022〕12号",
    "澄湖县“十四五”节能减排综合工作方案",
    """一、主要目标

（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降14%，能源消费增量控制在18万吨标准煤以内。非化石能源占能源消费总量比重达到22%。

二、重点任务

（二）提升建筑能效。2023年底前，编制城镇污水处理设施建设规划，推广绿色建筑。（牵头单位：县住房城乡建设局）

（三）深入推进工业领域节能。规模以上工业单位增加值能耗完成市级下达目标。制定有序用电方案和错峰用电预案。（牵头单位：县发展改革局；参加单位：县经济信息化局）

（四）加强组织领导。各镇政府对本镇节能工作负总责，镇长是第一责任人。配合省、市开展锅炉普查。（牵头单位：县发展改革局）
""",
    preamble="根据《澄州市“十四五”节能减排综合工作方案》（澄州府发〔2022〕3号）要求，结合我县实际，制定本方案。",
)
AMENDMENT = notice(
    "澄湖县",
    "澄湖府发〔2024〕5号",
    "澄湖县“十四五”节能减排目标调整方案",
    """一、主要目标

（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降13%。建成绿色工厂12家。
""",
    day="2024年3月1日",
)


@cache
def _read(text: str) -> tuple[Document, Reading]:
    document = Document("plan.txt", Medium.TXT, text)
    return document, read_plan(document, open_rulebook().lexicon())


def adopted(text: str, region: str) -> PlanRow:
    """A plan read, reviewed and adopted."""
    document, reading = _read(text)
    row = plans.save_reading(text.encode(), document, reading, (), READER, Origin(is_fictional=True, region=region))
    for entry in plans.entries(row.id):
        if entry.is_open:
            plans.decide(entry.id, Verdict.ACCEPTED, READER)
    plans.adopt(row.id, READER)
    found = plans.plan(row.id)
    assert found is not None
    return found


def proposed(plan: PlanRow, kind: EntryKind) -> list[cascade.Registering]:
    """What the text of a plan proposes for the register, of one kind."""
    return [
        cascade.Registering(each.kind, each.title, each.item, each.giver, each.owner, each.due, each.span)
        for each in cascade.register_proposals(plan.id)
        if each.kind is kind
    ]
