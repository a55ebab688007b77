"""文件头: title, number, issuer, date, region, horizon, parents, addressees, copies and the redaction mark."""

from __future__ import annotations

import re
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.horizon import base_years, horizon_of
from shuangkong.plans.reader.numbering import value_of
from shuangkong.plans.reading import Doubt, Head, ParentDocument

_DOC_NO = re.compile(
    r"(?:(?!通?知|文件|的|字号|文号|编号|公告|意见)[\u4e00-\u9fff]){1,10}[〔\[【（]\d{4}[〕\]）】]第?\d+号?"
)
_DATE = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_DATE_CN = re.compile(
    r"(?P<year>[二〇零一○Ｏ0三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_PLAN_NAME = r"(?:方案|规划|计划|意见|办法|要点|行动)"
_TITLE = re.compile(rf"^[“\u4e00-\u9fff\dA-Za-z“”《》、·\-—～（）]{{4,60}}?{_PLAN_NAME}(?:（[^（）]{{1,30}}）)*$")
_NOTICE = re.compile(
    rf"(?:关于)?(?:转发|批转|印发|下发|发布|公布)(?:[^《]{{0,20}}关于)?《?(?P<title>[^《》]{{4,60}}?{_PLAN_NAME}(?:（[^（）]{{1,30}}）)*)》?的?(?:通知|函|公告|决定)"
)
_PRESENT = re.compile(
    rf"(?:现将|现就)?《(?P<title>[^《》]{{4,60}}{_PLAN_NAME}(?:（[^（）]{{1,30}}）)*)》(?:已经|已)?.{{0,40}}?(?:印发|转发|发给|下发)"
)
_ISSUER = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{0,20}(?:人民政府|国务院|管理委员会|管委会|委员会|办公厅|办公室|发展改革委|发展和改革委员会|环境保护厅|生态环境厅|厅|局|委))$"
)
_REGION = re.compile(
    r"^(?P<region>[\u4e00-\u9fff]{2,25}?)(?:人民政府|(?:党工委)?管理委员会|管委会)"
    r"|^(?P<seat>[\u4e00-\u9fff]{2,12}?)(?:发展|生态|环境|工业|经济)"
)
_PARENT = re.compile(
    r"《(?P<title>[^《》]{4,80})》(?:的通知)?(?:（(?P<no>[^（）]{1,12}[〔\[（]\d{4}[〕\]）]第?\d+号)(?:[，、；][^（）]{0,30})?）)?"
)
_REDACTION = re.compile(r"(?:此件|本件|本文)[^。，]{0,10}公开[^。，]{0,10}")


def read_head(
    front: list[Paragraph], body: list[Paragraph], back: list[Paragraph], plan_starts: dict[str, int]
) -> Head:
    """The identity of the document from what stands before, in and after its body; a field not printed is None."""
    spans: dict[str, Span] = {}
    title, notice = _title(front, spans)
    doc_no = _doc_no(front, spans)
    signed = _signature(front) or _signature(back)
    issuer = _issuer(front, signed, notice, spans)
    issued_on = _issued_on(front, back, signed, spans)
    horizon = horizon_of(plain(title or notice or ""), body, issued_on.year if issued_on else None, plan_starts)
    doubts = tuple(
        _missing(name)
        for name, value in (("title", title), ("issuer", issuer), ("issued_on", issued_on), ("doc_no", doc_no))
        if value is None
    )
    return Head(
        title=title,
        doc_no=doc_no,
        issuer=issuer,
        issued_on=issued_on,
        region=_region(title, issuer),
        horizon=horizon,
        base_years=base_years(body),
        parents=_parents(front, body, title),
        addressees=_addressees(front, spans),
        copies=_copies(back, spans),
        redaction=_redaction([*front, *back], spans),
        notice_title=notice,
        spans=spans,
        doubts=doubts,
    )


def _missing(name: str) -> Doubt:
    words = {"title": "标题", "issuer": "发文机关", "issued_on": "发文日期", "doc_no": "发文字号"}
    return Doubt(
        f"no_{name}",
        0.4,
        Message(
            f"文中未找到{words[name]}，请补录或确认本无。",
            f"No {name} was found in the text; supply it or confirm that there is none.",
        ),
    )


