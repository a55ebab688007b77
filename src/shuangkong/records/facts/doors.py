"""Files of figures as batches of text columns: CSV, SDMX-CSV and Parquet, read as they come."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from polars.exceptions import PolarsError

from shuangkong.records.facts import sdmx
from shuangkong.records.facts.parsing import header
from shuangkong.records.refusal import Refused

#: Rows at once: what bounds the memory of a load.
BATCH = 200_000
_BLOCK = 2**20


@contextmanager
def batches(path: Path) -> Iterator[Iterator[pl.DataFrame]]:
    """The rows of a file: ``row``, its number in the file (the headings are 1), and columns named as facts.columns.

    Raises:
        Refused: FCT-110, the file cannot be read as a table.
        RowRefused: TGT-100, a heading is absent.
    """
    with TemporaryDirectory() as folder:
        yield _read(path, Path(folder))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _read(path: Path, folder: Path) -> Iterator[pl.DataFrame]:
    try:
        if path.suffix.lower() == ".parquet":
            scanned = pl.scan_parquet(path)
            told = _named(scanned.select(pl.all().cast(pl.String)), scanned.collect_schema().names())
        else:
            plain = _in_utf8(path, folder / "plain.csv")
            with plain.open(encoding="utf-8-sig", newline="") as file:
                headings = next(csv.reader(file), [])
            places = [f"column_{place}" for place in range(len(headings))]
            told = _named(pl.scan_csv(plain, infer_schema=False, new_columns=places), headings)
        yield from told.collect_batches(chunk_size=BATCH, maintain_order=True)
    except (PolarsError, csv.Error) as fault:
        raise _unread(path, str(fault).splitlines()[0]) from fault


def _named(scanned: pl.LazyFrame, headings: list[str]) -> pl.LazyFrame:
    """Under the names of facts.columns, numbered as in the file."""
    columns = scanned.collect_schema().names()
    scanned = scanned.with_row_index("row", 2)
    if sdmx.is_sdmx(headings):
        return sdmx.told(scanned.rename(dict(zip(columns, headings, strict=True))))
    names = header(headings)
    return scanned.select(
        pl.col("row").cast(pl.Int64), *(pl.col(columns[at]).alias(name) for at, name in names.items())
    )


def _in_utf8(path: Path, copy: Path) -> Path:
    """The file itself, or a copy where it is in GB 18030."""
    if _is_utf8(path):
        return path
    try:
        with (
            path.open(encoding="gb18030", newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while block := source.read(_BLOCK):
                target.write(block)
    except UnicodeDecodeError as fault:
        raise _unread(path, "UTF-8?") from fault
    return copy


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unread(path: Path, why: str) -> Refused:
    return Refused(
        "FCT-110",
        f"“{path.name}”不能当作表读（{why}）。应为 UTF-8 或 GB 18030 的 .csv、SDMX-CSV 或 .parquet，请另存后再试。",
        f"“{path.name}” cannot be read as a table ({why}). Expected a .csv in UTF-8 or GB 18030, SDMX-CSV or .parquet.",
    )
