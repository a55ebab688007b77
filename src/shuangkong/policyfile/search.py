"""Finding a word in policy: names, aliases, values, notes and code lists, with the line each stands on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shuangkong.policyfile.codelist import read_codes
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.node import Mapping, Place, walk
from shuangkong.policyfile.whole import nodes


@dataclass(frozen=True, slots=True)
class Hit:
    """``path`` is the way of keys to it (``aliases.3``), empty for the file's own name; ``text`` what stands there."""

    place: Place
    path: str
    text: str


def find(folder: PolicyFolder, word: str, within: Collection[str] | None = None) -> Iterator[Hit]:
    """Every place with ``word``, in file order; case is ignored. Files that do not pass their shape are left out.

    Args:
        within: names of the files to look in (effect.files_in_force); None: all, cases and drafts among them.
    """
    wanted = word.casefold()
    for name, node in nodes(folder):
        if within is not None and name not in within:
            continue
        if wanted in name.casefold():
            yield Hit(Place(folder.shown(name), 1), "", name)
        for path, leaf in walk(node):
            if wanted in str(leaf.value).casefold():
                yield Hit(leaf.place, ".".join(path), str(leaf.value))
        if isinstance(node, Mapping) and "file" in node and "columns" in node:
            yield from _in_codes(folder, name, node, wanted)


def _in_codes(folder: PolicyFolder, name: str, declared: Mapping, wanted: str) -> Iterator[Hit]:
    file = f"{name.rsplit('/', 1)[0]}/{declared.text('file')}"
    for row in read_codes(folder.path(file), folder.shown(file), declared).rows:
        for column, cell in row.cells.items():
            if wanted in cell.casefold():
                yield Hit(row.place, column, " ".join(filter(None, row.cells.values())))
                break
