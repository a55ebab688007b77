"""Returns by programmes: cells in, findings and receipts out; the same twice is one; nobody sees another's."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import api_site
import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import returns_site as site

from kept import kept
from shuangkong.records.reporting.models import Return, Version
from shuangkong.web.api.operations import reporting as operations

pytestmark = pytest.mark.django_db
CELLS = {address: str(entry.value) for address, entry in site.told().items()}


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def programme(name: str) -> Client:
    return api_site.programme(api_site.token(name))


def ask(client: Client, path: str, told: object = None, status: int = 200) -> Any:
    address = f"{api_site.ROOT}/reporting/{path}"
    answer = client.get(address) if told is None else client.post(address, json.dumps(told), "application/json")
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode())
    return answer.json()


def test_a_programme_fills_in_checks_and_signs_once(held: site.Site) -> None:
    client = programme("one-signatory")
    [owed] = ask(client, "returns")["items"]
    assert (owed["id"], owed["state"], owed["chain"]) == (held.one, "open", [site.COUNTY, site.CITY, site.PROVINCE])
    ask(client, f"returns/{held.one}/draft", {"cells": {"energy.raw_coal.purchased": "1,2"}})
    wrong = ask(client, f"returns/{held.one}/submit", {}, 422)
    assert wrong["code"] == "RPT-930"
    assert "energy.raw_coal.purchased" in wrong["zh"]
    ask(client, f"returns/{held.one}/draft", {"cells": CELLS, "whole": True})
    assert ask(client, f"returns/{held.one}/check")["may_be_submitted"] is True
    first = ask(client, f"returns/{held.one}/submit", {})
    again = ask(client, f"returns/{held.one}/submit", {"cells": CELLS})
    assert (first["is_new"], again["is_new"], again["version"]) == (True, False, 1)
    assert ask(client, f"returns/{held.one}/draft", {"cells": {"energy.nowhere.at_all": "1"}}, 422)["code"] == "RPT-941"


def test_review_and_approval_by_programme(held: site.Site) -> None:
    ask(programme("one-signatory"), f"returns/{held.one}/submit", {"cells": CELLS})
    county = programme("county")
    ask(county, f"returns/{held.one}/act", {"kind": "accept"})
    early = ask(programme("province"), f"returns/{held.one}/act", {"kind": "approve"}, 403)
    assert early["code"] == "PPL-201"
    for who in ("county", "city", "province"):
        ask(programme(who), f"returns/{held.one}/act", {"kind": "approve"})
    [window] = ask(county, "progress")["items"]
    assert (window["expected"], window["received"], window["approved"]) == (2, 1, 1)
    whole = ask(county, f"returns/{held.one}")
    assert [each["kind"] for each in whole["events"]] == ["open", "submit", "accept", "approve", "approve", "approve"]


def test_drafts_are_the_unit_s_own_and_a_neighbour_finds_nothing(held: site.Site) -> None:
    ask(programme("one-reporter"), f"returns/{held.one}/draft", {"cells": {"energy.raw_coal.purchased": "987654"}})
    for who in ("county", "province", "other-signatory", "other-reporter", "next"):
        client = programme(who)
        for path in ("draft", "check"):
            assert client.get(f"{api_site.ROOT}/reporting/returns/{held.one}/{path}").status_code in (403, 404)
        found = client.get(f"{api_site.ROOT}/reporting/returns/{held.one}")
        assert b"987654" not in found.content
        assert found.status_code == (200 if who in ("county", "province") else 404)
        assert all(each["state"] == "open" for each in ask(client, "returns")["items"])
    assert ask(programme("next"), "windows")["items"] == []


def test_many_units_in_one_call_are_tried_kept_and_signed(held: site.Site) -> None:
    client, what = programme("one-signatory"), {"form": site.FORM, "period": site.PERIOD}
    [unit] = ask(client, f"many?form={site.FORM}&period={site.PERIOD}")["items"]
    assert (unit["id"], unit["has_draft"]) == (held.one, False)
    mine = {"unit": unit["unit"], "cells": CELLS}
    slip = {**mine, "cells": {"energy.coke.purchased": "十吨"}}
    bad = ask(client, "many", {**what, "act": "keep", "returns": [slip]})
    assert [each["code"] for each in bad["items"][0]["faults"]] == ["RPT-602"]
    foreign = ask(client, "many", {**what, "act": "sign", "returns": [mine, {"unit": "R-0", "cells": CELLS}]})
    assert (bad["kept"], foreign["kept"], foreign["strangers"]) == (0, 0, ["R-0"])
    [stale] = ask(client, "many", {**what, "act": "sign", "returns": [{**mine, "digest": "0" * 64}]})["items"]
    assert (stale["refused"], stale["receipt"]) == ("RPT-926", None)
    [tried] = ask(client, "many", {**what, "returns": [mine]})["items"]
    done = ask(client, "many", {**what, "act": "sign", "returns": [{**mine, "digest": tried["digest"]}]})
    assert done["items"][0]["receipt"]["digest"] == Version.objects.get().digest
    assert ask(client, "many", {**what, "act": "keep", "returns": [mine, mine]}, 422)["code"] == "RPT-949"
    assert (done["kept"], done["items"][0]["receipt"]["version"]) == (0, 1)
    ask(programme("county"), f"returns/{held.one}/act", {"kind": "accept"})
    listed = f"many?form={site.FORM}&period={site.PERIOD}"
    assert ask(client, listed)["items"] == []  # nothing is owed: whoever files all that is listed corrects nothing
    assert [each["state"] for each in ask(client, f"{listed}&corrections=true")["items"]] == ["accepted"]
    other = {"unit": unit["unit"], "cells": {"energy.raw_coal.purchase_amount": "61"}}
    [silent] = ask(client, "many", {**what, "act": "sign", "returns": [other]})["items"]
    assert silent["refused"] == "RPT-921"
    [corrected] = ask(client, "many", {**what, "act": "sign", "returns": [other], "ground": "补记"})["items"]
    assert corrected["receipt"]["version"] == 2
    assert ask(programme("county"), "many", {**what, "returns": [mine]}, 422)["code"] == "RPT-960"
    assert (
        ask(programme("other-reporter"), "many", {**what, "act": "sign", "returns": [mine]}, 403)["code"] == "PPL-201"
    )


def test_a_long_list_goes_on_page_by_page_and_in_a_state(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Return.objects.get(pk=held.one)
    stood = {field.attname: getattr(first, field.attname) for field in Return._meta.concrete_fields}
    for month in (1, 2, 3):
        told = {"period": f"2098-0{month}", "first_month": 2098 * 12 + month, "state": "draft"}
        Return.objects.create(**{**stood, "pk": None} | told)
    monkeypatch.setattr(operations, "_MOST", 2)
    client, seen, after = programme("county"), [], ""
    while True:
        told = ask(client, f"returns{after}")
        seen += [(each["period"], each["id"]) for each in told["items"]]
        if told["next"] is None:
            break
        after = f"?after={told['next']}"
    assert len(seen) == len(set(seen)) == 5
    assert [period for period, _ in seen[:3]] == ["2098-03", "2098-02", "2098-01"]
    monkeypatch.undo()
    assert not ask(client, "returns?state=draft")["items"]  # to an office they are what they were
    assert len(ask(client, "returns?state=open")["items"]) == 5
    assert len(ask(programme("one-reporter"), "returns?state=draft")["items"]) == 3
    ask(programme("next"), f"returns?after={held.one}", status=404)


def test_a_line_that_breaks_while_it_is_kept_is_told_as_unknown_and_the_same_again_is_one(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = programme("one-signatory")
    client.raise_request_exception = False
    kept_ = operations.submit

    def broken(*told: Any, **named: Any) -> None:
        kept_(*told, **named)
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(operations, "submit", broken)
        told = ask(client, f"returns/{held.one}/submit", {"cells": CELLS}, 500)
        assert told["code"] == "API-902"
        assert ("不能确定" in told["zh"], "送两次仍是一份" in told["zh"]) == (True, True)
        patch.setattr(operations.acts, "act", broken)
        other = ask(client, f"returns/{held.one}/act", {"kind": "recall"}, 500)
        assert (other["code"], "可能成为两次" in other["zh"]) == ("API-902", True)
    again = ask(client, f"returns/{held.one}/submit", {"cells": CELLS})
    assert (again["is_new"], again["version"]) == (False, 1)
