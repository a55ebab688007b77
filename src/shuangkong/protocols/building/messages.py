"""Messages of a building's collector: proving who it is, its heartbeat, and what its meters show.

XML from outside is read without entities, without a network and within bounds; what is wrong comes back as values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import md5
from typing import Any

from lxml import etree

STAMP = "%Y%m%d%H%M%S"
#: Longest message that is read, in bytes; meters of one report.
LONGEST, MOST_METERS = 4 << 20, 10_000
_WIDEST = 40
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What could not be taken: where in the message, what was expected, what was found."""

    at: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Which collector of which building."""

    building: str
    collector: str


@dataclass(frozen=True, slots=True)
class Validation:
    """A step of proving: ``request`` → ``sequence`` (the challenge) → ``md5`` → ``result`` (pass, fail)."""

    sender: Sender
    step: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """``notify`` of the collector, ``time`` of the centre with its clock."""

    sender: Sender
    step: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One function of one meter: its number in the meter, the coding of the data item, the value.

    A value that the meter itself gave as faulty is kept with its mark, and counts for nothing.
    """

    meter: str
    function: str
    coding: str
    value: Decimal | None
    is_faulty: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What meters showed at a moment; ``sequence`` is answered, and tells a repetition from news."""

    sender: Sender
    sequence: str
    at: datetime
    shown: tuple[Shown, ...]
    wrong: tuple[Wrong, ...] = field(default=())


Message = Validation | Heartbeat | Report


def proof(key: str, challenge: str) -> str:
    """What a collector answers a challenge with: MD5 over its key and the challenge, in hexadecimal digits.

    The algorithm is the link's own; it keeps strangers out, not an adversary: run it inside TLS.
    """
    return md5(f"{key}{challenge}".encode(), usedforsecurity=False).hexdigest()


def read(data: bytes) -> Message | Wrong:
    """The message in ``data``; a ``Wrong`` where there is none."""
    if len(data) > LONGEST:
        return Wrong("$", f"至多 at most {LONGEST} bytes", str(len(data)))
    try:
        root: Any = etree.fromstring(data, etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as fault:
        return Wrong("$", "XML", _short(fault.msg or "XML"))
    if root.getroottree().docinfo.doctype:
        return Wrong("$", "无 DTD 的 XML without a DTD", _short(root.getroottree().docinfo.doctype))
    sender = Sender(_text(root, "common/building_id"), _text(root, "common/gateway_id"))
    kind = _text(root, "common/type")
    if not sender.building or not sender.collector:
        return Wrong("common", "building_id 和 and gateway_id", "缺 missing")
    body = root.find(kind) if kind.isidentifier() else None
    if body is None:
        return Wrong("common/type", "id_validate、heart_beat、data", _short(kind or "（无 nothing）"))
    match kind:
        case "id_validate":
            return _validation(sender, body)
        case "heart_beat":
            return Heartbeat(sender, str(body.get("operation", "")), _moment(_text(body, "time")))
        case "data":
            return _report(sender, body)
    return Wrong("common/type", "id_validate、heart_beat、data", _short(kind))


def write(message: Message) -> bytes:
    """The message as XML, UTF-8."""
    root = etree.Element("root")
    common = etree.SubElement(root, "common")
    match message:
        case Validation():
            kind, step = "id_validate", message.step
        case Heartbeat():
            kind, step = "heart_beat", message.step
        case Report():
            kind, step = "data", "report"
    for name, text in (
        ("building_id", message.sender.building),
        ("gateway_id", message.sender.collector),
        ("type", kind),
    ):
        etree.SubElement(common, name).text = text
    body = etree.SubElement(root, kind, operation=step)
    match message:
        case Validation():
            if step != "request":
                etree.SubElement(body, step).text = message.value
        case Heartbeat():
            if message.at is not None:
                etree.SubElement(body, "time").text = message.at.strftime(STAMP)
        case Report():
            etree.SubElement(body, "sequence").text = message.sequence
            etree.SubElement(body, "time").text = message.at.strftime(STAMP)
            _add_meters(body, message.shown)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add_meters(body: Any, shown: Iterable[Shown]) -> None:
    meters: dict[str, Any] = {}
    for each in shown:
        if each.meter not in meters:
            meters[each.meter] = etree.SubElement(body, "meter", id=each.meter)
        told = {"id": each.function, "coding": each.coding, "error": "1" if each.is_faulty else ""}
        element = etree.SubElement(meters[each.meter], "function", told)
        element.text = "" if each.value is None else f"{each.value:f}"


def _validation(sender: Sender, body: Any) -> Validation | Wrong:
    step = str(body.get("operation", ""))
    if step not in ("request", "sequence", "md5", "result"):
        return Wrong("id_validate/@operation", "request、sequence、md5、result", _short(step))
    return Validation(sender, step, "" if step == "request" else _text(body, step))


def _report(sender: Sender, body: Any) -> Report | Wrong:
    at = _moment(_text(body, "time"))
    if at is None:
        return Wrong("data/time", "yyyyMMddHHmmss", _short(_text(body, "time") or "（无 nothing）"))
    meters = body.findall("meter")
    if len(meters) > MOST_METERS:
        return Wrong("data/meter", f"至多 at most {MOST_METERS}", str(len(meters)))
    shown: list[Shown] = []
    wrong: list[Wrong] = []
    for meter in meters:
        name = str(meter.get("id", ""))
        for function in meter.findall("function"):
            place = f"data/meter[{_short(name)}]/function[{_short(str(function.get('id', '')))}]"
            text = (function.text or "").strip()
            is_faulty = str(function.get("error", "")).strip() not in ("", "0")
            value = _number(text)
            if value is None and not is_faulty:
                wrong.append(Wrong(place, "数值 a number", _short(text or "（空 empty）")))
                continue
            coding = str(function.get("coding", ""))
            shown.append(Shown(name, str(function.get("id", "")), coding, value, is_faulty))
    return Report(sender, _text(body, "sequence"), at, tuple(shown), tuple(wrong))


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP) if len(text) == 14 else None  # noqa: DTZ007 - local time of the centre
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and len(text) <= _WIDEST and abs(value.adjusted()) < _WIDEST else None


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
