"""Heavy-pollution weather: a list is checked against the shares, orders tell who must act, receipts and effect show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import weather_site as site
from django.test import Client
from docx import Document
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.models import Notice
from shuangkong.records.outlook.weather import alerts, lists
from shuangkong.records.outlook.weather.models import WeatherList

pytestmark = pytest.mark.django_db
MEASURES = f"/outlook/weather/measures/?place={site.COUNTY}"


@pytest.fixture(scope="module", autouse=True)
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        site.settle()
        yield


@pytest.fixture
def office() -> Client:
    client = site.visitor("office")
    answer = site.load(client)
    assert answer.status_code == 302, answer.content.decode()  # type: ignore[attr-defined]
    return client


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", answer.content.decode()))


def test_a_list_is_held_against_the_shares_that_policy_demands(office: Client) -> None:
    """Orange: 22 of 100 t against a fifth is enough, 12 is not; red: 31 of 100 t each against three tenths."""
    sheet = office.get(f"{MEASURES}&xlsx=shares").content
    rows = [tuple(row[:6]) for row in CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()]
    assert ("橙色（Ⅱ级响应）", "二氧化硫", 22.0, 22.0, 20.0, "达到") in rows
    assert ("橙色（Ⅱ级响应）", "氮氧化物", 12.0, 12.0, 20.0, "不够") in rows
    assert ("红色（Ⅰ级响应）", "氮氧化物", 31.0, 31.0, 30.0, "达到") in rows
    assert any(row[1] == "颗粒物" and "不能判定" in row[5] for row in rows), "what the place emits is not known"
    assert "※" in office.get(MEASURES).content.decode(), "nobody has compared the shares with the document"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("没有的厂", "1号窑", "橙色", "停产", "1", "", "", "", "用电量"), "OUT-806"),
        (("虚构的一号水泥厂", "1号窑", "蓝色", "停产", "1", "", "", "", "用电量"), "OUT-803"),
        (("虚构的一号水泥厂", "1号窑", "橙色", "停产", "-1", "", "", "", "用电量"), "OUT-802"),
        (("虚构的一号水泥厂", "1号窑", "橙色", "", "1", "", "", "", "用电量"), "OUT-805"),
        (site.ROWS[0], "OUT-808"),
    ],
)
def test_a_list_is_taken_whole_or_not_at_all(office: Client, row: tuple[str, ...], code: str) -> None:
    answer = site.load(office, *site.ROWS, row)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)  # type: ignore[attr-defined]
    assert f"第 {len(site.ROWS) + 2} 行" in answer.content.decode()  # type: ignore[attr-defined]
    assert WeatherList.objects.count() == 1


def test_a_new_version_leaves_the_old_one_as_it_was(office: Client) -> None:
    first = lists.newest_list(site.COUNTY)
    assert site.load(office, site.ROWS[0], document="云环发2号").status_code == 302  # type: ignore[attr-defined]
    newest = lists.newest_list(site.COUNTY)
    assert first is not None
    assert newest is not None
    assert (len(first.measures), len(newest.measures)) == (4, 1)
    assert lists.list_of(first.id) == first
    assert "云环发1号" in words(office, f"{MEASURES}&list={first.id}")


def test_an_order_tells_the_enterprises_of_its_level_and_the_neighbours(office: Client) -> None:
    page = site.start(office)
    told = {each.kind: each for each in notices.notices(notices.about(["weather", "joint"], [_number(page)]))}
    assert {each.name for each in told["weather"].bodies} == {"虚构的一号水泥厂", "虚构的二号水泥厂"}  # type: ignore[index]
    assert [each.name for each in told["joint"].bodies] == ["松岭县人民政府"]  # type: ignore[index]
    mine = next(each for each in told["weather"].bodies if "一号" in each.name)  # type: ignore[index]
    assert "1号窑：停产（减排二氧化硫 12 吨/日、氮氧化物 6 吨/日）；核查：用电量" in mine.text
    text = words(office, page)
    assert "企业签收 0 / 2 份通知，邻近地区签收 0 / 1 份" in text
    assert "李某，总指挥" in text


def test_each_body_acknowledges_once_and_sees_only_what_is_its_own(office: Client) -> None:
    page = site.start(office)
    number = Notice.objects.get(kind="weather").pk
    kiln = site.visitor("kiln")
    text = words(kiln, f"/notices/{number}/")
    assert "停产" in text
    assert "二号水泥厂" not in text, "what another enterprise is told"
    assert kiln.post(f"/notices/{number}/acknowledge/", {"text": "已停窑"}).status_code == 302
    assert "NTC-102" in kiln.post(f"/notices/{number}/acknowledge/").content.decode()
    assert "企业签收 1 / 2" in words(office, page)
    assert "已停窑" in words(office, page)
    there = site.visitor("there")
    assert there.get(f"/notices/{number}/").status_code == 404
    assert there.post(f"/notices/{number + 1}/acknowledge/").status_code == 302
    assert "邻近地区签收 1 / 1" in words(office, page)
    assert office.post(f"/notices/{number}/acknowledge/").status_code == 403


def test_orders_follow_from_each_other_and_have_a_ground(office: Client) -> None:
    page = site.start(office)
    again = office.post("/outlook/weather/start/", site.order("start", -1, "1", place=site.COUNTY))
    assert "OUT-821" in again.content.decode()
    for form, code in (
        (site.order("change", -3, "2"), "OUT-825"),  # the same level
        (site.order("change", -6, "1"), "OUT-825"),  # before the start
        (site.order("change", -3, "1", ground=" "), "OUT-823"),
        (site.order("change", -3, ""), "OUT-823"),
        (site.order("end", 400), "OUT-824"),
    ):
        assert code in office.post(f"{page}order/", form).content.decode(), code
    assert office.post(f"{page}order/", site.order("change", -3, "1")).status_code == 302
    assert office.post(f"{page}order/", site.order("end", -1)).status_code == 302
    row = alerts.alert(_number(page))
    assert row is not None
    assert [(int(each.level), (each.ends - each.starts).days) for each in row.spells if each.ends] == [(2, 2), (1, 2)]
    assert "OUT-825" in office.post(f"{page}order/", site.order("change", 0, "3")).content.decode(), "it has ended"
    acts = JournalRow.objects.filter(act__startswith="weather.").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["weather.load", "weather.start", "weather.change", "weather.end"]
    assert Notice.objects.count() == 6, "each order told both"


def test_the_effect_is_told_or_said_not_to_be(office: Client) -> None:
    """Two whole orange days ask 12 and 10 t; the first works cut 15 → 2, the second told of no day within."""
    page = site.start(office, -3)
    assert "说不出：响应尚未解除" in words(office, page)
    office.post(f"{page}order/", site.order("end", -1))
    days = [f"{site.midnight(each):%Y-%m-%d}" for each in range(-5, -1)]
    rows = [
        ("虚构的一号水泥厂", "1号窑", day, amount) for day, amount in zip(days, ["15", "15", "2", "2"], strict=True)
    ]
    file = site.workbook(site.DAILY, *rows, ("虚构的二号水泥厂", "2号窑", days[0], "20"))
    assert office.post(f"{page}emissions/", {"file": file, "source": "在线监测"}).status_code == 302
    sheet = office.get(f"{page}?xlsx=effect").content
    found = {
        (row[0], row[1]): row[2:]
        for row in CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    }
    assert found["虚构的一号水泥厂 · 1号窑", "二氧化硫"][:4] == [12.0, 15.0, 2.0, 13.0]
    assert found["虚构的一号水泥厂 · 1号窑", "二氧化硫"][5] == "达到要求"
    assert found["虚构的二号水泥厂 · 2号窑", "二氧化硫"][5] == "说不出：没有响应期间的日排放量"
    assert found["合计", "二氧化硫"][5] == "1 / 2 条线说得出"
    wrong = site.workbook(site.DAILY, ("虚构的一号水泥厂", "1号窑", "2999-01-01", "1"))
    assert "OUT-804" in office.post(f"{page}emissions/", {"file": wrong, "source": "在线监测"}).content.decode()


def test_the_order_is_a_paper(office: Client) -> None:
    page = site.start(office)
    row = alerts.alert(_number(page))
    assert row is not None
    form = {"issuer": "云桥县人民政府", "signed_on": "2024-01-01"}
    answer = office.post(f"{page}orders/{row.orders[0].id}/docx/", form)
    text = "\n".join(each.text for each in Document(BytesIO(answer.content)).paragraphs)
    for said in (
        "启动重污染天气橙色（Ⅱ级响应）应急响应",
        "虚构的一号水泥厂1号窑：停产。",
        "李某，总指挥",
        "云应急-5号",
    ):
        assert said in text, said
    assert "解除" not in text.split("级别变化和解除")[0]


def test_what_was_known_on_a_past_day_stays(office: Client) -> None:
    page = site.start(office)
    yesterday = f"{site.midnight(-1):%Y-%m-%d}"
    assert "还没有启动过" in words(office, f"/outlook/weather/?as_of={yesterday}")
    assert office.get(f"{page}?as_of={yesterday}").status_code == 404
    assert "还没有清单" in words(office, f"{MEASURES}&as_of={yesterday}")


def test_who_may_do_what(office: Client) -> None:
    page = site.start(office)
    clerk, kiln, there = (site.visitor(name) for name in ("clerk", "kiln", "there"))
    assert clerk.get(page).status_code == 200
    assert clerk.post(f"{page}order/", site.order("end", -1)).status_code == 403
    assert kiln.get(page).status_code == 403
    assert there.get(page).status_code == 404
    leader = site.visitor("leader")
    assert leader.post(f"{page}order/", site.order("end", -1)).status_code == 302
    assert site.load(leader).status_code == 403  # type: ignore[attr-defined]


def test_programmes_do_the_same() -> None:
    """By the interface: the list, the order, the emissions, the receipts and the effect."""
    import json

    client = site.visitor("office")

    def post(path: str, **told: object) -> dict[str, object]:
        answer = client.post(f"/api/v1{path}", json.dumps(told), content_type="application/json")
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, object] = answer.json()
        return found

    cut = [{"pollutant": "so2", "amount_t": "30"}]
    line = {"enterprise": "虚构的一号水泥厂", "process": "1号窑"}
    measure = {**line, "level": 1, "action": "停产", "cuts": cut, "verification": "用电量"}
    emitted = [{"pollutant": "so2", "amount_t": "100"}]
    post("/weather/lists", region=site.COUNTY, year=site.midnight(0).year, document="令", source="清单",
         emitted=emitted, measures=[measure])  # fmt: skip
    book = client.get(f"/api/v1/weather/lists/{site.COUNTY}").json()
    assert [each["is_enough"] for each in book["shares"] if each["pollutant"] == "so2"] == [True, False, False]
    said = {"document": "令", "ground": "预测", "signed_by": "李某"}
    made = post("/weather/alerts", region=site.COUNTY, level=1, starts_at=site.midnight(-3).isoformat(),
                neighbours=[site.NEIGHBOUR], **said)["id"]  # fmt: skip
    post(f"/weather/alerts/{made}/orders", kind="end", starts_at=site.midnight(-1).isoformat(), **said)
    days = [(f"{site.midnight(each):%Y-%m-%d}", amount) for each, amount in ((-4, "40"), (-3, "20"), (-2, "15"))]
    rows = [{**line, "day": day, "amounts": [{"pollutant": "so2", "amount_t": amount}]} for day, amount in days]
    post(f"/weather/alerts/{made}/emissions", source="在线监测", rows=rows)
    found = client.get(f"/api/v1/weather/alerts/{made}").json()
    [outcome] = found["outcomes"]
    assert (outcome["asked_t"], outcome["reduced_t"], outcome["is_done"]) == ("30", "22.5", False)
    assert [each["name"] for each in found["receipts"]] == ["松岭县人民政府", "虚构的一号水泥厂"] * 2
    kiln = site.visitor("kiln")
    mine = kiln.get("/api/v1/notices").json()["items"]
    assert [each["kind"] for each in mine] == ["weather", "weather"]
    told = kiln.post(f"/api/v1/notices/{mine[0]['id']}/acknowledge", "{}", content_type="application/json")
    assert told.json() == {"done": True}


def _number(page: str) -> int:
    return int(page.strip("/").split("/")[-1])