def _title(front: list[Paragraph], spans: dict[str, Span]) -> tuple[str | None, str | None]:
    """The plan's own title (from 现将《…》印发, the notice's, or a line of its own) and the notice's, as printed."""
    whole, printed, offsets = _run_together(front)
    notice = next(
        (m for m in _NOTICE.finditer(whole) if whole.count("《", 0, m.start()) == whole.count("》", 0, m.start())), None
    )
    present = _PRESENT.search(whole)
    chosen = present or notice
    notice_title = _notice_title(whole, printed, notice)
    if chosen and re.search(_PLAN_NAME + r"(?:（[^（）]*）)?$", chosen["title"]):
        spans["title"] = Span(offsets[chosen.start("title")], offsets[chosen.end("title") - 1] + 1)
        return printed[chosen.start("title") : chosen.end("title")], notice_title
    for index, paragraph in enumerate(front):
        for count in (1, 2, 3):
            lines = front[index : index + count]
            text = "".join(line.text for line in lines)
            if _TITLE.match(text) and not text.startswith(("附件", "关于")) and "。" not in text:
                spans["title"] = Span(paragraph.start, lines[-1].end)
                return "".join(line.printed for line in lines), notice_title
    return None, notice_title


def _notice_title(whole: str, printed: str, notice: re.Match[str] | None) -> str | None:
    if notice is None:
        return None
    start = max(whole.rfind(mark, 0, notice.start()) for mark in "。：号0123456789")
    return printed[start + 1 : notice.end()][-90:]


def _run_together(front: list[Paragraph]) -> tuple[str, str, list[int]]:
    text = "".join(paragraph.text for paragraph in front)
    printed = "".join(paragraph.printed for paragraph in front)
    return text, printed, [offset for paragraph in front for offset in paragraph.offsets]


def _doc_no(front: list[Paragraph], spans: dict[str, Span]) -> str | None:
    """The document's own number: on a line of its own, or the first that no bracket encloses."""
    for paragraph in front:
        for match in _DOC_NO.finditer(paragraph.text):
            alone = match.end() == len(paragraph.text) and len(paragraph.text) <= 40
            enclosed = paragraph.text[max(0, match.start() - 1) : match.start()] == "（" and len(paragraph.text) > 40
            if alone or (not enclosed and (len(paragraph.text) < 60 or match.start() == 0)):
                spans["doc_no"] = paragraph.span(match.start(), match.end())
                return paragraph.printed[match.start() : match.end()]
    return None


def _signature(paragraphs: list[Paragraph]) -> int | None:
    """Index of the line with the date under the signature."""
    for index in range(len(paragraphs) - 1, -1, -1):
        text = paragraphs[index].text
        match = _DATE.search(text) or _DATE_CN.search(text)
        if (
            match
            and len(text) <= len(match[0]) + 25
            and not re.match(r"(?:.*办公[厅室].*印发|发布|成文|时间|实施|本)", text)
        ):
            return index
    return None


