"""从 Excel 粘贴: a table with a heading line, copied from a sheet, filled into the form of a workbench."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import QueryDict

from shuangkong.records.refusal import Refused
from shuangkong.web.site.scope import whole
from shuangkong.web.targets.decomposition.forms import Column

#: What stands behind the words of a heading: its unit.
_UNIT = re.compile(r"[（(][^（()）]*[）)]$")


def pasted_into(form: QueryDict, columns: Sequence[Column]) -> QueryDict:
    """The form with the cells of ``paste`` in their places: the first column names the receiver, the others are found
    by their headings. Who is not there yet gets a row; an empty cell leaves what stood there.

    Raises:
        Refused: no heading is one of the form's.
    """
    lines = [line.split("\t") for line in form.get("paste", "").splitlines() if line.strip()]
    keys = [_key(heading, columns) for heading in lines[0][1:]] if lines else []
    if not any(keys):
        known = "、".join(str(column.label) for column in columns)
        zh = f"粘贴的第一行应是表头，第一列是承担单位，其余的列名取自：{known}。"
        raise Refused("TGT-210", zh, f"The first line must be headings: the receiver, then some of {known}.", "paste")
    filled = form.copy()
    names = [form.get(f"r{at}-name", "").strip() for at in range(whole(form.get("rows", "")) or 0)]
    while names and not names[-1]:
        names.pop()
    for line in lines[1:]:
        name = line[0].strip()
        if name not in names:
            filled[f"r{len(names)}-name"] = name
            names.append(name)
        for key, cell in zip(keys, line[1:], strict=False):
            if key and cell.strip():
                filled[f"r{names.index(name)}-{key}"] = cell.strip()
    filled["rows"], filled["paste"] = str(len(names)), ""
    return filled


def _key(heading: str, columns: Sequence[Column]) -> str:
    """The figure that a heading names, with or without its unit; "" where it names none."""
    plain = heading.strip()
    labels = {str(column.label): column.key for column in columns} | {column.key: column.key for column in columns}
    return labels.get(plain) or labels.get(_UNIT.sub("", plain).strip(), "")
