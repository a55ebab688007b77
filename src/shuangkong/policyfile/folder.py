"""A policy folder: its files, each read once, each held against its shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from shuangkong.core.finding import Finding
from shuangkong.policyfile.kinds import shape_of
from shuangkong.policyfile.node import Leaf, Mapping, Node, Place
from shuangkong.policyfile.reader import FileRead, read_file
from shuangkong.policyfile.refusal import refuse


class PolicyRefused(Exception):
    """Policy that cannot be used as it stands. ``findings`` says all that is wrong with it, never empty."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(f"{finding.place} {finding.code} {finding.message.zh}" for finding in findings))
        self.findings = findings


class PolicyFolder:
    """The files below ``root``, named by their path from it with ``/`` (``national/units.yaml``)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, FileRead] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all YAML files, sorted."""
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*.yaml")))

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers: the folders that declare themselves with a layer.yaml, sorted."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/layer.yaml")))

    @cached_property
    def drafts(self) -> frozenset[str]:
        """Those of the layers that are in force nowhere: they say ``draft: true``."""
        nodes = ((layer, self.check(f"{layer}/layer.yaml").node) for layer in self.layers)
        return frozenset(layer for layer, node in nodes if isinstance(node, Mapping) and _is_draft(node))

    def files(self) -> Iterator[tuple[str, Path]]:
        """(name, path) of every file that is not a draft's, YAML and others, by name."""
        for path in sorted(self.root.rglob("*"), key=lambda path: path.as_posix()):
            name = path.relative_to(self.root).as_posix()
            if path.is_file() and name.partition("/")[0] not in self.drafts:
                yield name, path

    def names_in(self, layer: str, word: str) -> tuple[str, ...]:
        """Names of the files of one layer's folder ``word``, without cases, sorted; none where there is no folder."""
        return self._rules.get(f"{layer}/{word}", ())

    @cached_property
    def _rules(self) -> dict[str, tuple[str, ...]]:
        """Folder below the root → names of the files in it, without cases, sorted."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            if not name.endswith(".cases.yaml"):
                found.setdefault(name.rpartition("/")[0], []).append(name)
        return {folder: tuple(names) for folder, names in found.items()}

    def path(self, name: str) -> Path:
        """Where a file lies, or would lie."""
        return self.root / name

    def has(self, name: str) -> bool:
        return self.path(name).is_file()

    def shown(self, name: str) -> str:
        """How findings name a file: from the folder above, so that it can be clicked (``policy/units.yaml``)."""
        return f"{self.root.name}/{name}"

    def check(self, name: str) -> FileRead:
        """The file read and held against its shape; read once."""
        if name not in self._read:
            self._read[name] = self._check(name)
        return self._read[name]

    def _check(self, name: str) -> FileRead:
        read = read_file(self.path(name), self.shown(name))
        shape = shape_of(name)
        if shape is None:
            return FileRead(read.node, (*read.findings, refuse("POL-020", Place(self.shown(name), 1))))
        if read.node is None:
            return read
        return FileRead(read.node, (*read.findings, *shape.check(read.node)))

    def require(self, name: str) -> Node:
        """The file's node.

        Raises:
            PolicyRefused: the file is not there, does not read, or does not have its shape.
        """
        if not self.has(name):
            raise PolicyRefused((refuse("POL-033", Place(self.shown(name), 1)),))
        read = self.check(name)
        if read.findings or read.node is None:
            raise PolicyRefused(read.findings)
        return read.node


def _is_draft(declared: Mapping) -> bool:
    """Also of a layer.yaml with other faults: whatever is wrong with it, its rules are not in force."""
    mark = declared.entries.get("draft")
    return isinstance(mark, Leaf) and mark.value is True
