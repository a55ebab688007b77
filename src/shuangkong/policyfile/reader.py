"""Text of a policy file → nodes, or findings. Works on the parser's events, where anchors, tags and styles are seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shuangkong.core.finding import Finding
from shuangkong.policyfile.node import Leaf, Listing, Mapping, Node, Place
from shuangkong.policyfile.refusal import refuse
from shuangkong.policyfile.scalar import ScalarRefused, parse_plain

#: libyaml where the wheel carries it: 9 times as quick as the parser in Python, the same events.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class FileRead:
    """What became of one file: ``node`` is None where nothing could be read; both may be present."""

    node: Node | None
    findings: tuple[Finding, ...]


def read_file(path: Path, shown_as: str) -> FileRead:
    """Reads a file; ``shown_as`` names it in findings. OSError passes: it says nothing about policy."""
    data = path.read_bytes()
    try:
        return read_text(data.decode("utf-8"), shown_as)
    except UnicodeDecodeError as error:
        place = Place(shown_as, data[: error.start].count(b"\n") + 1)
        return FileRead(None, (refuse("POL-019", place, problem=error.reason),))


def read_text(text: str, file: str) -> FileRead:
    """Reads one document. Any text at all gives a node, findings or both; nothing is raised."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        place = Place(file, text.count("\n", 0, error.start) + 1)
        return FileRead(None, (refuse("POL-019", place, problem=error.reason),))
    builder = _Builder(file, yaml.parse(text, Loader=LOADER))
    node = None
    try:
        node = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        builder.refuse("POL-001", Place(file, line), problem=error.problem or error.context or "?")
    except yaml.YAMLError as error:
        builder.refuse("POL-001", Place(file, 1), problem=str(error).splitlines()[0])
    except _TooDeep as stop:
        builder.refuse("POL-015", stop.place, limit=DEEPEST)
    return FileRead(node, tuple(builder.findings))


class _TooDeep(Exception):
    """Reading stops: the rest of the file would be guesswork."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class _Builder:
    """Turns events into nodes, gathering findings. A refused value leaves a gap (None) and reading goes on."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.findings: list[Finding] = []

    def refuse(self, code: str, place: Place, **filled: object) -> None:
        self.findings.append(refuse(code, place, **filled))

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1)

    def document(self) -> Node | None:
        """The first document of the stream; a second one is a finding."""
        node: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("POL-016", self.place(event))
                    break
                node = self.node(next(self.events), depth=1)
        if documents == 0:
            self.refuse("POL-014", Place(self.file, 1))
        return node

    def node(self, event: yaml.Event, depth: int) -> Node | None:
        if depth > DEEPEST:
            raise _TooDeep(self.place(event))
        self.check_ornaments(event)
        match event:
            case yaml.ScalarEvent():
                return self.leaf(event)
            case yaml.SequenceStartEvent():
                return self.listing(event, depth)
            case yaml.MappingStartEvent():
                return self.mapping(event, depth)
            case _:
                return None  # an alias: already refused

    def check_ornaments(self, event: Any) -> None:
        """Refuses anchors, aliases and tags: a file must be readable line by line."""
        if event.anchor is not None:
            self.refuse("POL-011", self.place(event), found=event.anchor)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse("POL-012", self.place(event), found=tag)

    def leaf(self, event: Any) -> Leaf | None:
        place = self.place(event)
        if event.style not in (None, ""):
            return Leaf(place, event.value)
        try:
            return Leaf(place, parse_plain(event.value))
        except ScalarRefused as trap:
            self.refuse(trap.code, place, found=trap.found)
            return None

    def listing(self, event: Any, depth: int) -> Listing:
        items: list[Node] = []
        place = self.place(event)
        filled = False
        while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
            filled = True
            item = self.node(inner, depth + 1)
            if item is not None:
                items.append(item)
        if filled and event.flow_style:
            self.refuse("POL-010", place)
        return Listing(place, tuple(items))

    def mapping(self, event: Any, depth: int) -> Mapping:
        place = self.place(event)
        entries: dict[str, Node] = {}
        key_places: dict[str, Place] = {}
        while not isinstance(inner := next(self.events), yaml.MappingEndEvent):
            key = self.key(inner, depth)
            value = self.node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in key_places:
                self.refuse("POL-002", self.place(inner), key=key, first=key_places[key].line)
                continue
            key_places[key] = self.place(inner)
            if value is not None:
                entries[key] = value
        if key_places and event.flow_style:
            self.refuse("POL-010", place)
        return Mapping(place, entries, key_places)

    def key(self, event: yaml.Event, depth: int) -> str | None:
        """The key as a word; what is no plain word is refused and its value skipped."""
        node = self.node(event, depth + 1)
        match node:
            case None:
                return None
            case Leaf(value=str() as word):
                return word
            case Leaf(value=value):
                self.refuse("POL-017", node.place, found=f"“{value}”", found_en=f"“{value}”")
            case _:
                self.refuse("POL-017", node.place, found="一组内容", found_en="a collection")
        return None
