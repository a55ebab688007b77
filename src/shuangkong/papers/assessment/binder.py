"""自查材料包: the self-check report with its evidence numbered by item and an index with digests, as one ZIP file.

Whoever is not in this system needs nothing else: the digests can be checked by any tool (``sha256sum -c``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shuangkong.papers.tables import SheetColumn, write_xlsx

REPORT, INDEX, DIGESTS = "自查报告.docx", "材料目录.xlsx", "SHA256SUMS.txt"
_FOLDER = "证据材料"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_TITLE = 60


@dataclass(frozen=True, slots=True)
class BoundProof:
    """One piece of evidence below a line of the report; ``content`` None where it is named only."""

    number: str
    name: str
    title: str
    document: str
    medium: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class BinderInput:
    """What a binder holds: ``about`` whom and which year, ``report`` the report as it is signed."""

    about: str
    report: bytes
    proofs: tuple[BoundProof, ...]
    made_on: date
    is_fictional: bool = False


def binder_zip(given: BinderInput) -> bytes:
    """The file; equal inputs give equal bytes."""
    files = {REPORT: given.report}
    rows = []
    seen: dict[str, int] = {}
    for proof in given.proofs:
        seen[proof.number] = seen.get(proof.number, 0) + 1
        path = ""
        if proof.content is not None:
            path = f"{_FOLDER}/{proof.number}-{seen[proof.number]:02} {_plain(proof.title)}.{proof.medium}"
            files[path] = proof.content
        rows.append((proof, path))
    files[INDEX] = _index(given, rows)
    sums = "".join(f"{sha256(content).hexdigest()}  {path}\n" for path, content in files.items())
    held = BytesIO()
    with ZipFile(held, "w") as packed:
        for path, content in (*files.items(), (DIGESTS, sums.encode())):
            entry = ZipInfo(path)  # of the first day that a ZIP file knows: the same binder is the same bytes
            entry.compress_type = ZIP_DEFLATED
            packed.writestr(entry, content)
    return held.getvalue()


def _plain(title: str) -> str:
    """A title as every file system takes it."""
    return _UNSAFE.sub("_", title).strip(" .")[:_TITLE] or "材料"


def _index(given: BinderInput, rows: Sequence[tuple[BoundProof, str]]) -> bytes:
    columns = [
        SheetColumn("编号"), SheetColumn("项目和要点"), SheetColumn("材料名称"), SheetColumn("文号"),
        SheetColumn("文件"), SheetColumn("字节数", is_figure=True), SheetColumn("SHA-256"),
    ]  # fmt: skip
    told = [
        [
            proof.number, proof.name, proof.title, proof.document, path or "只有名称，没有文件",
            None if proof.content is None else len(proof.content),
            "" if proof.content is None else sha256(proof.content).hexdigest(),
        ]
        for proof, path in rows
    ]  # fmt: skip
    return write_xlsx(
        "证明材料目录", columns, told, [f"报告文件摘要（SHA-256）：{sha256(given.report).hexdigest()}"],
        is_demo=given.is_fictional, is_fictional=given.is_fictional, about=[given.about], made_on=given.made_on,
    )  # fmt: skip
