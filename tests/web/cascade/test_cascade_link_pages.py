"""Pages of the links between plans: proposed, confirmed, withdrawn; who may."""

from __future__ import annotations

import cascade_site as site
import pytest
from cascade_asking import ANSWERS, REGISTER, registered, text_of, words
from django.test import Client

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import EntryKind

pytestmark = pytest.mark.django_db


def test_a_parent_is_proposed_with_its_line_and_confirmed(office: Client, child: int, parent: int) -> None:
    page = words(office, f"/plans/{child}/cascade/")
    assert "文中提到，待认定" in page
    assert "根据《澄州市“十四五”节能减排综合工作方案》（澄州府发〔2022〕3号）要求" in page
    said = {"relation": "follows", "verdict": "confirmed", "title": "澄州市“十四五”节能减排综合工作方案",
            "doc_no": "澄州府发〔2022〕3号", "other": parent, "form": "proposed-1"}  # fmt: skip
    refused = text_of(office.post(f"/plans/{child}/cascade/decide/", said | {"ground": " "}), 422)
    assert "CAS-102" in refused
    assert store.links(child) == ()
    assert office.post(f"/plans/{child}/cascade/decide/", said | {"ground": "文首所引"}).status_code == 302
    (row,) = store.links(child)
    page = words(office, f"/plans/{child}/cascade/")
    assert "文中提到，待认定" not in page
    assert f'href="/plans/{child}/cascade/{row.id}/"' in page
    assert f"日志第 {row.journal} 号" in page


def test_a_rejected_parent_is_not_proposed_again_and_stays_in_the_record(office: Client, child: int) -> None:
    said = {"relation": "follows", "verdict": "rejected", "title": "澄州市“十四五”节能减排综合工作方案",
            "doc_no": "澄州府发〔2022〕3号", "ground": "引用有误"}  # fmt: skip
    assert office.post(f"/plans/{child}/cascade/decide/", said).status_code == 302
    page = words(office, f"/plans/{child}/cascade/")
    assert "没有上级方案" in page
    assert "引用有误" in page
    assert store.links(child) == ()


def test_a_link_is_withdrawn_from_its_page(office: Client, child: int, linked: int, parent: int) -> None:
    row = store.links(child)[0]
    said = {
        "relation": "follows",
        "verdict": "rejected",
        "title": row.title,
        "doc_no": row.doc_no,
        "ground": "改依省方案",
    }
    assert office.post(f"/plans/{child}/cascade/decide/", said | {"other": parent}).status_code == 302
    assert store.links(child) == ()
    assert office.get(f"/plans/{child}/cascade/{linked}/").status_code == 404


def test_a_parent_that_is_not_read_in_is_chosen_later(office: Client, child: int, parent: int) -> None:
    address, ground = f"/plans/{child}/cascade/", {"relation": "follows", "verdict": "confirmed", "ground": "文首所引"}
    named = {"title": "澄州市“十四五”节能减排综合工作方案", "doc_no": "澄州府发〔2022〕3号"}
    office.post(f"{address}decide/", ground | named)
    page = words(office, address)
    assert "还没有读入，不能对照" in page
    assert "已经读入，选择它" in page
    assert "CAS-202" in words(office, f"{address}{store.links(child)[0].id}/")
    office.post(f"{address}decide/", ground | named | {"other": parent})
    assert [row.other for row in store.links(child)] == [parent]


def test_what_was_refused_comes_back_as_typed(office: Client, child: int, linked: int, parent: int) -> None:
    said = {"form": "free", "relation": "amends", "verdict": "confirmed", "other": child, "ground": "误填的依据"}
    page = text_of(office.post(f"/plans/{child}/cascade/decide/", said), 422)
    assert "CAS-104" in page
    assert "误填的依据</textarea>" in page
    assert '<option value="amends" selected>' in page


def test_a_neighbour_sees_and_decides_nothing(child: int, parent: int, linked: int) -> None:
    neighbour = site.visitor("neighbour")
    paths = (f"/plans/{child}/cascade/", f"/plans/{child}/cascade/{linked}/", f"/plans/{child}/cascade/open/")
    assert [neighbour.get(path).status_code for path in paths] == [404] * 3
    assert neighbour.post(f"/plans/{child}/cascade/decide/", {"ground": "误"}).status_code == 404
    # Of the city's plan it sees the page, and of the plans that follow it only its own.
    assert "澄湖县" not in words(neighbour, f"/plans/{parent}/cascade/")
    assert "澄湖县" in words(site.visitor("city"), f"/plans/{parent}/cascade/")


@pytest.mark.parametrize("name", ["clerk", "auditor"])
def test_who_only_reads_is_offered_no_act_and_refused(child: int, linked: int, name: str) -> None:
    client = site.visitor(name)
    entry = registered(site.visitor("county"), child, EntryKind.SUB_PLAN)
    for path in (
        f"/plans/{child}/cascade/", f"/plans/{child}/cascade/{linked}/", f"/plans/{child}/cascade/open/",
        f"{REGISTER}{entry}/", REGISTER, f"{ANSWERS}region/{site.TOWN}/", f"{ANSWERS}?place={site.COUNTY}",
    ):  # fmt: skip
        page = words(client, path).partition('id="main"')[2]
        assert 'method="post"' not in page, path
    for path in (
        f"/plans/{child}/cascade/decide/", f"/plans/{child}/cascade/open/decide/", f"{REGISTER}{entry}/act/",
        f"{ANSWERS}name/", f"{ANSWERS}firm/", f"/plans/{child}/cascade/{linked}/gaps/",
    ):  # fmt: skip
        status = client.post(path, {"ground": "误"}).status_code
        # An auditor may assign nothing, and judge nothing; neither may a department.
        assert status == 403, (path, status)
