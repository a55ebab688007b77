"""An invented county with two works that have people of their own, one without, and a neighbour."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import xlsxwriter
from django.test import Client
from django.utils import timezone

from actors import ADMIN
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import name_reporter, register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow

COUNTY, NEIGHBOUR = "990100", "990200"
HEADS = (
    "企业", "生产线或工序", "级别", "措施", "二氧化硫减排量", "氮氧化物减排量", "颗粒物减排量", "挥发性有机物减排量",
    "核查方式",
)  # fmt: skip
#: Orange cuts 22 of 100 t of sulphur dioxide, 12 of 100 t of nitrogen oxides.
ROWS = (
    ("虚构的一号水泥厂", "1号窑", "橙色", "停产", "12", "6", "", "", "用电量"),
    ("虚构的一号水泥厂", "1号窑", "红色（Ⅰ级响应）", "停产", "20", "20", "", "", "用电量"),
    ("虚构的二号水泥厂", "2号窑", "2", "限产50%", "10", "6", "", "", "在线监测"),
    ("虚构的无人砖厂", "隧道窑", "红色", "停产", "11", "11", "", "", "现场检查"),
)
DAILY = ("企业", "生产线或工序", "日期", "二氧化硫排放量")


def settle() -> None:
    """office, leader (of the county), kiln (reports for the first works), there (governs the neighbour), clerk."""
    registry.save_regions(
        [
            RegionRow(COUNTY, "云桥县", "county", is_fictional=True),
            RegionRow(NEIGHBOUR, "松岭县", "county", is_fictional=True),
        ]
    )
    bureau = registry.name_bodies(COUNTY, ["县生态环境局"])["县生态环境局"]
    there = registry.name_bodies(NEIGHBOUR, ["松岭县人民政府"])["松岭县人民政府"]
    first, second, _third = (
        register_enterprise(ParticularsRow(f"虚构的{name}", COUNTY), ADMIN, "名录")
        for name in ("一号水泥厂", "二号水泥厂", "无人砖厂")
    )
    kiln, _other = (name_reporter(each, ADMIN, "开通") for each in (first, second))
    for name, role, body, region in (
        ("office", Role.PLAN_OFFICE, None, COUNTY),
        ("leader", Role.LEADING_GROUP, None, COUNTY),
        ("clerk", Role.DEPARTMENT, bureau, COUNTY),
        ("kiln", Role.REPORTER, kiln, COUNTY),
        ("there", Role.REGION, there, NEIGHBOUR),
    ):
        Person.objects.create_user(name)
        appoint(name, role, ADMIN, "测试", body, region)


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def acts(name: str) -> Acting:
    found = acting(Person.objects.get(username=name), timezone.localdate())
    assert found is not None
    return found


def workbook(*rows: tuple[str, ...]) -> BytesIO:
    """A file as the form has it."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.seek(0)
    made.name = "表.xlsx"
    return made


def load(client: Client, *rows: tuple[str, ...], **more: str) -> object:
    """Sends a list of measures."""
    told = {
        "place": COUNTY, "year": str(timezone.localdate().year), "document": "云环发1号", "source": "排放清单",
        "emitted-so2": "100", "emitted-nox": "100", "file": workbook(HEADS, *(rows or ROWS)),
    } | more  # fmt: skip
    return client.post("/outlook/weather/measures/load/", told)


def midnight(days: int) -> datetime:
    """Midnight so many days from today."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=days)


def order(kind: str, days: int, level: str = "", **more: str) -> dict[str, str]:
    """The form of an order that holds from a midnight."""
    return {
        "kind": kind, "level": level, "starts_at": f"{midnight(days):%Y-%m-%dT%H:%M}", "document": f"云应急{days}号",
        "ground": "预测 AQI 日均值将超过 200", "signed_by": "李某，总指挥", **more,
    }  # fmt: skip


def start(client: Client, days: int = -5, level: str = "2") -> str:
    """The page of a response that was started so many days ago."""
    form = order("start", days, level, place=COUNTY, neighbours="松岭县")
    answer = client.post("/outlook/weather/start/", form)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"].partition("?")[0]
