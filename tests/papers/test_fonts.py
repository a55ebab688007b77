"""字体: the file for computers without official faces, and that it tells title, text and headings apart."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from written import PAPERS

from shuangkong.papers.official import fonts

CONF = Path(fonts.__file__).with_name("fonts.conf")


def test_the_file_is_made_from_the_table() -> None:
    assert CONF.read_text(encoding="utf-8") == fonts.fontconfig()


def test_faces_are_told_apart_where_none_is_installed(tmp_path: Path) -> None:
    if not all(map(shutil.which, ("soffice", "pdffonts", "fc-list"))):
        pytest.skip("soffice, pdffonts or fc-list is missing: install LibreOffice, poppler and fontconfig")
    known = subprocess.run(["fc-list", ":", "family"], check=True, capture_output=True, text=True).stdout
    if "Noto Serif CJK SC" not in known or "Noto Sans CJK SC" not in known or "小标宋" in known:
        pytest.skip("needs Noto Serif CJK and Noto Sans CJK, and no official faces")
    (tmp_path / "paper.docx").write_bytes(PAPERS["bulletin"]())
    top = tmp_path / "fonts.conf"
    includes = "".join(f"<include ignore_missing='yes'>{path}</include>" for path in ("/etc/fonts/fonts.conf", CONF))
    top.write_text(f"<?xml version='1.0'?><fontconfig>{includes}</fontconfig>", encoding="utf-8")
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to", "pdf",
            "--outdir", str(tmp_path), str(tmp_path / "paper.docx"),
        ],
        check=True, capture_output=True, timeout=300,
        env={**os.environ, "HOME": str(tmp_path), "FONTCONFIG_FILE": str(top)},
    )  # fmt: skip
    told = subprocess.run(["pdffonts", tmp_path / "paper.pdf"], check=True, capture_output=True, text=True).stdout
    for face in ("NotoSerifCJK", "Bold", "NotoSansCJK"):
        assert face in told, told
    assert "DejaVu" not in told, "figures stand in the face of the text"
