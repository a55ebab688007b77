"""草案: the policy folder as it would be once a draft is signed. Nothing on the disk changes, nothing is in force."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.node import as_mapping
from shuangkong.policyfile.reader import FileRead
from shuangkong.policyfile.refusal import refuse

_FILE = "layer.yaml"


class DraftedFolder(PolicyFolder):
    """``folder`` with the files of ``draft`` in place of those of the layer that it would change, or added to them.

    A file of a draft is written as it is to stand there: to sign it is to move it. It takes nothing away: what is to
    end gets an ``until``.

    Args:
        draft: a folder with a layer.yaml that says ``draft: true`` and its ``parent``, in ``folder`` or elsewhere.

    Raises:
        PolicyRefused: POL-033 it has no layer.yaml, POL-060 that does not say so, POL-032 there is no such layer.
    """

    def __init__(self, folder: PolicyFolder, draft: Path) -> None:
        super().__init__(folder.root)
        self._plain, self._draft = folder, draft.resolve()
        self.base = _base_of(self._draft, folder)

    @cached_property
    def _drafted(self) -> dict[str, Path]:
        """Name in the folder → file of the draft."""
        paths = (path for path in sorted(self._draft.rglob("*")) if path.is_file() and path.name != _FILE)
        return {f"{self.base}/{path.relative_to(self._draft).as_posix()}": path for path in paths}

    @cached_property
    def names(self) -> tuple[str, ...]:
        named = {name for name in self._plain.names if name.partition("/")[0] not in self._plain.drafts}
        return tuple(sorted(named | {name for name in self._drafted if name.endswith(".yaml")}))

    @cached_property
    def layers(self) -> tuple[str, ...]:
        return tuple(layer for layer in self._plain.layers if layer not in self._plain.drafts)

    def files(self) -> Iterator[tuple[str, Path]]:
        return iter(sorted((dict(self._plain.files()) | self._drafted).items()))

    def path(self, name: str) -> Path:
        return self._drafted.get(name) or self._plain.path(name)

    def shown(self, name: str) -> str:
        """A file of the draft by the draft's own folder: that is where the person finds it."""
        drafted = self._drafted.get(name)
        if drafted is None:
            return super().shown(name)
        return drafted.relative_to(self._draft.parents[1]).as_posix()

    def check(self, name: str) -> FileRead:
        return super().check(name) if name in self._drafted else self._plain.check(name)


def _base_of(draft: Path, folder: PolicyFolder) -> str:
    name = f"{draft.name}/{_FILE}"
    beside = PolicyFolder(draft.parent)
    declared = as_mapping(beside.require(name))
    base = declared.text("parent")
    if not declared.flag("draft", default=False) or not base:
        raise PolicyRefused((refuse("POL-060", declared.place),))
    if base not in folder.layers or base in folder.drafts:
        raise PolicyRefused((refuse("POL-032", declared.place, found=base, way=f"{draft.name} → {base}"),))
    return base
