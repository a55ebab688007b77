"""What a person meets at the review: refusals at the field, nothing typed lost, what was missed added."""

from __future__ import annotations

import re

import county
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actors import ADMIN
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import EntryKind, EntryRow, Verdict
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets


def _entry(plan_id: int, kind: EntryKind = EntryKind.TARGET) -> EntryRow:
    return next(each for each in plans.entries(plan_id) if each.kind is kind)


def _typed(entry: EntryRow, **more: str) -> dict[str, str]:
    kept = {key: "" if value is None else str(value) for key, value in entry.payload.items()}
    return {**kept, "verdict": "corrected", "reason": "与印发件核对", **more}


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        ("value", "abc", "PLN-960"),
        ("base_year", "²", "PLN-967"),
        ("base_year", "9" * 5000, "PLN-967"),
        ("deadline", "二〇二五", "PLN-961"),
        ("unit", "元/年<b>", "PLN-965"),
        ("indicator", "", "PLN-966"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    clerk: Client, adopted: int, field: str, given: str, code: str, language: str
) -> None:
    entry = _entry(adopted)
    clerk.post("/language/", {"language": language})
    said = _typed(entry, **{field: given, "scope": "只在这里写过"})
    answer = clerk.post(f"/plans/{adopted}/review/{entry.id}/decide/", said)
    text = answer.content.decode()
    assert answer.status_code == 422
    told = re.search(rf'role="alert" id="refusal">{code} ([^<]*)', text)
    assert told is not None
    assert "class '" not in told[1]
    assert bool(re.search("[。！？]", told[1])) == (language == "zh-hans")
    assert re.search(rf'id="f-{field}"[^>]*aria-invalid="true"', text)
    assert 'value="只在这里写过"' in text
    assert 'value="与印发件核对"' in text
    assert 'data-key="c" open' in text
    assert len(plans.decisions(entry.id)) == 1


def test_an_unknown_unit_stands_once_it_is_confirmed(clerk: Client, adopted: int) -> None:
    entry = _entry(adopted)
    place = f"/plans/{adopted}/review/{entry.id}/decide/"
    assert 'name="unit_meant"' in clerk.post(place, _typed(entry, unit="箩")).content.decode()
    assert clerk.post(place, _typed(entry, unit="箩", unit_meant="on")).status_code == 302
    assert plans.entry(entry.id).payload["unit"] == "箩"  # type: ignore[union-attr]


def test_head_fields_offer_no_merger(clerk: Client, adopted: int) -> None:
    head, target = _entry(adopted, EntryKind.HEAD_FIELD), _entry(adopted)
    assert 'name="merged_into"' not in clerk.get(f"/plans/{adopted}/review/{head.id}/").content.decode()
    assert 'name="merged_into"' in clerk.get(f"/plans/{adopted}/review/{target.id}/").content.decode()


def test_a_merger_says_into_what_and_that_a_new_decision_replaces_it(clerk: Client, adopted: int) -> None:
    first, second = [each for each in plans.entries(adopted) if each.kind is EntryKind.TARGET][:2]
    plans.decide(second.id, Verdict.MERGED, ADMIN, reason="重复", merged_into=first.id)
    text = clerk.get(f"/plans/{adopted}/review/{second.id}/").content.decode()
    decision = text.partition('class="decision"')[2].partition("</div>")[0]
    assert first.payload["indicator"] in decision
    assert f"entry={first.id}" in decision
    assert "取代这一个" in decision


@pytest.mark.parametrize(
    "address",
    ["?entry=²", "?at=²", "?at=" + "9" * 5000, "?entry=" + "9" * 5000, "?show=nothing"],
)
def test_an_address_of_nonsense_is_no_fault(clerk: Client, adopted: int, address: str) -> None:
    assert clerk.get(f"/plans/{adopted}/review/{address}").status_code == 200
    for key in ("page", "sort"):
        assert clerk.get("/targets/", {f"targets-{key}": address.partition("=")[2]}).status_code == 200


