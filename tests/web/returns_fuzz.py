"""Made-up payloads and files for the doors of reporting, and what every answer of theirs must be: kept, or a refusal
that says why. By plain chance, which costs next to nothing beside the answer.
"""

from __future__ import annotations

import faulthandler
import io
import json
import os
import re
import resource
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import api_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shuangkong.papers.fence_wire import FileRefused
from shuangkong.papers.reporting.workbook import open_workbook
from shuangkong.records.reporting.models import Draft, Return, Version

_CODE = re.compile(r"\b[A-Z]{3}-\d{3}\b")
_SIGNS = "0123456789.,-+eE％%,，万千（）()=@\"'<>&;/\\[]{}*#！ \t\r\n٣∞½零一九Ａ１é中\u200b\u202e\ufeff\U0001f600"
_ODD = (
    "NaN", "Infinity", "-0", "1e999999", "1E-999999", "0x10", "1_000", "１２３", "=1+1", "=cmd|' /C calc'!A0", "不适用",
    "九百", "1,000.50", "9" * 400, "\x00", "\x1b[31m", "<script>", "' OR 1=1 --", "../../etc/passwd", "\ud7ff", "true",
)  # fmt: skip


class Reader:
    """In place of the fence: one child reads workbook after workbook. Where one ends it, as the reader of spreadsheets
    ends on a cell a million columns away, that is told as the fence tells it, and another child goes on."""

    MEMORY = 1024**3
    PATIENCE = 120

    def __init__(self) -> None:
        self.stopped = 0
        self._start()

    def _start(self) -> None:
        context = get_context("fork")
        self._here, there = context.Pipe()
        self._child = context.Process(target=_read, args=(there, self.MEMORY), daemon=True)
        self._child.start()
        there.close()

    def __call__(self, name: str, data: bytes, function: str, *arguments: object, limits: object) -> object:
        try:
            self._here.send((data, name))
            assert self._here.poll(self.PATIENCE), "a workbook is not read to its end"
            refusal, fault, found = self._here.recv()
        except (EOFError, ConnectionError):
            self.stopped += 1
            self.close()
            self._start()
            raise FileRefused("PLN-912", "", "") from None
        if refusal:
            raise FileRefused(*refusal)
        assert not fault, fault
        return found

    def close(self) -> None:
        self._here.close()
        self._child.kill()
        self._child.join()


def _read(line: Any, memory: int) -> None:
    """The child: a workbook in, (refusal, fault, what it read) out."""
    faulthandler.disable()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + memory, resource.RLIM_INFINITY))
    while True:
        data, name = line.recv()
        try:
            line.send((None, "", open_workbook(data, name)))
        except FileRefused as refused:
            line.send(((refused.code, refused.zh, refused.en), "", None))
        except MemoryError:
            os._exit(71)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test is to say so
            line.send((None, repr(fault), None))


@dataclass
class Ground:
    """Two returns of units, of which ``other`` is signed; who sends for the first, and files to damage.

    ``template``, ``bulk``, ``sealed``: parts of workbooks by name; ``lines``, ``bulk_lines``: the same forms as CSV.
    """

    number: int
    programme: Client
    browser: Client
    addresses: list[str]
    form: str
    period: str
    unit: str
    template: Mapping[str, bytes]
    bulk: Mapping[str, bytes]
    sealed: Mapping[str, bytes]
    lines: bytes
    bulk_lines: bytes
    #: (door, status) → how many answers.
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)


def text(draw: Random) -> str:
    kind = draw.random()
    if kind < 0.3:
        return draw.choice(_ODD)
    if kind < 0.6:
        return str(draw.randint(-(10**6), 10**6) / draw.choice((1, 10, 1000)))
    if kind < 0.9:
        return "".join(draw.choices(_SIGNS, k=draw.randrange(24)))
    return "".join(chr(draw.choice((draw.randrange(0xD800), draw.randrange(0xE000, 0x30000)))) for _ in range(8))


def anything(draw: Random, depth: int = 3) -> Any:
    kind = draw.randrange(9 if depth else 6)
    match kind:
        case 0:
            return draw.choice((None, True, False))
        case 1:
            return draw.choice((0, -1, 2**31, 2**63, -(2**70), 10**400, draw.randrange(1000)))
        case 2:
            return draw.choice((0.5, -0.0, 1e308, float("nan"), float("inf")))
        case 3 | 4 | 5:
            return text(draw)
        case 6:
            return [anything(draw, depth - 1) for _ in range(draw.randrange(4))]
        case _:
            return {text(draw): anything(draw, depth - 1) for _ in range(draw.randrange(4))}


def cells(ground: Ground, draw: Random) -> Any:
    if draw.random() < 0.15:
        return anything(draw)
    told = {draw.choice(ground.addresses): text(draw) for _ in range(draw.randrange(5))}
    if draw.random() < 0.2:
        told[text(draw)] = text(draw)
    return told


