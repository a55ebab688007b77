"""Pages of the ledger of certificates: balances, entries in one by one and by file, figures told onwards."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from actors import CLERK
from shuangkong.records.facts.models import Observation
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.quotas.models import CertificateEntry, CertificateHolder
from shuangkong.records.quotas.taking import open_holder
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow

PAGE = "/quotas/certificates/"
HERE, ELSEWHERE = "990100", "998100"
MILL, SELLER = "虚构水泥厂", "外省风电场"
HEAD = "动作,批号,起号,止号,转出方,转入方,日期,带物理电量,依据\n"


@pytest.fixture
def accounts(adopted: int) -> dict[str, int]:
    registry.save_regions([RegionRow(ELSEWHERE, "远山县", "county", is_fictional=True)])
    return {name: open_holder(name, region, HERE, CLERK) for name, region in ((MILL, HERE), (SELLER, ELSEWHERE))}


def entry(act: str, first: int, last: int, **more: str) -> dict[str, str]:
    return {
        "act": act, "batch": "A", "first": str(first), "last": str(last), "on": "2024-03-01", "ground": "凭证",
    } | more  # fmt: skip


def table(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("t.csv", (HEAD + "\n".join(rows)).encode())


def test_an_entry_is_recorded_and_shown_with_its_row_of_the_journal(clerk: Client, accounts: dict[str, int]) -> None:
    said = entry("issue", 1, 250, taker=f"#{accounts[MILL]}")
    assert clerk.post(f"{PAGE}record/", said).status_code == 302
    text = clerk.get(PAGE).content.decode()
    for word in (MILL, "250", "凭证", str(JournalRow.objects.get(act="certificate.record").sequence)):
        assert word in text, word


def test_what_is_refused_stays_in_the_form(clerk: Client, accounts: dict[str, int]) -> None:
    answer = clerk.post(f"{PAGE}record/", entry("retire", 1, 5, giver=f"#{accounts[MILL]}"))
    assert answer.status_code == 422
    assert "QTA-304" in answer.content.decode()
    assert not CertificateEntry.objects.exists()


def test_an_account_is_opened_for_somebody_elsewhere(clerk: Client, accounts: dict[str, int]) -> None:
    path = f"{PAGE}open/?place={HERE}"
    assert clerk.post(path, {"name": "另一电站", "region": ELSEWHERE}).status_code == 302
    assert CertificateHolder.objects.get(name="另一电站").region_id == ELSEWHERE
    assert clerk.post(path, {"name": "另一电站", "region": ELSEWHERE}).status_code == 422


def test_a_file_is_tried_before_it_is_taken(clerk: Client, accounts: dict[str, int]) -> None:
    rows = (f"核发,B,1,100,,{MILL},2024-03-01,,凭证", f"核销,B,1,40,{MILL},,2024-04-01,,凭证")
    tried = clerk.post(f"{PAGE}load/", {"file": table(*rows), "source": "核发单", "act": "check"})
    assert "data-may-record" in tried.content.decode()
    assert not CertificateEntry.objects.exists()
    assert clerk.post(f"{PAGE}load/", {"file": table(*rows), "source": "核发单", "act": "record"}).status_code == 302
    assert CertificateEntry.objects.count() == 2


def test_a_file_with_one_wrong_row_is_not_taken(clerk: Client, accounts: dict[str, int]) -> None:
    rows = (f"核发,B,1,100,,{MILL},2024-03-01,,凭证", f"核销,B,90,110,{MILL},,2024-04-01,,凭证")
    text = clerk.post(f"{PAGE}load/", {"file": table(*rows), "source": "单", "act": "record"}).content.decode()
    assert "QTA-304" in text
    assert "data-may-record" not in text
    assert not CertificateEntry.objects.exists()


def test_a_file_with_other_headings_says_which(clerk: Client, accounts: dict[str, int]) -> None:
    file = SimpleUploadedFile("t.csv", "动作,颜色\n核发,绿\n".encode())
    answer = clerk.post(f"{PAGE}load/", {"file": file, "source": "单", "act": "check"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "QTA-210" in text
    assert "颜色" in text
    assert "起号" in text


def test_what_came_from_another_province_becomes_figures(clerk: Client, accounts: dict[str, int]) -> None:
    rows = (f"核发,B,1,1000,,{SELLER},2024-03-01,,凭证", f"转让,B,1,300,{SELLER},{MILL},2024-04-01,否,凭证")
    clerk.post(f"{PAGE}load/", {"file": table(*rows), "source": "单", "act": "record"})
    text = clerk.get(f"{PAGE}?place={HERE}&period=2024").content.decode()
    assert "300000" in text
    assert clerk.post(f"{PAGE}tell/?place={HERE}", {"region": HERE, "year": "2024"}).status_code == 302
    told = Observation.objects.get(indicator__text="certificate_power")
    assert (told.value, told.source.text) == (300_000, "绿证台账")


def test_tables_are_workbooks_and_the_form_is_one(clerk: Client, accounts: dict[str, int]) -> None:
    clerk.post(f"{PAGE}record/", entry("issue", 1, 250, taker=f"#{accounts[MILL]}"))
    rows = CalamineWorkbook.from_filelike(BytesIO(clerk.get(f"{PAGE}?xlsx=holders").content)).get_sheet_by_index(0)
    assert any(MILL in row for row in rows.to_python())
    assert clerk.get(f"{PAGE}template/").content[:2] == b"PK"


def test_queries_do_not_grow_with_entries(clerk: Client, accounts: dict[str, int]) -> None:
    def asked() -> int:
        clerk.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(PAGE).status_code == 200
        return len(queries)

    clerk.post(f"{PAGE}record/", entry("issue", 1, 2, taker=f"#{accounts[MILL]}"))
    before = asked()
    for first in range(10, 20):
        clerk.post(f"{PAGE}record/", entry("issue", first, first, taker=f"#{accounts[MILL]}"))
    assert asked() == before


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}load/"])
def test_the_ledger_speaks_english_too(clerk: Client, accounts: dict[str, int], path: str) -> None:
    clerk.post("/language/", {"language": "en"})
    text = clerk.get(path).content.decode()
    assert "ertificate" in text
    assert "账目" not in text
    assert "转入方" not in text.replace('lang="zh-Hans"', "").split("<dl")[0]
