"""译文: reads the catalogue of translations (.po) and compiles it (.mo), so that no gettext tools are needed anywhere.

``python -m shuangkong.web.site.catalogue`` compiles it anew; both files are committed, a test keeps them together.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

PO = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
_MAGIC = 0x950412DE


def read_po(text: str) -> dict[str, str]:
    """msgid → msgstr; plural forms joined by NUL as in .mo. The header stands under "".

    Raises:
        ValueError: a line is neither a comment nor a part of an entry; says which.
    """
    found: dict[str, str] = {}
    for entry in _entries(text):
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        id_ = entry["msgid"] + ("\0" + entry["msgid_plural"] if "msgid_plural" in entry else "")
        found[id_] = "\0".join(forms)
    return found


def _entries(text: str) -> Iterator[dict[str, str]]:
    entry: dict[str, str] = {}
    key = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "msgid" and entry:
            yield entry
            entry = {}
        if word.startswith("msg"):
            key, quoted = word, rest
            entry[key] = ""
        elif line.startswith('"') and key:
            quoted = line
        else:
            raise ValueError(f"line {number}: expected msgid, msgid_plural, msgstr or a quoted text, found {line!r}")
        entry[key] += ast.literal_eval(quoted)
    if entry:
        yield entry


def mo_bytes(catalogue: Mapping[str, str]) -> bytes:
    """The catalogue in the form that gettext loads: sorted ids and texts with their offsets."""
    pairs = sorted((id_.encode(), text.encode()) for id_, text in catalogue.items() if text)
    count, start = len(pairs), 28
    texts_at = start + 16 * count
    ids, texts = b"".join(id_ + b"\0" for id_, _ in pairs), b"".join(text + b"\0" for _, text in pairs)
    id_table = _table([id_ for id_, _ in pairs], texts_at)
    text_table = _table([text for _, text in pairs], texts_at + len(ids))
    head = struct.pack("<7I", _MAGIC, 0, count, start, start + 8 * count, 0, start)
    return head + id_table + text_table + ids + texts


def _table(strings: list[bytes], at: int) -> bytes:
    rows = b""
    for string in strings:
        rows += struct.pack("<2I", len(string), at)
        at += len(string) + 1
    return rows


if __name__ == "__main__":
    PO.with_suffix(".mo").write_bytes(mo_bytes(read_po(PO.read_text(encoding="utf-8"))))
