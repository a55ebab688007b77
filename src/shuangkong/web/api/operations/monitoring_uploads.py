"""上报读数: stations, units and platforms of others upload readings in bulk, with a token.

Arrow or CSV; of public buildings the files that data centres send on, in a ZIP or as XML.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from shuangkong.readings.uploads import Form
from shuangkong.records.monitoring.uploads import receiving
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.api.faults import Fault
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.monitoring.uploads import buildings
from shuangkong.web.monitoring.uploads.intake import take_in
from shuangkong.web.monitoring.uploads.verdict import LeftOut

room = Room(tags=["monitoring"])

#: Media of a body → its form.
MEDIA: Mapping[str, Form | buildings.Form] = {
    "application/vnd.apache.arrow.stream": Form.ARROW, "text/csv": Form.CSV,
    "application/zip": buildings.Form.ZIP, "application/xml": buildings.Form.XML, "text/xml": buildings.Form.XML,
}  # fmt: skip
#: Bytes of one body: about a million readings.
MOST_BYTES = 30 * 1000**2
_TOO_LARGE = Fault(
    code="MON-227",
    zh=f"一次最多上报 {MOST_BYTES // 1000**2} MB（约一百万个读数）。请分成几次上报。",
    en=f"At most {MOST_BYTES // 1000**2} MB at a time, about a million readings. Send them in several uploads.",
    field="",
)


class UploadPart(Schema):
    """A batch of the body: the first of its rows (from 1 on), how many they are, how many were kept."""

    row: int
    rows: int
    kept: int


class UploadLeftOut(Schema):
    """Readings that were not taken: of which outlet and factor, as they were named, how many, and why.

    ``place``: where the first of them stands in a file of buildings' energy. There ``outlet`` is the building's code,
    ``factor`` that of its item; both are empty of a row that cannot be read.
    """

    outlet: str
    factor: str
    rows: int
    code: str
    place: str
    zh: str
    en: str


class UploadTaken(Schema):
    """``times`` the same body was sent; the 100 first of what was left out. What was kept stands in the store."""

    id: int
    digest: str
    times: int
    rows: int
    kept: int
    parts: list[UploadPart]
    left_out: list[UploadLeftOut]


class UploadShown(Schema):
    """An upload as it stands; ``refused``: why nothing of it was kept when it was last sent."""

    id: int
    author: str
    form: str
    digest: str
    size: int
    rows: int
    kept: int
    refused: str
    first_at: datetime
    last_at: datetime
    times: int
    journal: int | None


class UploadsShown(Schema):
    """The newest first, 500 at most."""

    items: list[UploadShown]


@room.takes_in("/monitoring/uploads", Action.MONITORING_UPLOAD, UploadTaken, tuple(MEDIA))
def upload_readings(request: HttpRequest) -> Any:
    """上报一批读数：列为 outlet、factor、kind、at、stat、value，可有 flag。

    outlet 为排放口的编码，或 outlet/编号、meter/编号；factor 为现行因子代码，计量器具的为空；
    kind 为 rtd、minute、hour、day；at 为时段的起点；stat 为 avg、min、max、cou、zs_avg、rtd、total 等；
    value 以代码表的单位计，计量器具的以登记的单位计。

    公共建筑能耗的文件用 ZIP（内有“<中心><日期>Build.xml”“…Energy.xml”）或其中一个 XML（UTF-8，不得有 DTD、实体）：
    每个 EnergyItemHourResult 是一小时的用量，建筑代码即登记的设备编号，能耗编码即计量器具的“报文中的示数编码”，
    值以计量器具登记的单位计。整份读不出的退回；读得出的，收不了的行逐个说明，其余照收。

    同样的内容再报一次不会重复；同一时刻改了值再报，是新的版本。设备报文中已有的时刻以报文为准。
    """
    form = MEDIA.get((request.content_type or "").lower())
    if form is None or request.headers.get("Content-Encoding", "identity") != "identity":
        raise Refused(
            "MON-228",
            f"上报的内容应为 {' 或 '.join(MEDIA)}，不压缩，写在 Content-Type 里。",
            f"Expected {' or '.join(MEDIA)} without compression, said in Content-Type.",
        )
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return Status(413, _TOO_LARGE)
    taken = take_in(request.body, form, caller(request))
    return {
        "id": taken.number, "digest": taken.digest, "times": taken.times, "rows": taken.rows, "kept": taken.kept,
        "parts": [{"row": each.row, "rows": each.rows, "kept": each.kept} for each in taken.parts],
        "left_out": [_left_out(each) for each in taken.left_out],
    }  # fmt: skip


@room.reads("/monitoring/uploads", Action.MONITORING_READ, UploadsShown)
def list_reading_uploads(request: HttpRequest) -> Any:
    """上报过的读数，新的在前；各自收了多少、为什么没收。"""
    names = UploadShown.model_fields
    rows = receiving.uploads(receiving.readable(caller(request)))
    return {"items": [{name: getattr(each, name) for name in names} for each in rows]}


def _left_out(each: LeftOut) -> dict[str, Any]:
    told = {name: getattr(each, name) for name in ("outlet", "factor", "rows", "code", "place")}
    return told | {"zh": each.message.zh, "en": each.message.en}
