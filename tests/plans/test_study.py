"""A text that is no plan gets a clear answer instead of an empty draft."""

from __future__ import annotations

import pytest

from shuangkong.plans.document import Document, DocumentRefused, Medium
from shuangkong.plans.study import read
from shuangkong.rulebook import open_rulebook


def document(text: str) -> Document:
    return Document("通讯录.txt", Medium.TXT, text)


def test_a_text_without_any_number_is_refused() -> None:
    with pytest.raises(DocumentRefused) as refusal:
        read(document("张三 李四 王五\n值班安排见附件，请相互转告。"), open_rulebook().lexicon())
    assert refusal.value.code == "PLN-915"
    assert "通讯录.txt" in refusal.value.zh
    assert "张三" in refusal.value.zh
    assert "expected numbered chapters" in refusal.value.en


def test_the_smallest_plan_is_read() -> None:
    assert [
        item.no for item in read(document("一、目标\n到2025年，能耗强度下降14%。"), open_rulebook().lexicon()).items
    ] == ["一"]
