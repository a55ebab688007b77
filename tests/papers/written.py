"""A made-up county's papers, and what is needed to look at one: opened again, or printed by an office program."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document

from shuangkong.papers.official.paper import Basis, Issue, Party
from shuangkong.papers.official.templates import read_templates
from shuangkong.papers.plans.bulletin import (
    BodyTally,
    BulletinInput,
    CirculatedTask,
    MonthTally,
    NotedTask,
    Tally,
    bulletin_docx,
)
from shuangkong.papers.plans.duty_list import DutyLine, DutyListInput, duty_list_docx
from shuangkong.papers.plans.minutes import AgendaItem, MinutesInput, Settled, minutes_docx
from shuangkong.papers.plans.responsibility_letter import (
    LetterDuty,
    LetterInput,
    LetterTarget,
    responsibility_letter_docx,
)
from shuangkong.papers.plans.saying import Duty
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock

TEMPLATES = read_templates()
PLAN = "甲县节能减排综合工作方案"
ISSUE = Issue(
    "甲县节能减排办公室",
    date(2031, 11, 9),
    addressees=("各镇人民政府", "县级有关部门"),
    copies=("县委办公室", "县人大常委会办公室"),
    printed_by="甲县节能减排办公室",
    printed_on=date(2031, 11, 10),
)
SEAL = "0123456789abcdef" * 4
BASIS = Basis(date(2031, 10, 31), "c0ffee123456", 128, SEAL, (PLAN,), is_demo=True, is_fictional=True)
LEAD, PARTICIPANT = Part.LEAD, Part.PARTICIPANT


def duties(*leads: str, helpers: tuple[str, ...] = ()) -> tuple[Duty, ...]:
    return (*(Duty(name, LEAD) for name in leads), *(Duty(name, PARTICIPANT) for name in helpers))


def duty_list(lines: int = 3) -> DutyListInput:
    known = (
        DutyLine("（一）", "推进锅炉改造", duties("甲局", "乙局", helpers=("丙局",)), date(2031, 12, 31), "2031-06"),
        DutyLine(
            "（二）", "做好统计", (Duty("丁局", Part.SHARED), Duty("戊局", Part.SHARED)), None, "", Recurrence.YEARLY
        ),
        DutyLine("（三）", "推广新材料", (), date(2032, 1, 5)),
    )
    return DutyListInput(ISSUE, BASIS, PLAN, "甲政发〔2031〕9号", tuple(known[at % 3] for at in range(lines)))


def noted(at: int, clock: Clock, due: date | None = None, *, is_listed: bool = False) -> NotedTask:
    return NotedTask(
        PLAN, f"（{at}）", f"第{at}号任务", duties("甲局"), clock, State.ACTIVE, Grade.BEHIND, Decimal("40.0"), due,
        date(2031, 9, 3), "已完成招标", 2, is_listed,
    )  # fmt: skip


def bulletin(late: int = 12, soon: int = 1, silent: int = 1, circulated: int = 0) -> BulletinInput:
    tasks = [noted(at, Clock.LATE, date(2031, 10, 1) - timedelta(days=at)) for at in range(1, late + 1)]
    tasks += [noted(100 + at, Clock.DUE_SOON, date(2031, 11, 5)) for at in range(soon)]
    tasks += [noted(200 + at, Clock.SILENT, is_listed=True) for at in range(silent)]
    tally = Tally(40, 13, 2, late, soon, silent)
    month = MonthTally(reported=17, returned=3, done=4, extended=2, reminded=5, circulated=circulated)
    told = CirculatedTask(replace(noted(300, Clock.OVER), state=State.DONE), date(2031, 10, 9), "两次催办未果。")
    return BulletinInput(
        ISSUE, BASIS, "甲县", 2031, 10, tally, month, (BodyTally("甲局", tally),), tuple(tasks), (told,) * circulated
    )


def letter(helps_with: bool = True) -> LetterInput:
    return LetterInput(
        ISSUE, BASIS, Party("甲县人民政府", "", "县长"), Party("乙镇人民政府", "张三", "镇长"), "镇长", "2032年度",
        (LetterTarget("单位地区生产总值能耗", "比2030年下降14.5%", "2032", "约束性"),),
        (LetterDuty("（四）", "改造老旧管网", duties("乙镇人民政府"), date(2032, 12, 31)),),
        (LetterDuty("（五）", "普查锅炉", duties("甲局", helpers=("乙镇人民政府",))),) if helps_with else (),
    )  # fmt: skip


def minutes() -> MinutesInput:
    return MinutesInput(
        ISSUE, BASIS, "十月调度会议", date(2031, 11, 4), "县政府会议室", "副县长",
        (AgendaItem("听取进展", "各单位汇报了进展。"),), (Settled("补报进展", ("甲局",), date(2031, 11, 20)),),
        ("甲局", "乙局"), ("丙局",),
    )  # fmt: skip


#: Every paper that is a .docx.
PAPERS = {
    "duty_list": lambda: duty_list_docx(duty_list(), TEMPLATES),
    "bulletin": lambda: bulletin_docx(bulletin(), TEMPLATES),
    "responsibility_letter": lambda: responsibility_letter_docx(letter(), TEMPLATES),
    "minutes": lambda: minutes_docx(minutes(), TEMPLATES),
}


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def member(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as packed:
        return packed.read(name).decode()


def texts(document: Document, style: str | None = None) -> list[str]:
    return [each.text for each in document.paragraphs if style is None or (each.style and each.style.name == style)]


def printed(content: bytes, folder: Path) -> list[str]:
    """The pages as an office program prints them, as text. Skips where there is none."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        pytest.skip("soffice or pdftotext is missing: install LibreOffice and poppler to see papers as they print")
    (folder / "paper.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(folder / "paper.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(folder)})
    told = subprocess.run([reader, "-layout", str(folder / "paper.pdf"), "-"], check=True, capture_output=True)
    return told.stdout.decode().rstrip("\f").split("\f")
