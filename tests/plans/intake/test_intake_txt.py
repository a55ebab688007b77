"""The text door: characters as written, whatever the encoding; nothing binary."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import PLAN

from shuangkong.plans.document import Document, DocumentRefused, Medium
from shuangkong.plans.intake import open_document

TEXT = "\n\n　　".join(PLAN) + "\n表\t甲\t10²\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.replace("²", "2").encode("gbk"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "gbk", "utf-16", "utf-16-be", "utf-16-no-mark", "crlf"],
)
def test_every_encoding_gives_the_same_characters(data: bytes) -> None:
    document = open_document("方案.txt", data)
    assert document.medium is Medium.TXT
    assert document.text.replace("10²", "102") == TEXT.replace("10²", "102")
    assert document.grids == ()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "PLN-902"),
        (b" \n\t\n", "PLN-902"),
        (codecs.BOM_UTF16_LE, "PLN-902"),
        (b"plan\x00plan", "PLN-903"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "PLN-903"),
        (b"text\x01text", "PLN-903"),
        (("方案" * 20).encode()[:-1], "PLN-904"),
        (("方案" * 20).encode() + b"\xff" + "方案".encode(), "PLN-904"),
        (codecs.BOM_UTF16_LE + b"a", "PLN-904"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "PLN-905"),
        (b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "PLN-906"),
        (b"{\\rtf1 plan}", "PLN-903"),
        (b"\xff\xd8\xff\xe0JFIF", "PLN-903"),
        (("长" * 2_000_001).encode(), "PLN-908"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        open_document("方案.txt", data)
    assert refusal.value.code == code
    assert "方案.txt" in refusal.value.zh
    assert "方案.txt" in refusal.value.en


def test_an_old_word_file_is_told_how_to_become_docx() -> None:
    with pytest.raises(DocumentRefused) as refusal:
        open_document("方案.wps", b"\xd0\xcf\x11\xe0" + bytes(512))
    assert "另存为" in refusal.value.zh
    assert ".docx" in refusal.value.en


def test_content_decides_before_the_name() -> None:
    assert open_document("方案.txt", b"<!DOCTYPE html><p>A</p>").medium is Medium.HTML
    assert open_document("方案.doc", "一、目标".encode()).medium is Medium.TXT
    assert open_document("方案.html", "一、目标".encode()).medium is Medium.HTML


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=9).filter(str.strip))
def test_utf8_text_comes_through_untouched(text: str) -> None:
    text = "方案正文一二三四五六\n" + text
    assert open_document("x.txt", text.encode()).text == text


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.docx", "a.pdf"]))
def test_any_bytes_give_a_document_or_a_refusal(data: bytes, name: str) -> None:
    try:
        outcome: object = open_document(name, data)
    except DocumentRefused as refusal:
        outcome = refusal.code[:5]
    assert isinstance(outcome, Document) or outcome == "PLN-9"