@pytest.mark.parametrize("said", ["999999", "²", "9" * 5000, "0"])
def test_an_alias_of_no_body_is_refused_and_what_was_typed_stays(clerk: Client, adopted: int, said: str) -> None:
    body = plans.parts(adopted)[0].body
    answer = clerk.post(f"/plans/bodies/{body}/", {"same_as": said, "reason": "同一单位两种写法"})
    assert answer.status_code == 422
    assert "PLN-970" in answer.content.decode()
    assert 'value="同一单位两种写法"' in answer.content.decode()
    assert registry.alias_decisions(body) == ()


def test_a_body_says_where_it_is_and_that_it_is_invented(clerk: Client, adopted: int) -> None:
    body = plans.parts(adopted)[0].body
    eyebrow = clerk.get(f"/plans/bodies/{body}/").content.decode().partition('class="eyebrow"')[2].partition("</p>")[0]
    assert "云桥县" in eyebrow
    assert "演示数据" in eyebrow
    assert "虚构" in eyebrow


def test_columns_that_say_nothing_are_left_out(clerk: Client, adopted: int) -> None:
    text = clerk.get("/plans/bodies/").content.decode()
    assert "bodies-sort=lead" in text
    assert "bodies-sort=same" not in text
    body, other = (each.id for each in registry.bodies("990100")[:2])
    registry.record_alias(body, other, "同一单位", ADMIN)
    assert "bodies-sort=same" in clerk.get("/plans/bodies/").content.decode()


def test_what_was_missed_is_added_with_its_place(clerk: Client, adopted: int) -> None:
    text = plans.plan_text(adopted)
    item = next(each for each in plans.entries(adopted, EntryKind.ITEM) if "实施锅炉和电机改造" in each.span.of(text))  # type: ignore[union-attr]
    said = {
        "of": "target",
        "kind": "count",
        "quote": "实施锅炉和电机改造",
        "item": str(item.id),
        "indicator": "锅炉改造",
        "value": "7",
        "op": ">=",
        "unit": "台",
        "deadline": "2025年",
        "strength": "firm",
        "reason": "漏读",
    }
    wrong = clerk.post(f"/plans/{adopted}/review/add/", said | {"quote": "没有这句话"})
    assert wrong.status_code == 422
    assert "PLN-968" in wrong.content.decode()
    assert 'value="锅炉改造"' in wrong.content.decode()
    assert clerk.post(f"/plans/{adopted}/review/add/", said).status_code == 302
    added = plans.entries(adopted, EntryKind.TARGET)[-1]
    assert added.span is not None
    assert added.span.of(text) == "实施锅炉和电机改造"
    assert (added.payload["item_no"], added.payload["deadline"], added.parent) == (item.payload["no"], "2025", item.id)
    plans.adopt(adopted, ADMIN)
    assert any(each.indicator_name == "锅炉改造" and each.measure for each in targets.targets(adopted))


def test_every_kind_that_can_be_added_is_added(clerk: Client, adopted: int) -> None:
    item = _entry(adopted, EntryKind.ITEM)
    quote = item.payload["title"]
    told = {
        "name": "县新设局",
        "role": "lead",
        "what": "另立一事",
        "no": "（九十九）",
        "title": "另一项",
        "subject": "锅炉",
        "op": ">=",
        "value": "20",
        "unit": "台",
        "strength": "firm",
        "quote": quote,
        "item": str(item.id),
        "reason": "漏读",
    }
    for kind in ("body", "duty", "item", "threshold"):
        answer = clerk.post(f"/plans/{adopted}/review/add/", told | {"of": kind})
        assert answer.status_code == 302, answer.content.decode()
        assert plans.entries(adopted, EntryKind(kind))[-1].decision is not None
    plans.adopt(adopted, ADMIN)
    assert "县新设局" in {part.name for part in plans.parts(adopted)}
    assert "另一项" in {measure.title for measure in plans.measures(adopted)}


def test_uploading_the_document_of_facts_shows_their_sentences(clerk: Client, adopted: int) -> None:
    Plan.objects.filter(pk=adopted).update(file=None)
    content = (county.DOCUMENTS / "county-plan.txt").read_bytes()
    target = targets.targets(adopted)[0]
    assert "全县单位地区生产总值能耗比2020年下降14%" not in clerk.get(f"/targets/{target.id}/").content.decode()
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("原文.txt", content)})
    assert answer["Location"] == f"/plans/{adopted}/review/"
    assert "位置都对得上" in clerk.get(answer["Location"]).content.decode()
    assert len(plans.plans()) == 1
    assert "全县单位地区生产总值能耗比2020年下降14%" in clerk.get(f"/targets/{target.id}/").content.decode()


