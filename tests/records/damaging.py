"""Files of figures as nobody should send them: sound ones, damaged byte by byte or cell by cell."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from random import Random

import polars as pl
import xlsxwriter

HEAD = ("指标", "对象", "时期", "数值", "单位", "口径", "状态", "来路", "性质", "对象类别", "来源", "备注")
ROWS = tuple(
    ("化学需氧量排放总量", "青石镇", str(year), value, "吨", "", "最终", "", "", "", "年报", note)
    for year, (value, note) in enumerate(
        [("1100", ""), ("0", "停产"), ("缺失", ""), ("12.50", "更正"), ("1,234.5", ""), ("不适用", "")], start=2018
    )
)
SDMX = ("STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS",
        "UNIT_MEASURE")  # fmt: skip
#: What a cell may hold that no figure, name or period is.
ODD = (
    "", " ", "NaN", "inf", "-0", "1e999", "9" * 400, "一千", "=1+1", "@SUM(A1)", "\u202e", "\ufeff", "\0", "\r", "\n",
    '"', "'; DROP TABLE facts_observation; --", "2023-13", "0000", "99999", "2023-C99", "９", "1/3", "missing", "null",
    "长" * 700, "𝟙𝟚", "1_000", "+5", "5.", ".5", "--5", "1.2.3", "0x1f", "%", "true", "999901/", "/", "region:999901",
)  # fmt: skip
FORMS = ("t.csv", "old.csv", "sdmx.csv", "t.xlsx", "t.parquet")


def cells(chance: Random, most: int = 4) -> list[list[str]]:
    """Headings and rows, some cells exchanged for odd ones or for each other."""
    rows = [list(HEAD), *(list(row) for row in ROWS)]
    for _ in range(chance.randint(0, most)):
        row = chance.choice(rows if chance.random() < 0.1 else rows[1:])
        row[chance.randrange(len(row))] = chance.choice(ODD) if chance.random() < 0.7 else chance.choice(ROWS[0])
    if chance.random() < 0.1:
        rows.append(chance.choice(rows))
    return rows


def content(name: str, rows: list[list[str]]) -> bytes:
    """The rows as a file of the form that its name tells."""
    if name == "t.xlsx":
        return _xlsx(rows)
    if name == "t.parquet":
        frame = BytesIO()
        pl.DataFrame({f"{at} {word}" if at else word: [row[at] for row in rows[1:]] for at, word in _named(rows)}
                     ).rename(dict(_renamed(rows))).write_parquet(frame)  # fmt: skip
        return frame.getvalue()
    if name == "sdmx.csv":
        told = [["dataflow", "X", "I", "999901003", "cod_total", row[2], row[3], "A", "t"] for row in rows[1:]]
        return _csv([list(SDMX), *told]).encode("utf-8", "surrogatepass")
    return _csv(rows).encode("gb18030" if name == "old.csv" else "utf-8")


def _named(rows: list[list[str]]) -> list[tuple[int, str]]:
    return list(enumerate(rows[0]))


def _renamed(rows: list[list[str]]) -> list[tuple[str, str]]:
    """Headings as they are where each is there once; a format of columns has no two of one name."""
    heads = rows[0]
    return [(f"{at} {word}", word) for at, word in _named(rows) if at and heads.count(word) == 1]


def damaged(whole: bytes, chance: Random) -> bytes:
    """Bytes exchanged, cut out, doubled, or cut off at the end."""
    data = bytearray(whole)
    for _ in range(chance.choice((0, 1, 1, 3, 20))):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 1, 1, 8, 200)))
        match chance.randrange(4):
            case 0:
                data[start:end] = chance.randbytes(end - start)
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end]
            case _:
                data[start] = chance.choice(b'\0\r\n",;=\xff\xfe')
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data)


def _csv(rows: list[list[str]]) -> str:
    file = StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _xlsx(rows: list[list[str]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(at, place, cell)
    return file.getvalue()
