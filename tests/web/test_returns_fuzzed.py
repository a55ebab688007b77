"""Whatever bytes are sent as a return or as its file: a clear refusal with a code or a kept draft, never a fault."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import api_site
import pytest
import returns_fuzz as fuzz
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import returns_site as site
from returns_fuzz import packed, parts_of

from kept import kept
from shuangkong.papers.reporting import filled
from shuangkong.records.people.models import Person
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.models import Draft, Return, Version
from shuangkong.records.reporting.rows import finding_key
from shuangkong.web.api import calls
from trials import IS_SOAK, tries

pytestmark = pytest.mark.django_db
ADDRESSES = sorted(site.told())
#: Growth of this process over all that is tried, in KiB: a bomb that is unpacked would be far beyond.
MOST_GROWTH = 400 * 1024
#: How many are sent by chance, and after how many what was kept of them is undone.
MOST_FAULTS = 10
COUNT, A_ROUND = int(os.environ.get("SHUANGKONG_FUZZ") or (100_000 if IS_SOAK else 150)), 100
LENIENT = {"suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
cells = st.dictionaries(
    st.sampled_from(ADDRESSES) | st.text(max_size=20),
    st.text(max_size=40)
    | st.integers().map(str)
    | st.sampled_from(["NaN", "1e999999", "-0", "∞", "٣", "\x00", "=1+1"]),
    max_size=6,
)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "cells": cells | anything, "keys": st.dictionaries(st.text(max_size=8), anything, max_size=2) | anything,
        "explained": st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=2) | anything,
        "whole": anything, "ground": anything, "base": anything,
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, Client, Client]]:
    """A return; a programme and a browser of its signatory."""
    with kept(django_db_blocker):
        number = site.settle().one
        browser = Client(headers={"host": "localhost"}, raise_request_exception=False)
        browser.force_login(Person.objects.get(username="one-signatory"))
        programme = api_site.programme(api_site.token("one-signatory"))
        programme.raise_request_exception = False
        yield number, programme, browser


@pytest.fixture(scope="module", autouse=True)
def bounded(held: tuple[int, Client, Client]) -> Iterator[None]:
    """Whatever is tried, this process does not grow beyond measure."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MOST_GROWTH, f"grown by {grown} KiB"


@pytest.fixture(scope="module")
def reader() -> Iterator[fuzz.Reader]:
    made = fuzz.Reader()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def lightly_fenced(monkeypatch: pytest.MonkeyPatch, reader: fuzz.Reader) -> None:
    """A child of the fence takes a second to begin, and would hide a fault that has no name."""
    monkeypatch.setattr(filled, "fenced_bytes", reader)


def whole(number: int) -> None:
    """What is kept can be read: no half draft, no version that nobody signed."""
    held_ = Return.objects.get(pk=number)
    assert Version.objects.filter(owned=number).count() == held_.versions
    for draft in Draft.objects.filter(owned=number):
        json.loads(draft.content)


def sent(client: Client, number: int, what: str, body: bytes) -> None:
    answer = client.post(f"{api_site.ROOT}/reporting/returns/{number}/{what}", body, "application/json")
    assert answer.status_code in (200, 400, 413, 422), (what, body, answer.status_code, answer.content[:300])
    if answer.status_code != 200:
        told = answer.json()
        assert told["code"], (body, told)
        assert told["zh"], (body, told)
    whole(number)


@tries(25, 500, **LENIENT)
@given(body=bodies, what=st.sampled_from(["draft", "submit", "act"]))
def test_any_json_is_taken_or_refused(held: tuple[int, Client, Client], body: Any, what: str) -> None:
    number, programme, _ = held
    sent(programme, number, what, json.dumps(body).encode())