def _turned(data: bytes, draw: Random) -> bytes:
    found = bytearray(data)
    for _ in range(draw.randint(1, 20)):
        found[draw.randrange(len(found))] = draw.randrange(256)
    return bytes(found)


def damaged(data: bytes, draw: Random) -> bytes:
    """Bytes turned, cut off, doubled or in a wrong order."""
    if not data:
        return data
    kind, at = draw.randrange(5), draw.randrange(len(data))
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[at:] + data[:at]
    if kind == 2:
        end = draw.randrange(at, min(len(data), at + 400))
        return data[:end] + data[at:end] * draw.randint(1, 30) + data[end:]
    return _turned(data, draw)


def packed(parts: Mapping[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", how) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


#: What no workbook of a return holds, as parts of an archive.
_STRANGE: Mapping[str, bytes] = {
    "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(64), "xl/macrosheets/sheet1.xml": b"<xm/>", "../../evil": b"x",
    "xl/activeX/activeX1.bin": bytes(9), "xl/worksheets/sheet99.xml": b"<worksheet/>", "virus.exe": b"MZ" + bytes(64),
}  # fmt: skip


_FAR = ("A1048576", "XFD1", "XFD1048576", "ZZZZ9", "A0", "A99999999999")


def workbook(parts: Mapping[str, bytes], draw: Random) -> bytes:
    """A workbook of these parts with something wrong: a part garbled, left out, strange or huge, or the file itself."""
    kind, part = draw.randrange(8), draw.choice(sorted(parts))
    if kind < 3:
        return packed({**parts, part: damaged(parts[part], draw)})
    if kind == 3:
        return packed({name: data for name, data in parts.items() if name != part})
    if kind == 4:
        name = draw.choice(sorted(_STRANGE))
        return packed({**parts, name: _STRANGE[name]})
    if kind == 5:
        far = f'<c r="{draw.choice(_FAR)}"><v>1</v></c></row>'
        sheet = draw.choice([name for name in parts if name.startswith("xl/worksheets/")])
        return packed({**parts, sheet: parts[sheet].replace(b"</row>", far.encode(), 1)})
    if kind == 6:
        entities = b'?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
        body = parts[part].replace(b"?>", entities, 1).replace(b"</t>", b"&b;&c;</t>", draw.randint(1, 9))
        return packed({**parts, part: body})
    return damaged(packed(parts), draw)


def told_wrong(answer: Any) -> str:
    """What of a refusal does not say why; "" where it does."""
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        told = answer.json()
        return "" if _CODE.fullmatch(str(told.get("code", ""))) and (told.get("zh") or told.get("message")) else "code"
    return "" if _CODE.search(answer.content.decode()) else "no code on the page"


def judged(ground: Ground, door: str, answer: Any, sent: object, *allowed: int) -> None:
    """Raises AssertionError for a fault, a refusal without a reason, and what is half kept."""
    status = answer.status_code
    ground.answers[door, status] += 1
    fault = getattr(answer, "exc_info", None)
    assert status in (200, *allowed), (door, status, str(sent)[:3000], fault)
    if status >= 400:
        assert not told_wrong(answer), (door, status, str(sent)[:3000], answer.content[-600:])
    held = Return.objects.values_list("versions", flat=True).get(pk=ground.number)
    assert Version.objects.filter(owned=ground.number).count() == held
    for content in Draft.objects.filter(owned=ground.number).values_list("content", flat=True):
        json.loads(content)


def _body(ground: Ground, draw: Random) -> dict[str, Any]:
    body: dict[str, Any] = {"cells": cells(ground, draw)} if draw.random() < 0.8 else {}
    for key in ("keys", "explained", "whole", "ground", "base", "kind", "verdicts", "due", "version"):
        if draw.random() < 0.2:
            body[key] = anything(draw)
    return body


def _bytes(told: Any, draw: Random) -> bytes:
    """As JSON; now and then with something wrong."""
    data = json.dumps(told, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")
    return damaged(data, draw) if draw.random() < 0.1 else data


def api_one(ground: Ground, draw: Random) -> None:
    data, what = _bytes(_body(ground, draw), draw), draw.choice(("draft", "draft", "submit", "act"))
    path = f"{api_site.ROOT}/reporting/returns/{ground.number}/{what}"
    judged(ground, f"API {what}", ground.programme.post(path, data, "application/json"), data, 400, 413, 422)


def api_bytes(ground: Ground, draw: Random) -> None:
    data = draw.randbytes(draw.randrange(300)) if draw.random() < 0.7 else b"[" * draw.randrange(1, 100_000)
    path = f"{api_site.ROOT}/reporting/returns/{ground.number}/draft"
    judged(ground, "API bytes", ground.programme.post(path, data, "application/json"), data, 400, 413, 422)


def api_many(ground: Ground, draw: Random) -> None:
    units = [ground.unit if draw.random() < 0.8 else text(draw) for _ in range(draw.randrange(3))]
    told = {
        "form": ground.form if draw.random() < 0.95 else text(draw),
        "period": ground.period if draw.random() < 0.95 else text(draw),
        "returns": [{"unit": unit, "cells": cells(ground, draw)} for unit in units],
        "act": draw.choice(("try", "try", "keep", "sign", text(draw))),
    }
    data = _bytes(told if draw.random() < 0.95 else anything(draw), draw)
    answer = ground.programme.post(f"{api_site.ROOT}/reporting/many", data, "application/json")
    judged(ground, "API many", answer, data, 400, 403, 413, 422)


def page_draft(ground: Ground, draw: Random) -> None:
    told = {"entries": cells(ground, draw), "keys": anything(draw), "explained": anything(draw)}
    data = _bytes({key: value for key, value in told.items() if draw.random() < 0.6}, draw)
    path = reverse("reporting:draft", args=(ground.number,))
    judged(ground, "page draft", ground.browser.post(path, data, "application/json"), data, 400, 422)


def page_paste(ground: Ground, draw: Random) -> None:
    block = "\n".join("\t".join(text(draw) for _ in range(draw.randrange(6))) for _ in range(draw.randrange(6)))
    table = draw.choice(ground.addresses).partition(".")[0] if draw.random() < 0.9 else text(draw)
    told = {"table": table, "row": draw.randrange(-2, 60), "column": draw.randrange(-2, 20), "text": block}
    if draw.random() < 0.2:
        told[draw.choice(list(told))] = anything(draw)
    data = _bytes(told, draw)
    path = reverse("reporting:paste", args=(ground.number,))
    judged(ground, "paste", ground.browser.post(path, data, "application/json"), data, 400, 422)


def _name(draw: Random) -> str:
    """A file's name; now and then one that lies, or is strange itself."""
    return draw.choice(("t.xlsx", "t.XLSX", "t.xls", "t", "中文 名.xlsx", "a" * 240 + ".xlsx", "t\u202excod.xlsx"))


def _lines(data: bytes, draw: Random) -> bytes:
    kind = draw.random()
    if kind < 0.2:
        return draw.randbytes(draw.randrange(1, 400))
    if kind < 0.6:
        return damaged(data[: draw.randrange(1, len(data))], draw)
    rows = data.decode("utf-8-sig").splitlines()
    some = rows[:2] + [row + text(draw) for row in draw.sample(rows[2:], min(8, len(rows) - 2))]
    return "\r\n".join(some).encode(draw.choice(("utf-8-sig", "utf-8", "gb18030", "utf-16")), "replace")


def _upload(ground: Ground, door: str, path: str, name: str, data: bytes, **more: str) -> None:
    answer = ground.browser.post(path, {"file": SimpleUploadedFile(name, data), **more})
    judged(ground, door, answer, (name, data), 302, 422)


def csv_one(ground: Ground, draw: Random) -> None:
    path = reverse("reporting:upload", args=(ground.number,))
    _upload(ground, "CSV", path, "t.csv", _lines(ground.lines, draw))


def csv_many(ground: Ground, draw: Random) -> None:
    act = draw.choice(("try", "keep"))
    data, of = _lines(ground.bulk_lines, draw), f"{ground.form}/{ground.period}"
    _upload(ground, "bulk CSV", reverse("reporting:many_load"), "t.csv", data, act=act, of=of)


def book_one(ground: Ground, draw: Random) -> None:
    path = reverse("reporting:upload", args=(ground.number,))
    _upload(ground, "workbook", path, _name(draw), workbook(ground.template, draw))


def book_many(ground: Ground, draw: Random) -> None:
    data, of = workbook(ground.bulk, draw), f"{ground.form}/{ground.period}"
    path, act = reverse("reporting:many_load"), draw.choice(("try", "keep"))
    _upload(ground, "bulk workbook", path, _name(draw), data, act=act, of=of)


def verify(ground: Ground, draw: Random) -> None:
    _upload(ground, "sealed copy", reverse("reporting:verify"), _name(draw), workbook(ground.sealed, draw))


_HEADS = (
    b"%PDF-1.7\n%%EOF",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01IEND",
    b"\xff\xd8\xff\xc0",
)


def attach(ground: Ground, draw: Random) -> None:
    kind = draw.random()
    data = workbook(ground.template, draw) if kind < 0.5 else damaged(draw.choice(_HEADS) + draw.randbytes(90), draw)
    name = f"f.{draw.choice(('pdf', 'docx', 'xlsx', 'pptx', 'ofd', 'zip', 'jpg', 'png', 'exe', 'html', ''))}"
    path = reverse("reporting:attach", args=(ground.number,))
    answer = ground.browser.post(path, {"files": SimpleUploadedFile(name, data)})
    judged(ground, "attachment", answer, (name, data), 302, 422)


#: Door → its share of what is sent.
DOORS: Mapping[Callable[[Ground, Random], None], int] = {
    api_one: 34, api_bytes: 8, api_many: 10, page_draft: 10, page_paste: 10, csv_one: 8, csv_many: 5, book_one: 5,
    book_many: 3, verify: 3, attach: 4,
}  # fmt: skip
