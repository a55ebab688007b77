"""The PDF door: visual lines become paragraphs again, ruled lines become grids, page furniture goes."""

from __future__ import annotations

import pytest
from made_files import PLAN, At, grid_lines, pdf

from shuangkong.plans.document import DocumentRefused, Medium
from shuangkong.plans.intake import open_document
from shuangkong.plans.intake.pdf import fonts

pytestmark = pytest.mark.skipif(
    not fonts.has_chinese_font(), reason="no Chinese font on this machine: PDFs that do not carry theirs were not read"
)
Ink = At | tuple[float, float, float, float]
LEFT, SIZE, COLUMNS = 80.0, 16.0, 27


def typeset(paragraphs: tuple[str, ...], *, first_page: int = 20, indent: int = 2, foot: str = "") -> bytes:
    """Paragraphs set greedily in lines of 27 characters; ``first_page`` lines on each page, a running foot if given."""
    rows = []
    for paragraph in paragraphs:
        text = "\u3000" * indent + paragraph
        while text:
            cut = COLUMNS
            while cut < len(text) and (text[cut] in "，。、；）" or text[cut - 1 : cut + 1].isascii()):
                cut -= 1
            rows.append(text[:cut])
            text = text[cut:]
    pages = [rows[at : at + first_page] for at in range(0, len(rows), first_page)]
    return pdf(
        [
            [At(LEFT, 740 - 28 * at, row, SIZE) for at, row in enumerate(page)]
            + ([At(280, 60, foot.format(number), 14), At(LEFT, 800, "云溪县人民政府公报", 10)] if foot else [])
            for number, page in enumerate(pages, 1)
        ]
    )


def squeezed(text: str) -> list[str]:
    return ["".join(line.split()) for line in text.split("\n")]


@pytest.mark.parametrize("indent", [0, 2])
@pytest.mark.parametrize("first_page", [2, 3, 5, 30])
def test_lines_and_pages_become_paragraphs(first_page: int, indent: int) -> None:
    document = open_document("plan.pdf", typeset(PLAN, first_page=first_page, indent=indent))
    assert document.medium is Medium.PDF
    assert squeezed(document.text) == ["".join(line.split()) for line in PLAN]


def test_an_indented_paragraph_begins_even_after_a_full_line() -> None:
    full = "节" * (COLUMNS - 2 + COLUMNS)
    other = "排" * 60
    assert squeezed(open_document("a.pdf", typeset((full, other, full, other))).text) == [full, other, full, other]


@pytest.mark.parametrize("foot", ["— {} —", "{}", "-{}-", "第 {} 页"])
def test_running_heads_and_page_numbers_are_dropped(foot: str) -> None:
    document = open_document("plan.pdf", typeset(PLAN * 2, first_page=3, foot=foot))
    assert squeezed(document.text) == ["".join(line.split()) for line in PLAN * 2]


def test_annexes_that_begin_pages_are_not_running_heads() -> None:
    pages = [[At(LEFT, 780, f"附件{number}"), At(LEFT, 700, "甲" * number)] for number in range(1, 6)]
    text = open_document("a.pdf", pdf(pages)).text
    assert text.split("\n")[::2] == ["附件1", "附件2", "附件3", "附件4", "附件5"]


NUMBERS = ("120", "77", "5")


def test_a_number_at_the_end_of_a_page_that_is_no_page_number_stays() -> None:
    pages = [
        [At(LEFT, 700, f"表{name}各镇减排量"), At(LEFT, 600, number)]
        for name, number in zip("一二三", NUMBERS, strict=True)
    ]
    assert open_document("a.pdf", pdf(pages)).text.split("\n")[1::2] == list(NUMBERS)


def test_columns_without_rules_become_tabs_and_a_lone_gap_does_not() -> None:
    rows = (("乡镇", "强度", "增量"), ("城关镇", "15", "620"), ("东坪乡", "16.5", "7"))
    texts = [
        At(x, 700 - 28 * at, cell) for at, row in enumerate(rows) for x, cell in zip((80, 200, 300), row, strict=True)
    ]
    lone = [At(80, 760, "附"), At(112, 760, "件")]
    text = open_document("a.pdf", pdf([[*lone, At(80, 730, "一、目标"), *texts]])).text
    assert text.split("\n") == ["附  件", "一、目标", *("\t".join(row) for row in rows)]


