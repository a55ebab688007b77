"""The upload of key energy users: published codes and ciphers, habits of clients, damage, and round."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.nhjc import Item, ItemCode, Profile, read_code
from shuangkong.protocols.nhjc.codes import Scope
from shuangkong.protocols.nhjc.messages import Every, Source, answer, read_configuration, read_data, write_data
from shuangkong.protocols.nhjc.profile import ENCIPHERED, VALID_AS_ERROR
from shuangkong.protocols.nhjc.session import LONGEST_WAIT, Session, Step, answered, changed

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
NOON = datetime(2021, 10, 8, 12)  # noqa: DTZ001 - messages carry local times without a zone
TOLD = (Source.METER, Scope.PLANT, True)
SEALED = Profile("sealed", key=KEY)


def test_published_codes_are_taken_apart() -> None:
    coal = read_code("00-00-0000-010104-10")
    assert coal == ItemCode("00", "00", "0000", "01", "0104", "10")
    assert (coal.dashed, coal.scope) == ("00-00-0000-010104-10", Scope.PLANT)
    ethylene = read_code("0202000004010030")
    assert ethylene is not None
    assert (ethylene.dashed, ethylene.scope) == ("02-02-0000-040100-30", Scope.PROCESS_UNIT)
    assert read_code("00-00-0000023400-80") == read_code("0000000002340080")


@pytest.mark.parametrize("text", ["", "00-00", "00-00-0000-01O104-10", "000000000101041", "０" * 16])
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("plain", "cipher"),
    [
        ("1", "b265308ec733dc5cd02ea745329dc5f9"),
        ("123.45", "8903e2e3f6b843f58fa45deaf1b6a32a"),
        ("00-00-0000-023300-11", "ef49d2a4d631f9fc3ae6db23a5998f23aafd0fd6242c37e636e90e8e5e5b967a"),
        ("2021-10-08 00:00:00", "6da2b87cda5636ea4b8ced40b818ad80479c00b3cae05c920a9ce19063aadb57"),
    ],
)
def test_measured_ciphers(plain: str, cipher: str) -> None:
    assert SEALED.seal(plain) == cipher
    assert SEALED.open(cipher) == plain


def test_a_wrong_key_is_told_for_each_figure_and_the_rest_is_kept() -> None:
    told = write_data("d", "e", [_item(1), _item(2)], SEALED, NOON)
    told["data"][0]["dataValue"] = "00" * 16
    found = read_data(told, SEALED)
    assert [each.value for each in found.items] == [Decimal(2)]
    assert found.wrong[0].at == "data[0].dataValue"
    assert answer(found.wrong)["responseCode"] == "1"


def test_clients_write_valid_in_their_own_ways() -> None:
    row = write_data("d", "e", [_item(1)], Profile("p"), NOON)["data"][0]
    for said, profile, holds in (
        (True, Profile("p"), True), ("1", Profile("p"), True), ("TRUE", Profile("p"), True), ("0", Profile("p"), False),
        ("0", Profile("p", valid=VALID_AS_ERROR), True), ("1", Profile("p", valid=VALID_AS_ERROR), False),
    ):  # fmt: skip
        (item,) = read_data({"data": [row | {"valid": said}]}, profile).items
        assert item.is_valid is holds


def test_each_field_that_cannot_be_read_is_named() -> None:
    row = {
        "dataCode": "1",
        "dataValue": "NaN",
        "inputType": "9",
        "statType": "x",
        "statDate": "2021/1/1",
        "scope": "",
        "valid": "maybe",
    }
    found = read_data({"deviceId": "d", "data": [row, 7]}, Profile("p"))
    assert found.items == ()
    assert {each.at for each in found.wrong} == {*(f"data[0].{name}" for name in row), "data[1]"}


def test_a_configuration_by_code_or_by_parts() -> None:
    parts = {
        "name": "烟煤购进", "processCode": "", "processUnitCode": "", "equipmentCode": "", "equipmentUnitCode": "",
        "energyClassCode": "01", "energyTypeCode": "0104", "dataUsageCode": "10", "dataValueMin": "0",
        "dataValueMax": "9e3", "statType": "1", "inputType": 4,
    }  # fmt: skip
    rows = [
        parts,
        {"dataCode": "00-00-0000-010104-10"},
        {"dataCode": "x"},
        {"dataCode": "00-00-0000-010104-10", "dataValueMax": "?"},
    ]
    found = read_configuration({"deviceId": "d", "collectItemConfig": rows})
    assert [each.code.dashed for each in found.items] == ["00-00-0000-010104-10"] * 3
    assert (found.items[0].lowest, found.items[0].highest, found.items[0].every) == (0, 9000, Every.DAY)
    assert [each.at for each in found.wrong] == ["collectItemConfig[2].dataCode", "collectItemConfig[3].dataValueMax"]


def test_a_client_goes_step_by_step_and_waits_longer_after_each_refusal() -> None:
    session = Session()
    waits = []
    for _ in range(9):
        session = answered(session, None, NOON)
        assert session.not_before is not None
        waits.append(session.not_before - NOON)
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    given = {
        "responseCode": "0",
        "deviceId": "d1",
        "secretKey": KEY.hex(),
        "centerDataURL": "/data",
        "uploadTime": "07:00:00",
    }
    session = answered(session, given, NOON)
    assert (session.step, session.device, session.refused) == (Step.VERSION, "d1", 0)
    session = answered(session, {"regVersion": "1", "dicVersion": "3"}, NOON)
    assert session.step is Step.CONFIGURE
    session = answered(session, {"responseCode": "0"}, NOON)
    assert (session.step, session.address("/fallback")) == (Step.DATA, "/data")
    refused = answered(session, {"responseCode": "1", "responseMessage": "解密失败"}, NOON)
    assert (refused.step, refused.reason) == (Step.DATA, "解密失败")
    assert not refused.may_send(NOON)
    assert refused.may_send(NOON + timedelta(minutes=1))
    assert changed(session).step is Step.CONFIGURE
    assert answered(replace(session, step=Step.VERSION), {"dicVersion": "3"}, NOON).step is Step.DATA


REFUSED = {"responseCode": "1", "responseMessage": "解密失败"}
CONNECTED = Session(Step.DATA, "d1", KEY.hex(), (("centerDataURL", "/data"),), dictionary="3")


def steps(session: Session, *answers: Any) -> list[Step]:
    out = []
    for each in answers:
        session = answered(session, each, NOON)
        out.append(session.step)
    return out


def test_who_is_refused_again_and_again_begins_anew() -> None:
    """Register → version → configuration → data, though the dictionary's version is the one that was known."""
    given = {"responseCode": "0", "deviceId": "d2", "secretKey": "ab" * 16, "centerDataURL": "/other"}
    version, taken = {"regVersion": "1", "dicVersion": "3"}, {"responseCode": "0"}
    assert steps(CONNECTED, REFUSED, REFUSED, REFUSED, given, version, taken, taken) == [
        Step.DATA, Step.DATA, Step.REGISTER, Step.VERSION, Step.CONFIGURE, Step.DATA, Step.DATA,
    ]  # fmt: skip
    session = CONNECTED
    for each in (REFUSED, REFUSED, REFUSED, given, version, taken):
        session = answered(session, each, NOON)
    assert (session.device, session.key, session.address("")) == ("d2", "ab" * 16, "/other")
    assert (session.refused, answered(session, taken, NOON).refused) == (3, 0), "only data that are taken end it"