@tries(40, 500, **LENIENT)
@given(body=st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_refused(held: tuple[int, Client, Client], body: bytes) -> None:
    number, programme, _ = held
    sent(programme, number, "draft", body)


def upload(browser: Client, number: int, name: str, data: bytes) -> int:
    path = reverse("reporting:upload", args=(number,))
    answer = browser.post(path, {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code in (200, 302, 422), (name, data[:200], answer.status_code)
    if answer.status_code == 422:
        text = answer.content.decode()
        assert any(code in text for code in ("RPT-", "TXT-", "SRC-", "NUL-")), (name, text[-800:])
    whole(number)
    return answer.status_code


@tries(60, 500, **LENIENT)
@given(data=st.binary(max_size=400))
def test_any_bytes_as_csv(held: tuple[int, Client, Client], data: bytes) -> None:
    number, _, browser = held
    upload(browser, number, "t.csv", data)


@pytest.mark.tried
def test_damaged_workbooks(held: tuple[int, Client, Client]) -> None:
    """A template with bytes turned, cut off, parts left out or made huge; a macro; a bomb; another form's."""
    number, _, browser = held
    template = browser.get(reverse("reporting:template", args=(number,))).content
    assert upload(browser, number, "t.xlsx", template) == 302
    draw = random.Random(None if IS_SOAK else 7)
    for _ in range(50 if IS_SOAK else 4):
        for damage in DAMAGES:
            upload(browser, number, "t.xlsx", damage(template, draw))
    for refused in (with_macro(template), bomb(template), entities(template), template[:300], b"", b"PK\x03\x04"):
        assert upload(browser, number, "t.xlsx", refused) == 422


def with_macro(data: bytes) -> bytes:
    types = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    parts = parts_of(data)
    named = parts["[Content_Types].xml"].replace(b"</Types>", types)
    return packed({**parts, "[Content_Types].xml": named, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(64)})


def entities(data: bytes) -> bytes:
    """A sheet whose entities stand for one another: a thousand million words, if they were written out."""
    names = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "word">{names}]>'
    parts = parts_of(data)
    sheet = next(part for part in parts if part.startswith("xl/worksheets/"))
    body = parts[sheet].decode().partition("?>")[2].replace("</v>", "&e9;</v>").replace("</t>", "&e9;</t>")
    shared = "xl/sharedStrings.xml"
    words = parts.get(shared, b"<?xml?><sst/>").decode().partition("?>")[2].replace("</t>", "&e9;</t>")
    return packed({**parts, sheet: (head + body).encode(), shared: (head + words).encode()})


def bomb(data: bytes) -> bytes:
    """300 MB of blanks in a sheet, within a few hundred kB; written a little at a time."""
    parts, target = parts_of(data), io.BytesIO()
    sheet = next(part for part in parts if part.startswith("xl/worksheets/"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.keys() - {sheet}:
            archive.writestr(part, parts[part])
        with archive.open(sheet, "w") as huge:
            for _ in range(300):
                huge.write(b" " * 1024**2)
            huge.write(parts[sheet])
    return target.getvalue()


def _turned(data: bytes, draw: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(draw.randint(1, 20)):
        found[draw.randrange(len(found))] = draw.randrange(256)
    return bytes(found)


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(1, len(data))]


def _less(data: bytes, draw: random.Random) -> bytes:
    parts = parts_of(data)
    parts.pop(draw.choice(sorted(parts)))
    return packed(parts)


def _garbled(data: bytes, draw: random.Random) -> bytes:
    """A part whose bytes are turned, in an archive that is whole."""
    parts = parts_of(data)
    part = draw.choice(sorted(parts))
    return packed({**parts, part: _turned(parts[part], draw)})


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_turned, _cut, _less, _garbled)


@pytest.fixture(scope="module")
def ground(held: tuple[int, Client, Client]) -> fuzz.Ground:
    """The same return, and another that is signed, of which there is a sealed copy."""
    number, programme, browser = held
    row = Return.objects.select_related("reporter").get(pk=number)
    other = Return.objects.exclude(pk=number).get(window=row.window_id)
    signed(other.pk)
    reader = Client(headers={"host": "localhost"})
    reader.force_login(Person.objects.get(username="other-signatory"))
    copy = reader.get(reverse("reporting:sealed", args=(other.pk, 1)))
    assert copy.status_code == 200
    many = {"of": f"{row.form}/{row.period}"}
    return fuzz.Ground(
        number, programme, browser, ADDRESSES, row.form, row.period, row.reporter.code,
        template=parts_of(browser.get(reverse("reporting:template", args=(number,))).content),
        bulk=parts_of(browser.get(reverse("reporting:many_template"), many).content),
        sealed=parts_of(copy.content),
        lines=browser.get(reverse("reporting:template", args=(number,)), {"form": "csv"}).content,
        bulk_lines=browser.get(reverse("reporting:many_template"), {**many, "form": "csv"}).content,
    )  # fmt: skip


def signed(number: int) -> None:
    """A version of what a unit would fill in, with a word to every question."""
    by = site.by("other-signatory")
    save(number, site.by("other-reporter"), ToSave(entries=site.told()))
    try:
        submit(number, by, ToSubmit())
    except NotReady as lacking:
        said = {finding_key(each.code, each.place): "属实" for each in lacking.findings}
        submit(number, by, ToSubmit(explained=said))


@pytest.mark.tried
def test_whatever_comes_by_any_door_is_taken_or_refused(ground: fuzz.Ground, reader: fuzz.Reader) -> None:
    """``SHUANGKONG_FUZZ`` payloads and files by chance, 100,000 in ``make soak``; what they did is undone at times."""
    seed = int(os.environ.get("SHUANGKONG_SEED") or (random.SystemRandom().randrange(2**32) if IS_SOAK else 7))
    faults: list[str] = []
    draw, began = random.Random(seed), time.monotonic()
    doors = random.Random(seed).choices(list(fuzz.DOORS), list(fuzz.DOORS.values()), k=COUNT)
    for at in range(0, COUNT, A_ROUND):
        with transaction.atomic():
            for door in doors[at : at + A_ROUND]:
                try:
                    door(ground, draw)
                except AssertionError as fault:
                    faults.append(str(fault))
            transaction.set_rollback(True)
        assert len(faults) < MOST_FAULTS, faults
        if IS_SOAK and at % (A_ROUND * 10) == 0:
            _tell(seed, ground, reader, began)
    if IS_SOAK:
        _tell(seed, ground, reader, began)
    assert not faults, (seed, faults)
    assert len({door for door, _ in ground.answers}) >= len(fuzz.DOORS)


def _tell(seed: int, ground: fuzz.Ground, reader: fuzz.Reader, began: float) -> None:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = ", ".join(f"{door} {status}: {count}" for (door, status), count in sorted(ground.answers.items()))
    kept = f"children that read {ended} MB, {reader.stopped} of them ended by a file"
    seconds = time.monotonic() - began
    sys.stdout.write(f"\nseed {seed}: {ground.answers.total()} in {seconds:.0f} s, peak {peak} MB; {kept}; {told}\n")
    sys.stdout.flush()


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("draft", {"keys": {"energy": None}}), ("draft", {"keys": {"energy": "abc"}}),
        ("paste", {"table": "energy", "row": float("inf"), "column": 0, "text": "1"}),
        ("paste", {"table": "energy", "row": 5000, "column": 0, "text": "1"}),
        ("paste", {"table": "energy", "row": 0, "column": -1, "text": "1"}),
    ],
)  # fmt: skip
def test_what_is_no_cell_and_no_list_of_rows_is_not_read(
    held: tuple[int, Client, Client], what: str, body: dict[str, Any]
) -> None:
    number, _, browser = held
    answer = browser.post(reverse(f"reporting:{what}", args=(number,)), json.dumps(body), "application/json")
    assert answer.status_code == 422
    assert "RPT-940" in answer.content.decode()
    assert not Draft.objects.filter(owned=number).exists()


def test_a_call_that_cannot_be_noted_is_answered_all_the_same(
    held: tuple[int, Client, Client], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """On a full disk: the draft is kept, and whoever sent it is told so."""
    number, programme, _ = held

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(calls.os, "open", full)
    path = f"{api_site.ROOT}/reporting/returns/{number}/draft"
    answer = programme.post(path, json.dumps({"cells": {ADDRESSES[0]: "1"}}), "application/json")
    assert (answer.status_code, answer.json()["stamp"]) == (200, 1)
    assert path in caplog.text
