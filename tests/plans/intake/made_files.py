"""Small files of the genre, made by hand for the tests; every place, body and figure in them is invented."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

#: Four paragraphs of an invented county's plan.
PLAN = (
    "云溪县“十四五”节能减排综合工作方案",
    "一、主要目标",
    "（一）到2025年，全县单位地区生产总值能耗比2020年下降14.5%，能源消费增量控制在12万吨标准煤以内；化学需氧量、氨氮、"
    "氮氧化物重点工程减排量分别达到213.5吨、8.95吨、61.4吨。各乡镇、各部门要把目标落实到年度计划，按季度调度，"
    "年底前将完成情况报县节能减排工作领导小组办公室，由其汇总后统一向县政府报告并通报全县。",
    "（二）推进重点行业节能改造。到2024年底完成18家企业清洁生产审核，淘汰10蒸吨/小时以下燃煤锅炉。（牵头单位：县发展改革局，"
    "参加单位：县工信局、云溪生态环境分局等）",
)


def soffice() -> str:
    """The office program, or a loud skip."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed: this door is proved with hand-made files only")
    return program


def converted(source: Path, form: str, folder: Path, *, infilter: str = "") -> bytes:
    """``source`` as LibreOffice saves it in another form."""
    command = [soffice(), f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += [f"--infilter={infilter}"] if infilter else []
    command += ["--convert-to", form, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return (folder / f"{source.stem}.{form.partition(':')[0]}").read_bytes()


def p(text: str, properties: str = "", run: str = "") -> str:
    """A Word paragraph with one run."""
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def tc(text: str, properties: str = "") -> str:
    """A Word table cell; ``|`` parts its paragraphs."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(part) for part in text.split('|'))}</w:tc>"


def tbl(*rows: Iterable[str]) -> str:
    """A Word table of ready cells."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def docx(body: str, **parts: str) -> bytes:
    """A .docx; ``parts`` are further ones by kind (numbering, styles, footnotes, header, footer), their inner XML."""
    section = (
        '<w:sectPr>{}<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"/></w:sectPr>'
    )
    references = "".join(
        f'<w:{kind}Reference w:type="default" r:id="r{kind}"/>' for kind in ("header", "footer") if kind in parts
    )
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "header": "hdr", "footer": "ftr"}
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_PART_TYPE}.document.main+xml"/>'
        + "".join(f'<Override PartName="/word/{k}.xml" ContentType="{_PART_TYPE}.{k}+xml"/>' for k in parts)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}">'
        + "".join(f'<Relationship Id="r{k}" Type="{_OFFICE}/{k}" Target="{k}.xml"/>' for k in parts)
        + "</Relationships>",
        "word/document.xml": f'<w:document {_W} xmlns:r="{_OFFICE}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}{section.format(references)}</w:body></w:document>",
    } | {f"word/{k}.xml": f"<w:{roots[k]} {_W}>{inner}</w:{roots[k]}>" for k, inner in parts.items()}
    return zipped(files)


def zipped(files: dict[str, str]) -> bytes:
    """A zip of text files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


@dataclass(frozen=True)
class At:
    """Text on a PDF page; ``turn`` is 0 or 90 degrees."""

    x: float
    y: float
    text: str
    size: float = 16
    turn: int = 0


def pdf(
    pages: Sequence[Sequence[At | tuple[float, float, float, float]]], *, extra: str = "", image: bool = False
) -> bytes:
    """A PDF by hand, A4: texts and straight lines; the font is named, not carried (Adobe-GB1, one em a character)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects += [
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /Ascent 880 /Descent -120 /CapHeight 700 "
        "/ItalicAngle 0 /StemV 80 /FontBBox [0 -120 1000 880] >>",
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        "\nstream\nx\nendstream",
    ]
    kids = []
    for page in pages:
        drawing = "q 595 0 0 842 0 0 cm /I Do Q\n" if image else ""
        stream = drawing + "\n".join(map(_drawn, page))
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R {extra} "
            "/Resources << /Font << /F 3 0 R >> /XObject << /I 6 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}"
    return out.encode("ascii")


def _drawn(item: At | tuple[float, float, float, float]) -> str:
    if isinstance(item, At):
        turn = "0 1 -1 0" if item.turn else "1 0 0 1"
        return f"BT /F {item.size} Tf {turn} {item.x} {item.y} Tm <{item.text.encode('utf-16-be').hex()}> Tj ET"
    return "{} {} m {} {} l S".format(*item)


def grid_lines(xs: Sequence[float], ys: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """All lines of a table whose columns and rows begin and end there."""
    return [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]