def _date_in(text: str) -> date | None:
    match = _DATE.search(text)
    if match:
        year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    else:
        match = _DATE_CN.search(text)
        if not match:
            return None
        digits = re.sub(r"[〇零○Ｏ]", "0", match["year"])
        year = int("".join(str("0一二三四五六七八九".find(c)) for c in digits))
        month, day = value_of(match["month"]), value_of(match["day"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _issued_on(
    front: list[Paragraph], back: list[Paragraph], signed: int | None, spans: dict[str, Span]
) -> date | None:
    places = front if signed is not None and _signature(front) is not None else back
    candidates = [places[signed]] if signed is not None else []
    candidates += [p for p in front if re.match(r"^(?:成文日期|发文日期|印发日期|发布日期)", p.text)]
    candidates += [p for p in front if re.match(r"^（\d{4}年\d+月\d+日.{0,20}）$", p.text)]
    for paragraph in candidates:
        found = _date_in(paragraph.text)
        if found:
            spans["issued_on"] = Span(paragraph.start, paragraph.end)
            return found
    return None


def _issuer(front: list[Paragraph], signed: int | None, notice: str | None, spans: dict[str, Span]) -> str | None:
    """The signature above the date; else the body that heads the notice."""
    lines = front
    if signed is not None and signed < len(front):
        same = re.sub(r"\d{4}年.*$|[二〇零○]{2}.*年.*$", "", front[signed].text)
        if _ISSUER.match(same):
            spans["issuer"] = front[signed].span(0, len(same))
            return front[signed].printed[: len(same)]
        for index in range(signed - 1, max(-1, signed - 4), -1):
            if _ISSUER.match(lines[index].text):
                spans["issuer"] = Span(lines[index].start, lines[index].end)
                return lines[index].printed
    for paragraph in front:
        text = re.sub(r"(?:文件|公报)$", "", paragraph.text)
        if _ISSUER.match(text):
            spans["issuer"] = paragraph.span(0, len(text))
            return paragraph.printed[: len(text)]
        head = re.match(
            r"^([\u4e00-\u9fff]{2,25}?(?:人民政府(?:办公[厅室])?|国务院(?:办公厅)?|委员会|管委会))关于", paragraph.text
        )
        if head:
            spans["issuer"] = paragraph.span(0, len(head[1]))
            return paragraph.printed[: len(head[1])]
    if notice:
        head = re.match(r"^(?:.*号?\d*)??([\u4e00-\u9fff]{2,25}?)关于", plain(notice))
        return notice[head.start(1) : head.end(1)] if head else None
    return None


def _region(title: str | None, issuer: str | None) -> str | None:
    """The body the plan is for: the issuer without its office, 全国 for the State Council."""
    if issuer:
        folded = plain(issuer)
        if folded.startswith(("国务院", "国家")):
            return "全国"
        match = _REGION.match(folded)
        if match:
            return issuer[: match.end("region" if match["region"] else "seat")]
    match = re.match(
        r"^(?P<region>[\u4e00-\u9fff]{2,12}?(?:省|自治区|市|自治州|盟|区|县|旗|新区|开发区))", plain(title or "")
    )
    return (title or "")[: match.end()] if match else None


def _parents(front: list[Paragraph], body: list[Paragraph], title: str | None) -> tuple[ParentDocument, ...]:
    """Documents that the preamble says it follows are parents; all others are cited."""
    found: list[ParentDocument] = []
    seen: set[str] = set()
    for place, paragraphs in (("front", front), ("body", body)):
        for paragraph in paragraphs:
            for match in _PARENT.finditer(paragraph.text):
                name = re.sub(r"^.*关于印发|的通知$", "", match["title"])
                if name == title or match["title"] == title or match["title"] in seen:
                    continue
                seen.add(match["title"])
                follows = re.search(r"(?:根据|按照|依据|贯彻|落实|遵照).{0,120}$", paragraph.text[: match.start()])
                role = (
                    "parent"
                    if place == "front" and follows and re.search(_PLAN_NAME + "|通知|决定|纲要", match["title"])
                    else "cited"
                )
                found.append(
                    ParentDocument(match["title"], match["no"], role, paragraph.span(match.start(), match.end()))
                )
    return tuple(found)


def _addressees(front: list[Paragraph], spans: dict[str, Span]) -> tuple[str, ...]:
    for paragraph in front:
        text = paragraph.text
        if (
            text.endswith("：")
            and 4 <= len(text) <= 160
            and "《" not in text
            and re.search(r"各|人民政府|部门|单位|委员会|机构", text)
        ):
            spans["addressees"] = Span(paragraph.start, paragraph.end)
            return _names(paragraph, 0, "，、；：")
    return ()


def _copies(back: list[Paragraph], spans: dict[str, Span]) -> tuple[str, ...]:
    for paragraph in back:
        if paragraph.text.startswith("抄送"):
            spans["copies"] = Span(paragraph.start, paragraph.end)
            return _names(paragraph, 3 if paragraph.text.startswith("抄送：") else 2, "，、；。")
    return ()


def _names(paragraph: Paragraph, start: int, marks: str) -> tuple[str, ...]:
    """Names between marks, as printed: no piece of the folded text, which may be in other characters."""
    pieces = re.finditer(f"[^{marks}]+", paragraph.text[start:])
    return tuple(paragraph.printed[start + piece.start() : start + piece.end()] for piece in pieces)


def _redaction(paragraphs: list[Paragraph], spans: dict[str, Span]) -> str | None:
    for paragraph in paragraphs:
        match = _REDACTION.search(paragraph.text)
        if match:
            spans["redaction"] = paragraph.span(match.start(), match.end())
            return match[0].strip("（）")
    return None
