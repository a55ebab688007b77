"""上报读数: files of readings that stations of others send, Arrow streams or CSV, as tables for the store.

Columns: ``outlet`` and ``factor`` (codes; who keeps registers says which point they are), ``kind``, ``at``, ``stat``,
``value``, and ``flag`` where there is one. Times of Arrow bear a zone; those of a CSV bear an offset or are of the
offices. The bytes themselves are kept before they are read. A stream of Arrow is checked to its last offset before
anything is reckoned with it, and takes no compressed buffers: a few bytes of those may become gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
from numpy.typing import NDArray

from shuangkong.core.finding import Message
from shuangkong.readings import rows
from shuangkong.readings.arrow_messages import batch_shape
from shuangkong.readings.columns import READINGS, ColumnsRefused

#: A block of a CSV, bytes; what is taken at a time.
BLOCK = 8 << 20
_TEXTS = ("outlet", "factor", "kind", "stat", "flag")
#: Rows of one batch of Arrow: columns without buffers cost a sender nothing.
MOST_ROWS = 2_000_000


class Form(StrEnum):
    """Forms of an upload."""

    ARROW = "arrow"
    CSV = "csv"


class UploadRefused(ValueError):
    """An upload that cannot be read; nothing of the part that it names, and what follows, was taken."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(f"{code} {message.zh}")
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of an upload.

    Attributes:
        table: readings for ``Store.append``.
        unknown: (outlet, factor) that are no point → how many readings they had; not in the table.
    """

    table: pa.Table
    unknown: Mapping[tuple[str, str], int]


#: (outlet, factor) as named → point and what a value is multiplied with to stand in its unit; what is no point is left
#: out.
type PointsOf = Callable[[Sequence[tuple[str, str]]], Mapping[tuple[str, str], tuple[int, float]]]


def take_upload(
    stream: IO[bytes], form: Form, points_of: PointsOf, *, zone: str, segment: int, offset: int
) -> Iterator[Taken]:
    """Reads an upload, a part at a time.

    Args:
        stream: its bytes, from the first.
        points_of: asked once a part, for the outlets and factors of it.
        zone: of times of a CSV that bear none.
        segment, offset: where its bytes are in the evidence log.

    Raises:
        UploadRefused: RDG-001 not of that form, RDG-002 a column is missing or holds what it may not, RDG-003 the same
            time of a point is told twice in a part.
    """
    row = 1
    for part in _parts(stream, form):
        yield _taken(part, points_of, ZoneInfo(zone), (segment, offset), row)
        row += part.num_rows


def _parts(stream: IO[bytes], form: Form) -> Iterator[pa.Table]:
    try:
        if form is Form.ARROW:
            yield from _batches(stream)
            return
        types = {name: pa.string() for name in _TEXTS} | {"at": pa.string(), "value": pa.float64()}
        convert = pv.ConvertOptions(column_types=types, strings_can_be_null=False)
        with pv.open_csv(stream, pv.ReadOptions(block_size=BLOCK), convert_options=convert) as lines:
            for batch in lines:
                yield pa.Table.from_batches([batch])
    except (ValueError, pa.ArrowException, OSError) as fault:
        said = str(fault).splitlines()[0][:300]
        raise UploadRefused(
            "RDG-001",
            Message(
                zh=f"读不出上报的内容：应为 {form} 格式，读取时说“{said}”。请核对格式后整份重报。",
                en=f"The upload cannot be read as {form}: “{said}”. See to its form and send all of it again.",
            ),
        ) from fault


def _batches(stream: IO[bytes]) -> Iterator[pa.Table]:
    content = pa.py_buffer(stream.read())
    for message in pa.ipc.MessageReader.open_stream(content):
        shape = batch_shape(message.metadata)
        if shape.is_compressed:
            raise pa.ArrowInvalid("compressed buffers; send them as they are")
        if shape.rows > MOST_ROWS:
            raise pa.ArrowInvalid(f"a batch of {shape.rows} rows; at most {MOST_ROWS} at a time")
    with pa.ipc.open_stream(content) as reader:
        for batch in reader:
            batch.validate(full=True)
            yield pa.Table.from_batches([batch])


def _taken(part: pa.Table, points_of: PointsOf, zone: ZoneInfo, place: tuple[int, int], row: int) -> Taken:
    try:
        point, factor, unknown = _points(part, points_of)
        flag = part["flag"] if "flag" in part.column_names else pa.array([""] * part.num_rows)
        segment, offset = place
        table = pa.table(
            {
                "point": pa.array(point),
                "kind": _needed(part, "kind"),
                "at": _instants(_needed(part, "at"), zone),
                "stat": _needed(part, "stat"),
                "value": pc.multiply(_needed(part, "value").cast(pa.float64()), pa.array(factor)),
                "flag": flag,
                "segment": pa.array(np.full(part.num_rows, segment, dtype=np.uint32)),
                "offset": pa.array(np.full(part.num_rows, offset, dtype=np.uint64)),
            }
        )
        table = table.filter(pa.array(~np.isnan(factor))) if unknown else table
        check_once(table, row)
        return Taken(table.select(READINGS.names), unknown)
    except UploadRefused:
        raise
    except (ValueError, pa.ArrowException, TypeError) as fault:
        raise UploadRefused(
            "RDG-002",
            Message(
                zh=f"第 {row} 行起的数据不合要求：{fault}。请改正后从这一行起重报。",
                en=f"From row {row} on the readings are not as they should be: {fault}. Send them again from there.",
            ),
        ) from fault


def _points(
    part: pa.Table, points_of: PointsOf
) -> tuple[NDArray[np.uint32], NDArray[np.float64], dict[tuple[str, str], int]]:
    """Of each row its point and factor; NaN for what is no point."""
    outlets, factors = (_needed(part, name).combine_chunks() for name in ("outlet", "factor"))
    outlet, factor = (
        each if pa.types.is_dictionary(each.type) else each.dictionary_encode() for each in (outlets, factors)
    )
    width = max(len(factor.dictionary), 1)
    pair = outlet.indices.to_numpy(zero_copy_only=False).astype(np.int64) * width
    pair += factor.indices.to_numpy(zero_copy_only=False)
    pairs, of_row, counts = np.unique(pair, return_inverse=True, return_counts=True)
    points, factors_of = np.zeros(len(pairs), dtype=np.uint32), np.full(len(pairs), np.nan)
    names = [(_word(outlet, each // width), _word(factor, each % width)) for each in pairs.tolist()]
    known = points_of(names)
    unknown: dict[tuple[str, str], int] = {}
    for number, name in enumerate(names):
        if (found := known.get(name)) is None:
            unknown[name] = unknown.get(name, 0) + int(counts[number])
        else:
            points[number], factors_of[number] = found
    return points[of_row], factors_of[of_row], unknown


def _word(column: pa.DictionaryArray, place: int) -> str:
    return str(column.dictionary[place].as_py())


def _instants(column: pa.ChunkedArray, zone: ZoneInfo) -> pa.ChunkedArray:
    """Instants as they are; texts with an offset, or of the zone."""
    if pa.types.is_timestamp(column.type):
        return column
    texts = column.cast(pa.string())
    tail = pc.utf8_slice_codeunits(texts, 10, 64)
    has_offset = pc.match_substring_regex(tail, "[+Zz-]")
    if pc.all(has_offset).as_py():
        return texts.cast(pa.timestamp("us", "UTC"))
    if pc.any(has_offset).as_py():
        raise ColumnsRefused("at: expected every time with its offset from UTC, or none")
    return pc.assume_timezone(texts.cast(pa.timestamp("us")), zone.key)


def _needed(part: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in part.column_names:
        raise ColumnsRefused(f"{name}: expected a column of that name, found {', '.join(part.column_names)}")
    if part[name].null_count and name != "value":
        raise ColumnsRefused(f"{name}: {part[name].null_count} rows have none")
    return part[name]


def check_once(table: pa.Table, row: int = 1) -> None:
    """All of an upload is one version: of two values of one time nobody could say which counts.

    Raises:
        UploadRefused: RDG-003.
    """
    found = rows.by_kind(table)
    for kind, columns in found.items():
        order = np.lexsort((columns["stat"], columns["at"], columns["point"]))
        keys = [columns[name][order] for name in ("point", "at", "stat")]
        again = np.logical_and.reduce([key[1:] == key[:-1] for key in keys])
        if again.any():
            told = rows.instants(keys[1][1:][again][:1])[0].as_py()
            raise UploadRefused(
                "RDG-003",
                Message(
                    zh=f"第 {row} 行起的一批里，同一点位同一时刻（{told}，{kind}）报了两次。请去掉重复的再报。",
                    en=f"In the part from row {row} on a point tells {told} ({kind}) twice. Send it once.",
                ),
            )
