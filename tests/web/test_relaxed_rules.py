"""A layer that relaxes what may only be made stricter: pages, programme, `policy why` and explanation tell one value.

And what the layer wrote is shown for what it is: without effect.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from actors import CLERK
from shuangkong.cli import main
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import store
from shuangkong.records.indicators.explaining import explained
from shuangkong.rulebook import ENVIRONMENT, policy_root

pytestmark = pytest.mark.django_db
HERE, DAY = "990100", "2025-12-31"
CAP = "indicators/exclusions/certificate_cap"
LAYER = 'name:\n  zh: 虚构\n  en: Invented\nlevel: county\nregion: "990100"\nparent: national\nfrom: 2024-02-01\n'
REFUSED = "无效：比上级宽（POL-058）"
TOLD = {
    "total_consumption": "1000", "feedstock_consumption": "60", "non_fossil_consumption": "200",
    "certificate_consumption": "80", "saving_need": "100", "state_project_consumption": "0",
}  # fmt: skip


@pytest.fixture
def relaxed(adopted: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nation's cap of 50 per cent may only be lower; the county writes 90."""
    policy = tmp_path / "policy"
    shutil.copytree(policy_root(), policy, ignore=shutil.ignore_patterns("chenghu"))
    upper = policy / "national" / f"{CAP}.yaml"
    text = upper.read_text(encoding="utf-8")
    assert "stricter: lower" in text
    own = policy / "yunqiao" / f"{CAP}.yaml"
    own.parent.mkdir(parents=True)
    (policy / "yunqiao" / "layer.yaml").write_text(LAYER, encoding="utf-8")
    own.write_text(text.replace("value: 50\n", "value: 90\n") + "overrides: national\n", encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(policy))


def told_by_programme(clerk: Client) -> dict[str, Any]:
    (cap,) = clerk.get("/api/v1/rules", {"place": HERE, "day": DAY, "id": CAP}).json()["items"]
    found: dict[str, Any] = cap
    return found


def test_pages_programme_command_and_explanation_tell_the_value_in_force(
    clerk: Client, relaxed: None, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[name, HERE, "2025", value, "万吨标准煤", "最终"] for name, value in TOLD.items()]
    head = ["指标", "对象", "时期", "数值", "单位", "状态"]
    report = store.load_rows([head, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None
    figure, _ = explained(Cell(Subject("region", HERE), "assessed_total_consumption", Period(2025)))
    assert figure.value == 6_900_000  # 1000 − 60 − 200 − 50 % of 100
    page = clerk.get(f"/policy/{CAP}/?place={HERE}&day={DAY}").content.decode()
    assert "<strong>50</strong>" in page
    assert "<strong>90</strong>" not in page
    assert REFUSED in page
    programme = told_by_programme(clerk)
    assert (programme["text"], programme["layer"], programme["replaces"]) == ("50", "national", [])
    assert [(each["text"], each["layer"], each["code"]) for each in programme["refused"]] == [
        ("90", "yunqiao", "POL-058")
    ]
    asked = ["policy", "why", CAP, "--place", HERE, "--on", DAY]
    assert main([*asked, "--json"]) == 0
    (why,) = json.loads(capsys.readouterr().out)
    assert (why["text"], why["layer"], why["overrides"]) == ("50", "national", [])
    assert [(each["text"], each["layer"], each["code"]) for each in why["refused"]] == [("90", "yunqiao", "POL-058")]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert "  50 pct\n" in printed
    assert f"{REFUSED}  yunqiao：90 pct" in printed


def test_the_list_has_the_value_in_force_and_beside_it_what_has_no_effect(clerk: Client, relaxed: None) -> None:
    text = clerk.get(f"/policy/?place={HERE}&day={DAY}&provisions-words=certificate_cap").content.decode()
    holding = text.split('id="provisions"')[1].split("</section>")[0]
    lax = text.split('id="refused"')[1].split("</section>")[0]
    assert ">50<" in holding
    assert ">90<" not in holding
    assert ">90<" in lax
    assert REFUSED in lax
    before = clerk.get(f"/policy/?place={HERE}&day=2024-01-31").content.decode()
    assert 'id="refused"' not in before


def test_where_nothing_is_relaxed_nothing_is_said_of_it(clerk: Client, adopted: int) -> None:
    assert 'id="refused"' not in clerk.get(f"/policy/?place={HERE}&day={DAY}").content.decode()
    assert told_by_programme(clerk)["refused"] == []