def head(y: float) -> list[Ink]:
    """A two-tier head: 序号 and 备注 over two rows, 强度 over two columns; the rest of the table follows below."""
    lines = [(60, y, 460, y), (160, y - 30, 360, y - 30), (60, y - 60, 460, y - 60), (60, y - 90, 460, y - 90)]
    lines += [(x, y, x, y - 90) for x in (60, 160, 360, 460)] + [(260, y - 30, 260, y - 90)]
    cells = [
        (70, -36, "序号"),
        (210, -20, "强度"),
        (170, -50, "2020年"),
        (270, -50, "2025年"),
        (370, -28, "备"),
        (370, -48, "注"),
    ]
    cells += [(70, -80, "甲"), (170, -80, "0.6"), (270, -80, "0.5"), (370, -80, "无")]
    return [*lines, *(At(x, y + down, text, 12) for x, down, text in cells)]


def test_ruled_lines_become_a_grid_in_its_place() -> None:
    document = open_document("a.pdf", pdf([[At(80, 760, "附件一"), *head(700), At(80, 500, "注：等价值")]]))
    assert document.text.split("\n") == [
        "附件一",
        "序号\t强度\t备注",
        "2020年\t2025年",
        "甲\t0.6\t0.5\t无",
        "注：等价值",
    ]
    (grid,) = document.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["序号", "强度", "强度", "备注"],
        ["序号", "2020年", "2025年", "备注"],
        ["甲", "0.6", "0.5", "无"],
    ]
    assert all(cell.span.of(document.text) == cell.text for row in grid.rows for cell in row)


def table_page(rows: list[tuple[str, str]], top: float, more: list[Ink]) -> list[Ink]:
    ys = [top - 30 * at for at in range(len(rows) + 1)]
    cells = [
        At(x, ys[at] - 20, text, 12) for at, row in enumerate(rows) for x, text in zip((90, 310), row, strict=True)
    ]
    return [*grid_lines((80, 300, 500), ys), *cells, *more]


def test_a_table_goes_on_over_the_page_without_its_repeated_head() -> None:
    first = table_page([("企业", "吨"), ("甲厂", "1"), ("乙厂", "2")], 200, [At(80, 700, "附件二")])
    second = table_page([("企业", "吨"), ("丙厂", "3")], 780, [At(80, 400, "（完）")])
    document = open_document("a.pdf", pdf([first, second]))
    assert document.text.split("\n") == ["附件二", "企业\t吨", "甲厂\t1", "乙厂\t2", "丙厂\t3", "（完）"]
    assert len(document.grids) == 1


def test_a_row_that_the_page_cuts_in_two_is_one_row() -> None:
    full = "云溪县城关镇污水处理厂二期扩建工"
    first = table_page([("项目", "吨"), (full, "12.5")], 200, [At(80, 700, "附件三")])
    second = table_page([("程", ""), ("东坪乡项目", "3")], 780, [])
    document = open_document("a.pdf", pdf([first, second]))
    assert document.text.split("\n")[1:] == ["项目\t吨", f"{full}程\t12.5", "东坪乡项目\t3"]
    (grid,) = document.grids
    assert len(grid.rows) == 3


def test_a_blank_strip_at_the_cut_is_no_row() -> None:
    first = table_page([("项目", "吨"), ("甲", "1")], 200, [(80.0, 130.0, 500.0, 130.0), (80.0, 140.0, 80.0, 130.0)])
    first += [(500.0, 140.0, 500.0, 130.0)]
    document = open_document("a.pdf", pdf([first, table_page([("乙", "2")], 780, [])]))
    assert document.text.split("\n") == ["项目\t吨", "甲\t1", "乙\t2"]


def test_a_foot_that_counts_pages_among_other_words_is_dropped() -> None:
    pages = [[At(LEFT, 700, "节" * number), At(LEFT, 30, f"云溪县2021年公报{number}/4")] for number in range(1, 5)]
    assert open_document("a.pdf", pdf(pages)).text.split("\n") == ["节" * number for number in range(1, 5)]