def test_another_print_of_the_document_is_told_apart(clerk: Client, adopted: int) -> None:
    Plan.objects.filter(pk=adopted).update(file=None)
    content = (county.DOCUMENTS / "county-plan.txt").read_text(encoding="utf-8")
    shifted = content.replace("\n\n", "\n\n\n", 3).encode()
    answer = clerk.post("/plans/upload/", {"file": SimpleUploadedFile("另一版.txt", shifted)})
    assert "位置对不上" in clerk.get(answer["Location"]).content.decode()
    assert plans.plan_text(adopted) == ""
    assert len(plans.plans()) == 2


def test_a_plan_is_audited_again_by_the_rules_of_today(clerk: Client, adopted: int) -> None:
    before = plans.findings(adopted)
    plans.record_audit(adopted, before[:1], ADMIN)
    answer = clerk.post(f"/plans/{adopted}/audit/again/", follow=True)
    assert "已按今天的规则重新审核" in answer.content.decode()
    assert {each.code for each in plans.findings(adopted)} >= {each.code for each in before[:1]}
    Plan.objects.filter(pk=adopted).update(file=None)
    assert "没有这份方案的原文" in clerk.post(f"/plans/{adopted}/audit/again/", follow=True).content.decode()


@pytest.mark.parametrize("address", ["/", "/targets/"])
@pytest.mark.parametrize("number", ["999", "nothing"])
def test_a_plan_that_cannot_be_shown_is_named(clerk: Client, adopted: int, address: str, number: str) -> None:
    text = clerk.get(address, {"plan": number}).content.decode()
    assert f"（编号 {number}）不能在这里显示" in text
    assert "不能在这里显示" not in clerk.get(address, {"plan": adopted}).content.decode()


@pytest.mark.parametrize(("address", "leads"), [("/targets/", ""), ("/plans/bodies/", ""), ("/plans/1/audit/", "/")])
def test_place_and_period_keep_the_page(clerk: Client, adopted: int, address: str, leads: str) -> None:
    form = clerk.get(address.replace("/1/", f"/{adopted}/")).content.decode().partition('class="scope"')[2]
    form = form.partition("</form>")[0]
    assert f'action="{address.replace("/1/", f"/{adopted}/")}"' in form
    assert (f'data-leads="{leads}"' in form) == bool(leads)
    kept = clerk.get("/?plan=7&period=2022").content.decode().partition('class="scope"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="plan" value="7" data-of-place>' in kept


def test_rows_of_a_printed_table_are_a_table(clerk: Client, adopted: int) -> None:
    text = clerk.get(f"/plans/{adopted}/review/").content.decode()
    table = text.partition('<table class="printed">')[2].partition("</table>")[0]
    assert table.count("<tr>") > 3
    assert "北溪镇" in table


def test_a_chart_carries_what_its_picture_must_say(clerk: Client, adopted: int) -> None:
    target = targets.targets(adopted)[0]
    caption = (
        clerk.get(f"/targets/{target.id}/").content.decode().partition("<figcaption")[2].partition("</figcaption>")[0]
    )
    for words in ("数据截至", "来源：", "演示数据", "虚构", "单位："):
        assert words in caption
    assert 'aria-describedby="course-chart-caption"' in caption


def test_units_and_scopes_are_english_in_english(clerk: Client, adopted: int) -> None:
    from django.utils import translation

    from shuangkong.web.site.words import deadline_word, kept_word, unit_word, with_unit

    with translation.override("en"):
        assert unit_word("万吨标准煤") == "×10⁴ tonne of coal equivalent"
        assert unit_word("吨标准煤/万元") == "tce per 10⁴ yuan"
        assert with_unit("8.8", "%") == "8.8%"
        assert with_unit("6", "家") == "6 item"
        assert kept_word("全县") == "whole county"
    assert with_unit("8.8", "万吨") == "8.8万吨"
    assert deadline_word("2017-12-01") == "2017年12月1日"
