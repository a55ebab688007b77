"""网页: a static page of a government site → its lines and tables in document order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from shuangkong.plans.document import Document, Medium
from shuangkong.plans.intake.composition import Cell, Composition
from shuangkong.plans.intake.lettering import characters
from shuangkong.plans.intake.limits import MARKUP_DEPTH, TABLE_CELLS
from shuangkong.plans.intake.markup import raise_if_out_of_memory, require_few_tags, require_shallow, tags
from shuangkong.plans.intake.refusals import refused

_META_BYTES = 4096
_META = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
#: Names under which pages declare GBK; all are read as its superset.
_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936"})

#: Never printed as text.
_SILENT = tags(
    "script style noscript template head title meta link select option datalist button input textarea iframe object "
    "embed svg math canvas audio video img map"
)
#: Left out unless they hold the body of the page (a page hidden until its script runs).
_AROUND = frozenset({"nav"})
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: A hidden part with at least this share of the page's text is the page.
_BODY_SHARE = 0.3
_BLOCKS = tags(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table "
    "tbody td tfoot th thead tr ul"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
#: A line end in the source between two wide characters is no space (CSS Text 3, 4.1.2, segment break transformation).
_WIDE_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])"
)
#: A cell with this many paragraphs of text lays out a page; a cell of a table holds a value or a remark.
_LAYOUT_PARAGRAPHS = 6


def open_html(name: str, data: bytes) -> Document:
    """A page as its encoding mark, its meta tag or its bytes say.

    Raises:
        DocumentRefused: PLN-902 no text, PLN-904 damaged text, PLN-907 not parseable, PLN-908 beyond the limits.
    """
    require_few_tags(name, "html", data)
    declared = _META.search(data[:_META_BYTES])
    encoding = declared[1].decode("ascii", "replace").lower() if declared else None
    text = characters(name, data, "gb18030" if encoding in _GB_NAMES else encoding)
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(_XML_DECLARATION.sub("", text), parser=parser)
    except etree.ParserError as error:
        raise_if_out_of_memory(error)
        raise refused("PLN-902", name) from error
    except etree.LxmlError as error:
        raise_if_out_of_memory(error)
        raise refused("PLN-907", name, where="html", expected=".html") from error
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise refused("PLN-908", name, where="html", expected=f"{MARKUP_DEPTH} levels", found="more")
    require_shallow(name, "html", root)
    page = _Page(name, root)
    page.blocks(root)
    page.end_line()
    return page.composition.document(Medium.HTML)


class _Page:
    """Walks the tree once; ``_line`` gathers the running line until a block or a ``<br>`` ends it."""

    def __init__(self, name: str, root: etree._Element) -> None:
        self._name = name
        self.composition = Composition(name)
        self._line: list[str] = []
        self._hidden = _hidden(root)

    def blocks(self, element: etree._Element, *, verbatim: bool = False) -> None:
        """Adds the text of ``element`` and everything in it, not its tail."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT or element in self._hidden:
            return
        if tag == "br":
            self.end_line(even_empty=True)
            return
        if tag == "table" and not _is_layout(element):
            self.end_line()
            self.composition.table(self._cells(element))
            return
        if tag in _BLOCKS:
            self.end_line()
        if tag == "li":
            self._line.append(_marker(element))
        verbatim = verbatim or tag in {"pre", "xmp", "listing"}
        self._write(element.text, verbatim)
        for child in element:
            self.blocks(child, verbatim=verbatim)
            self._write(child.tail, verbatim)
        if tag in _BLOCKS:
            self.end_line()

    def end_line(self, *, even_empty: bool = False) -> None:
        line = _collapsed("".join(self._line))
        self._line.clear()
        if line or even_empty:
            self.composition.line(line)

    def _write(self, text: str | None, verbatim: bool) -> None:
        if not text:
            return
        if not verbatim:
            self._line.append(text)
            return
        first, *others = text.split("\n")
        self._line.append(first.replace(" ", "\x00").replace("\t", "\x01"))
        for other in others:
            self.end_line(even_empty=True)
            self._line.append(other.replace(" ", "\x00").replace("\t", "\x01"))

    def _cells(self, table: etree._Element) -> list[Cell]:
        rows = list(_rows(table))
        taken: set[tuple[int, int]] = set()
        cells: list[Cell] = []
        for number, row in enumerate(rows):
            column = 0
            for element in row.iterchildren("td", "th"):
                while (number, column) in taken:
                    column += 1
                width = _extent(element, "colspan")
                height = min(_extent(element, "rowspan") or len(rows), len(rows) - number)
                if len(taken) + width * height > TABLE_CELLS:
                    raise refused("PLN-908", self._name, where="table", expected=f"{TABLE_CELLS} cells", found="more")
                taken |= {(r, c) for r in range(number, number + height) for c in range(column, column + max(1, width))}
                cells.append(Cell(number, column, self._cell_text(element), height, max(1, width)))
                column += max(1, width)
        return cells

    def _cell_text(self, element: etree._Element) -> str:
        inner = _Page.__new__(_Page)
        inner._name, inner._hidden = self._name, self._hidden
        inner.composition, inner._line = Composition(self._name), []
        inner.blocks(element)
        return inner.composition.text()


def _hidden(root: etree._Element) -> set[etree._Element]:
    """Elements that are not shown and are not the body of the page either."""
    letters = 0
    before: dict[etree._Element, int] = {}
    inside: dict[etree._Element, int] = {}
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if _is_around(element):
                before[element] = letters
            letters += _length(element.text) * (element.tag not in _SILENT)
        else:
            if element in before:
                inside[element] = letters - before[element]
            letters += _length(element.tail)
    return {element for element, count in inside.items() if count < _BODY_SHARE * letters or not count}


def _is_around(element: etree._Element) -> bool:
    style = element.get("style")
    return (
        element.tag in _AROUND
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (style is not None and _HIDING_STYLE.search(style) is not None)
    )


def _length(text: str | None) -> int:
    """Letters, white space apart."""
    return len("".join(text.split())) if text else 0


def _collapsed(line: str) -> str:
    line = _SPACES.sub(" ", _WIDE_BREAK.sub("", line)).strip(" ")
    return line.replace("\x00", " ").replace("\x01", "\t")


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren("caption", "thead", "tbody", "tfoot", "tr"):
        if child.tag == "tr":
            yield child
        elif child.tag != "caption":
            yield from child.iterchildren("tr")


def _extent(cell: etree._Element, attribute: str) -> int:
    """colspan or rowspan; 0 (a rowspan to the end of the table) stays 0, nonsense is 1."""
    digits = re.match(r"\s*(\d{1,6})", cell.get(attribute, "1"))
    return int(digits[1]) if digits else 1


def _is_layout(table: etree._Element) -> bool:
    """A table that places parts of the page instead of holding figures."""
    if table.find(".//table") is not None:
        return True
    cells = [cell for row in _rows(table) for cell in row.iterchildren("td", "th")]
    if len(cells) <= 1:
        return True
    return any(sum(1 for p in cell.iter("p", "br", "h1", "h2", "h3")) >= _LAYOUT_PARAGRAPHS for cell in cells)


def _marker(item: etree._Element) -> str:
    """The number that a browser prints before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or "none" in parent.get("style", ""):
        return ""
    start = parent.get("start", "1")
    before = sum(1 for _ in item.itersiblings("li", preceding=True))
    return f"{int(start) + before if start.isdecimal() and len(start) < 7 else before + 1}. "