@pytest.mark.parametrize("extra", ["/Rotate 90", "/Rotate 180", "/Rotate 270", ""])
def test_a_turned_page_reads_the_same(extra: str) -> None:
    document = open_document("a.pdf", pdf([[At(80, 760, "附件一"), *head(700)]], extra=extra))
    assert document.text.split("\n")[:2] == ["附件一", "序号\t强度\t备注"]


def test_text_set_sideways_reads_the_same_with_its_table() -> None:
    def turned(item: Ink) -> Ink:
        if isinstance(item, At):
            return At(590 - item.y * 0.7, item.x, item.text, item.size * 0.7, turn=90)
        x0, y0, x1, y1 = item
        return (590 - y0 * 0.7, x0, 590 - y1 * 0.7, x1)

    document = open_document("a.pdf", pdf([[turned(item) for item in [At(80, 760, "附件一"), *head(700)]]]))
    assert document.text.split("\n") == ["附件一", "序号\t强度\t备注", "2020年\t2025年", "甲\t0.6\t0.5\t无"]


def test_radicals_and_bold_shadows_are_the_characters_printed() -> None:
    texts = [At(80 + shift, 700 - 30 * at, f"⼀、⽬标{at}") for shift in (0, 0.5) for at in range(9)]
    assert open_document("a.pdf", pdf([texts])).text.split("\n") == [f"一、目标{at}" for at in range(9)]


def test_a_scan_is_told_to_go_through_ocr() -> None:
    with pytest.raises(DocumentRefused) as refusal:
        open_document(
            "scan.pdf",
            pdf([[], [At(280, 60, "— 2 —")], [At(80, 700, "附件一二三四五六七八九十一二三四五")]], image=True),
        )
    assert refusal.value.code == "PLN-911"
    assert "OCR" in refusal.value.zh
    assert "1, 2" in refusal.value.en


def test_a_page_that_cannot_be_read_is_said() -> None:
    texts = ("一二三四五六七八九十甲乙丙丁戊己", "子丑寅卯辰巳午未申酉戌亥春夏秋冬", "东南西北上下左右前后里外高低远近")
    pages: list[list[Ink]] = [[At(80, 700, text)] for text in texts]
    document = open_document("a.pdf", pdf([*pages, []], image=True))
    assert [("第 4 页" in note.zh, "Pages 4" in note.en) for note in document.notes] == [(True, True)]


def test_blank_pages_many_pages_and_broken_files_are_refused() -> None:
    whole = pdf([[At(80, 700, text)] for text in PLAN])
    assert open_document("a.pdf", whole).text
    for data, code in ((pdf([[]]), "PLN-902"), (pdf([[]] * 501), "PLN-908"), (b"%PDF-1.7\n", "PLN-907")):
        with pytest.raises(DocumentRefused) as refusal:
            open_document("a.pdf", data)
        assert refusal.value.code == code


def test_a_file_cut_off_anywhere_is_refused_or_read() -> None:
    whole = pdf([[At(80, 700, text)] for text in PLAN * 5])
    outcomes = []
    for twentieth in range(1, 20):
        try:
            open_document("a.pdf", whole[: len(whole) * twentieth // 20])
        except DocumentRefused as refusal:
            outcomes.append(refusal.code)
    assert outcomes
    assert set(outcomes) <= {"PLN-902", "PLN-907"}


def test_text_that_no_font_can_show_is_not_lost_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Chinese font on the machine pdfium drops shapeless text; a blank of its own stands for it here."""
    shapeless = pdf([[At(80, 700, "一、目标")], [At(80, 650, "二、任务"), At(80, 600, "\u3000")]])
    assert open_document("a.pdf", shapeless).text.split("\n") == ["一、目标", "二、任务"]
    monkeypatch.setattr(fonts, "has_chinese_font", lambda: False)
    with pytest.raises(DocumentRefused) as refusal:
        open_document("a.pdf", shapeless)
    assert refusal.value.code == "PLN-916"
    assert "第2页" in refusal.value.zh
