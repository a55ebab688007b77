"""The zip around a .docx, opened with suspicion: sizes are checked before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from posixpath import dirname, join, normpath

from lxml import etree

from shuangkong.plans.intake.limits import ARCHIVE_DIRECTORY_BYTES, ARCHIVE_MEMBERS, XML_BYTES
from shuangkong.plans.intake.markup import raise_if_out_of_memory, require_few_tags, require_shallow
from shuangkong.plans.intake.refusals import bytes_as_words, refused

_END_RECORD = b"PK\x05\x06"
#: PKWARE APPNOTE 4.3.16: signature, disks (2 × 2), entries here, entries in all, directory bytes, directory offset.
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED_FLAG = 0x1
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
#: No part of a .docx has a document type; with one come entities that grow (billion laughs) or reach out.
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
#: A member that tells what a zip is, if not a .docx.
_OTHER_PACKAGES: tuple[tuple[str, str, str], ...] = (
    ("xl/workbook.xml", "Excel 工作簿", "an Excel workbook"),
    ("ppt/presentation.xml", "演示文稿", "a presentation"),
    ("OFD.xml", "OFD 版式文件（请另存为 PDF 或 .docx）", "an OFD file (save it as PDF or .docx)"),
    ("content.xml", "OpenDocument 文件", "an OpenDocument file"),
)


class Package:
    """Parts of one .docx.

    Raises:
        DocumentRefused: while opening or reading; see ``open_docx``.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._require_small_directory(data)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
            raise self._broken("zip") from error
        self._members = {member.filename.lstrip("/"): member for member in self._zip.infolist()}
        self._main = self._main_path()
        self._paths = self._related(self._main)

    def main_part(self) -> etree._Element:
        return self._parsed(self._main)

    def part(self, kind: str) -> etree._Element | None:
        """The part related to the main one as ``kind`` (numbering, styles, footnotes …), if there is one."""
        path = self._paths.get(kind)
        return self._parsed(path) if path in self._members and path is not None else None

    def _require_small_directory(self, data: bytes) -> None:
        at = data.rfind(_END_RECORD)
        if at < 0 or at + _END.size > len(data):
            raise refused("PLN-907", self._name, where="zip", expected=".docx")
        entries, size = _END.unpack_from(data, at)[4:6]
        if entries > ARCHIVE_MEMBERS or size > ARCHIVE_DIRECTORY_BYTES:
            raise refused(
                "PLN-908", self._name, where="zip", expected=f"{ARCHIVE_MEMBERS} members", found=f"{entries} members"
            )

    def _main_path(self) -> str:
        targets = self._relations("_rels/.rels", "")
        path = targets.get("officeDocument", "word/document.xml")
        if path.startswith("word/") and path in self._members:
            return path
        for member, zh, en in _OTHER_PACKAGES:
            if member in self._members:
                raise refused("PLN-903", self._name, found=zh, found_en=en)
        raise refused("PLN-910", self._name, where=path, found="没有该部分的压缩包", found_en="an archive without it")

    def _related(self, path: str) -> dict[str, str]:
        folder, _, file = path.rpartition("/")
        return self._relations(f"{folder}/_rels/{file}.rels", dirname(path))

    def _relations(self, path: str, base: str) -> dict[str, str]:
        if path not in self._members:
            return {}
        found: dict[str, str] = {}
        for relation in self._parsed(path).iter(_RELATIONSHIPS):
            target = relation.get("Target", "")
            kind = relation.get("Type", "").rpartition("/")[2]
            if relation.get("TargetMode") != "External":
                found.setdefault(kind, target.lstrip("/") if target.startswith("/") else normpath(join(base, target)))
        return found

    def _parsed(self, path: str) -> etree._Element:
        markup = self._unpacked(path)
        require_few_tags(self._name, path, markup)
        if any(mark in markup for mark in _DOCTYPES):
            raise refused("PLN-909", self._name, where=path, found="DOCTYPE")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(markup, parser)
        except etree.XMLSyntaxError as error:
            raise_if_out_of_memory(error)
            if "xcessive depth" in str(error):
                raise refused("PLN-908", self._name, where=path, expected="256 levels", found="more levels") from error
            raise self._broken(path) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise refused("PLN-909", self._name, where=path, found="DOCTYPE")
        require_shallow(self._name, path, root)
        return root

    def _unpacked(self, path: str) -> bytes:
        member = self._members[path]
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise refused("PLN-906", self._name)
        try:
            with self._zip.open(member) as stream:
                markup = stream.read(XML_BYTES + 1) if member.file_size <= XML_BYTES else None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise self._broken(path) from error
        if markup is None or len(markup) > XML_BYTES:
            raise refused(
                "PLN-908",
                self._name,
                where=path,
                expected=bytes_as_words(XML_BYTES),
                found=bytes_as_words(max(member.file_size, XML_BYTES + 1)),
            )
        return markup

    def _broken(self, where: str) -> Exception:
        return refused("PLN-907", self._name, where=where, expected=".docx")