def test_a_centre_that_gives_no_number_again_is_sent_to_with_the_one_it_gave() -> None:
    waiting = {"responseCode": "1", "responseMessage": "等待确认"}
    session = CONNECTED
    waits = []
    for each in (REFUSED, REFUSED, REFUSED, waiting, {"dicVersion": "3"}, {"responseCode": "0"}, REFUSED):
        session = answered(session, each, NOON)
        waits += [session.not_before - NOON] if session.not_before else []
    assert (session.step, session.device, session.address("")) == (Step.DATA, "d1", "/data")
    assert waits == sorted(set(waits)), "later each time, whatever was taken between"


def test_silence_begins_anew_only_after_long() -> None:
    assert steps(CONNECTED, *[None] * 11) == [Step.DATA] * 11
    assert steps(CONNECTED, *[{"responseMessage": "HTTP 404"}] * 12)[-1] is Step.REGISTER


def test_a_register_that_tells_nothing_new_takes_nothing_away() -> None:
    session = replace(CONNECTED, step=Step.REGISTER, upload_time="07:00:00")
    again = answered(session, {"responseCode": "0"}, NOON)
    assert (again.step, again.device, again.key, again.address("")) == (Step.VERSION, "d1", KEY.hex(), "")
    assert replace(again, step=Step.DATA).address("") == "/data"


def _item(value: int) -> Item:
    return Item(
        ItemCode("00", "00", "0000", "02", "3300", "10"),
        Decimal(value),
        Every.DAY,
        NOON,
        Source.METER,
        Scope.PLANT,
        True,
    )


DIGITS = st.text("0123456789", min_size=16, max_size=16)
ITEMS = st.builds(
    Item,
    DIGITS.map(read_code), st.decimals(-(10**12), 10**12, allow_nan=False, places=4),
    st.sampled_from(Every), st.integers(0, 10**9).map(lambda past: NOON - timedelta(seconds=past)),
    st.sampled_from(Source), st.sampled_from(Scope), st.booleans(),
)  # fmt: skip
PROFILES = st.builds(
    Profile, st.just("p"), key=st.none() | st.binary(min_size=16, max_size=16), is_dashed=st.booleans(),
    enciphered=st.sampled_from([ENCIPHERED, (*ENCIPHERED, "uploadDate")]),
    valid=st.sampled_from([VALID_AS_ERROR, Profile("p").valid]),
)  # fmt: skip


@given(st.lists(ITEMS, max_size=5), PROFILES)
def test_what_is_written_is_read(items: list[Item], profile: Profile) -> None:
    told = json.loads(json.dumps(write_data("d", "e", items, profile, NOON)))
    found = read_data(told, profile)
    assert found.wrong == ()
    assert [replace(each, sent=None) for each in found.items] == items
    assert all(each.sent == NOON for each in found.items)


KEYS = st.sampled_from(["data", "collectItemConfig", "dataCode", "dataValue", "statDate"]) | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)  # fmt: skip


@given(JSON, PROFILES)
def test_any_json_is_answered(told: Any, profile: Profile) -> None:
    found = read_data(told, profile)
    rows = told.get("data") if isinstance(told, dict) else None
    each_told = {each.at.split(".")[0] for each in found.wrong}
    assert len(found.items) + len(each_told) == (len(rows) if isinstance(rows, list) else 1)
    read_configuration(told)
    assert answered(Session(), told, NOON).step in Step
