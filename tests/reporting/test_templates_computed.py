"""What a spreadsheet computes of a filled template is what the system computes: LibreOffice against the server."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shuangkong.core.period import Period
from shuangkong.papers.reporting.layout import About, plans
from shuangkong.papers.reporting.template import write_template
from shuangkong.reporting.content import Content, Entry, figure, words
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.addresses import open_address
from shuangkong.reporting.forms.model import Field, FieldKind, Form
from shuangkong.rulebook import open_rulebook
from trials import IS_SOAK

DAY = date(2025, 3, 31)
FORMS = tuple(open_rulebook().forms_on(DAY))
#: Sums, products, quotients, open rows and values brought over from other tables.
SAMPLE = ("pollutant_discharge", "institution_consumption", "grid_sales")
OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice (soffice): formulas of templates")


def filled(form: Form, chance: random.Random) -> Content:
    """Every figure told, with all its decimals, halves among them: ties are rounded too."""
    entries: dict[str, Entry] = {}
    for field in form.fields.values():
        if not field.is_told or field.kind is not FieldKind.FIGURE:
            continue
        room = form.by_id[field.table].open
        for address in (
            [field.address] if room is None else [open_address(field.table, field.column, _key(form, field))]
        ):
            digits = chance.choice((5, 25, 125, chance.randrange(1, 10**5)))
            entries[address] = figure(Decimal(digits).scaleb(-field.decimals))
    for field in form.fields.values():
        if field.is_told and field.is_required and field.kind is FieldKind.TEXT and field.address in form.fixed:
            entries[field.address] = words("某")
    return Content(form.id, form.edition).with_entries(entries)


def _key(form: Form, field: Field) -> str:
    room = form.by_id[field.table].open
    assert room is not None
    return room.choices[0].code if room.choices else "1"


def uncomputed(data: bytes) -> bytes:
    """A workbook whose formulas have no results: whoever opens it must compute them."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for part in archive.namelist():
            text = archive.read(part)
            if part.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            out.writestr(part, text)
    return target.getvalue()


@pytest.mark.tried
def test_libreoffice_computes_what_the_system_computes(tmp_path: Path) -> None:
    chosen = [form for form in FORMS if IS_SOAK or form.id in SAMPLE]
    about, contents = About("91210000123456789X", "某厂", Period.parse("2025-Q1")), {}
    for form in chosen:
        contents[form.id] = filled(form, random.Random(form.id))
        data = write_template(form, about, contents[form.id], made_on=DAY)
        (tmp_path / f"{form.id}.xlsx").write_bytes(uncomputed(data))
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path / "out"), *(str(tmp_path / f"{form.id}.xlsx") for form in chosen)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    if not (tmp_path / "out").exists():
        pytest.skip("LibreOffice has no Calc here (libreoffice-calc-nogui): formulas of templates")
    for form in chosen:
        content, wrong, count = contents[form.id], [], 0
        own = derive(form, content)
        book = CalamineWorkbook.from_path(tmp_path / "out" / f"{form.id}.xlsx")
        for plan in plans(form, content):
            rows = book.get_sheet_by_name(plan.name).to_python(skip_empty_area=False)
            for row, column, address, field in plan.places():
                told = own.get(address)
                if field.derived is None or not isinstance(told, Decimal):
                    continue
                count += 1
                found = rows[row][column]
                if not isinstance(found, float) or Decimal(format(found, ".12g")) != Decimal(format(told, ".12g")):
                    wrong.append((address, str(told), found))
        assert wrong == [], form.id
        assert count or not form.derived, form.id
