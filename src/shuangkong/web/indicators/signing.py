"""签章的说明页: the explanation of a figure as a workbook, sealed by the journal's row about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256

from django.db import transaction

from shuangkong.core.fact import Cell
from shuangkong.indicators.engine.leaves import is_demo
from shuangkong.indicators.engine.printing import as_json, lines
from shuangkong.indicators.withholding import withheld
from shuangkong.papers.indicators.explanation import ExplanationInput, Seal, explanation_xlsx
from shuangkong.records.indicators.explaining import explained
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting
from shuangkong.web.indicators.asked import Asked

_ACT = "paper.make"


def signed_sheet(about: Asked, cell: Cell, by: Acting, on: date) -> bytes:
    """The workbook as of today, of what the person may read.

    The same explanation of the same day finds the same row and gives the same file.
    """
    whole, law = explained(cell)
    found = withheld(whole, Readable(by, about.path).has, least_merged_parts(law, cell.period.last_day))
    content = {"as_of": on.isoformat(), "rulebook": law.version, "figure": as_json(found)}
    digest = sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    subject = f"figure/{cell.indicator}/{cell.subject}/{cell.period}"
    with transaction.atomic():
        known = [row for row in journal.of_subject(subject) if row.act == _ACT and row.document == digest]
        if known:
            number, seal = known[0].sequence, known[0].digest
        else:
            journal.append(replace(by.act(_ACT, subject, document=digest), place=about.path))
            number, seal = journal.head()
    names = subject_names({line.figure.cell.subject for line in lines(found)})
    return explanation_xlsx(
        ExplanationInput(
            figure=found,
            indicators=law.indicators,
            forms=law.forms,
            names=names,
            as_of=on,
            seal=Seal(digest, law.version, number, seal),
            is_demo=is_demo(found),
            is_fictional=about.is_fictional,
        )
    )
