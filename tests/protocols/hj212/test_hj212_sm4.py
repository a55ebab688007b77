"""Enciphered data areas: the published groups, the life of a key, and its renewal while frames are under way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hj212_frames import CODES, GOOD, VECTORS, body, only
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.hj212.check import check_value
from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.protocols.hj212.message import read
from shuangkong.protocols.hj212.orders import check_order
from shuangkong.protocols.hj212.sm4 import (
    CipherForm,
    Key,
    KeyRing,
    covers,
    decipher,
    encipher,
    format_key,
    key_order,
    open_found,
    parse_key,
    wrap_enciphered,
)
from trials import tries

SM4 = VECTORS["sm4_2025"]
MADE = datetime.fromisoformat("2024-05-20")
KEY = Key(bytes.fromhex(SM4["key_hex"]), MADE)
OTHER = Key(bytes(range(16)), MADE + timedelta(days=80))
SEGMENTS = [only(wire.encode()).body for wire in GOOD if "CN=2051" in wire and "Flag=9" in wire]


def test_published_groups() -> None:
    plain, cipher = SM4["ex2_cp_plain"].encode(), bytes.fromhex(SM4["ex2_cp_cipher_hex"])
    assert encipher(plain, KEY) == cipher
    assert decipher(cipher, KEY) == plain
    shorter = SM4["ex4_cp_plain"].encode()
    assert len(shorter) // 16 * 16 == 144
    assert encipher(shorter, KEY)[144:] == b"g=N"
    assert encipher(shorter, KEY)[:16] == cipher[:16]


@pytest.mark.parametrize("form", CipherForm)
@pytest.mark.parametrize("segment", SEGMENTS, ids=len)
def test_enciphered_frame_is_found_and_opened(form: CipherForm, segment: bytes) -> None:
    wire = wrap_enciphered(segment, KEY, form)
    assert wire[:6] == b"##%04d" % len(segment), "the length is of the plain text"
    assert wire[-6:] == b"%04X\r\n" % check_value(segment), "so is the check value"
    finder = Finder()
    found, after = finder.feed(wire + wire)
    assert isinstance(found, Found)
    assert isinstance(after, Found)
    assert found.raw == wire == after.raw
    assert not found.check_ok
    opened = open_found(found, [OTHER, KEY], form)
    assert opened is not None
    assert (opened.body, opened.check_ok, opened.habits, opened.raw) == (segment, True, (), wire)
    assert read(opened.body, CODES).readings == read(segment, CODES).readings
    assert open_found(found, [OTHER], form) is None
    assert open_found(found, [], form) is None


def test_a_value_that_fits_by_chance_opens_nothing() -> None:
    """One cipher in 256 has the check value of its plain text, and one wrong key in 256 gives it."""
    right = wrong = 0
    for number in range(1_500):
        area = f"DataTime=20240520210600;a{number:05d}-Avg=1"
        segment = body(area, "QN=20240520210700000;ST=31;CN=3020;PW=123456;MN=010000A8900016F000169DC0;Flag=9;")
        found = only(wrap_enciphered(segment, KEY))
        right += found.check_ok
        opened = open_found(found, [OTHER, KEY])
        assert opened is not None
        assert opened.body == segment
        wrong += check_value(found.body[:82] + decipher(found.body[82:-2], OTHER) + b"&&") == found.check
        assert open_found(found, [OTHER]) is None
    assert right
    assert wrong


def test_frame_in_clear_needs_no_key() -> None:
    found = only(GOOD[1].encode())
    assert open_found(found, []) is found


@tries(100, 10_000)
@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16), st.sampled_from(CipherForm))
def test_what_is_enciphered_is_opened(area: bytes, secret: bytes, form: CipherForm) -> None:
    key = Key(secret, MADE)
    cipher = encipher(area, key, form)
    if form is CipherForm.RAW:
        assert len(cipher) == len(area)
        assert decipher(cipher, key) == area
    elif not set(area[len(area) - len(area) % 16 :]) & set(b"0123456789abcdefABCDEF"):
        assert decipher(cipher, key, form) == area


def test_a_ring_opens_what_was_under_way_when_the_key_changed() -> None:
    ring = KeyRing((KEY,)).renewed(OTHER)
    assert ring.current == OTHER
    before, after = (only(wrap_enciphered(SEGMENTS[0], key)) for key in (KEY, OTHER))
    for found in (before, after):
        assert open_found(found, ring.keys) is not None
    third = Key(b"0123456789abcdef", OTHER.made_at)
    assert ring.renewed(third).keys == (third, OTHER)


def test_a_key_is_renewed_before_its_life_ends() -> None:
    life, ahead = timedelta(days=90), timedelta(days=7)
    assert KeyRing().is_due(MADE, life, ahead)
    ring = KeyRing((KEY,))
    assert not ring.is_due(MADE + timedelta(days=82), life, ahead)
    assert ring.is_due(MADE + timedelta(days=83), life, ahead)
    assert not ring.has_run_out(MADE + timedelta(days=90), life)
    assert ring.has_run_out(MADE + timedelta(days=91), life)


def test_which_commands_are_enciphered() -> None:
    assert {cn for cn in CODES.commands if covers(cn, CODES)} == {
        cn for cn in CODES.commands if cn.startswith("2") or cn in ("1014", "3020")
    }


def test_key_order_can_be_read_and_never_shows_in_a_log() -> None:
    told = dict(pair for item in key_order(KEY) for pair in item)
    assert told == {"SKCreateTime": "20240520000000", "NewSK": "0" * 16}
    assert list(check_order(CODES.command("cipher_key"), told)) == []
    assert parse_key(told["NewSK"]) == KEY.secret
    assert parse_key(format_key(OTHER.secret)) == OTHER.secret
    assert parse_key("short") is None
    assert "0000" not in repr(KEY)
    with pytest.raises(ValueError, match="16"):
        Key(b"short", MADE)


def test_raw_cipher_that_looks_like_a_tail_does_not_end_the_frame() -> None:
    """Raw groups may hold ## and CR LF: the length alone counts."""
    area = b"DataTime=20240520210600;a01011-Info=" + bytes(range(256)).replace(b"&", b"")
    segment = body("", "QN=20240520210700000;ST=31;CN=3020;PW=123456;MN=010000A8900016F000169DC0;Flag=9;").replace(
        b"&&&&", b"&&" + area + b"&&"
    )
    wire = wrap_enciphered(segment, KEY)
    opened = open_found(only(wire), [KEY])
    assert opened is not None
    assert opened.body == segment
