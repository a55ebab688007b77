"""读后页: one self-contained page of HTML, the document beside the structure read from it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Item, Reading, Role, Row, Target, confidence

_STYLE = """
body{margin:0;font:15px/1.7 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;color:#1f2328;background:#fff}
main{display:grid;grid-template-columns:1fr 1fr;gap:0}
main>*{padding:1.2rem 1.6rem;max-height:100vh;overflow:auto;box-sizing:border-box}
#text{white-space:pre-wrap;border-right:1px solid #d8dee4}
mark{background:#dbe9ff;color:inherit}
mark.doubt{background:#ffe9b8}
mark:target{outline:2px solid #1f5fbf}
h1{font-size:1.3rem}
h2{font-size:1.05rem;margin:1.2rem 0 .3rem}
table{border-collapse:collapse;width:100%;font-size:.92em}
td,th{border:1px solid #d8dee4;padding:.2rem .5rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
a{color:#1f5fbf}
.bodies{color:#57606a}
@media(max-width:800px),print{main{display:block}main>*{max-height:none;border:0}}
"""
_WORDS = {
    "zh": ("指标", "关系", "数值", "基年", "期限", "存疑", "牵头", "参加", "分工负责", "条", "附表"),
    "en": (
        "Indicator",
        "Relation",
        "Value",
        "Base",
        "Deadline",
        "In doubt",
        "Lead",
        "Takes part",
        "Shared",
        "Item",
        "Annex table",
    ),
}


def reading_page(document: Document, reading: Reading, *, english: bool = False) -> str:
    """The page as text; ``document.text`` appears whole, each target's quotation marked and linked both ways."""
    words = _WORDS["en" if english else "zh"]
    title = escape(reading.head.title or document.name)
    structure = "".join(_item(item, reading.targets, words) for item in reading.items)
    tables = "".join(_table(table.title, table.rows, words[10]) for table in reading.tables)
    return (
        f'<!doctype html><html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body><main><div id="text">{_marked(document.text, reading.targets)}</div>'
        f"<div><h1>{title}</h1>{structure}{tables}</div></main></body></html>"
    )


def _marked(text: str, targets: Iterable[Target]) -> str:
    pieces, at = [], 0
    seen: dict[Span, int] = {}
    for index, target in enumerate(targets):
        if target.span not in seen and target.span.start >= at:
            seen[target.span] = index
            css = ' class="doubt"' if target.doubts else ""
            pieces.append(escape(text[at : target.span.start]))
            pieces.append(f'<mark id="s{target.span.start}"{css}>{escape(target.span.of(text))}</mark>')
            at = target.span.end
    return "".join(pieces) + escape(text[at:])


def _item(item: Item, targets: Iterable[Target], words: tuple[str, ...]) -> str:
    bodies = "；".join(
        f"{word}：{escape('、'.join(names))}"
        for word, role in zip(words[6:9], (Role.LEAD, Role.PARTICIPANT, Role.SHARED), strict=True)
        if (names := item.named(role))
    )
    rows = "".join(_target(target) for target in targets if target.item_no == item.no)
    head = "".join(f"<th>{word}</th>" for word in words[:6])
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else ""
    return f'<h2>{escape(item.no)} {escape(item.title)}</h2><div class="bodies">{bodies}</div>{table}'


def _target(target: Target) -> str:
    doubts = "；".join(doubt.message.zh for doubt in target.doubts)
    sure = f"{escape(doubts)}（{confidence(target.doubts):.2f}）" if doubts else ""
    return (
        f'<tr><td><a href="#s{target.span.start}">{escape(target.indicator)}</a></td><td>{escape(target.op)}</td>'
        f'<td class="n">{target.value} {escape(target.unit)}</td><td>{target.base_year or "—"}</td>'
        f"<td>{target.deadline or '—'}</td><td>{sure}</td></tr>"
    )


def _table(title: str, rows: Iterable[Row], word: str) -> str:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell.text)}</td>" for cell in row.cells) + "</tr>" for row in rows)
    return f"<h2>{word} {escape(title)}</h2><table>{body}</table>"
