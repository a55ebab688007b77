"""公文模板: which words and which look a paper is made with: an office's own where it has put them, else ours.

In the office's folder (``var/papers``) may lie, each replacing ours:

    <paper>.txt      the words of one paper (wording.py tells its grammar); start from ours, in ``papers/<room>``
    official.docx    the look of all: any paper made here, its styles, sheet and footers changed in an office program
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shuangkong.papers.official.refusal import TemplateRefused

LOOK = "official.docx"
OURS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Templates:
    """Words by the name of the paper; ``look`` is None for ours."""

    words: Mapping[str, str]
    look: bytes | None = None


def read_templates(folder: Path | None = None) -> Templates:
    """Our templates, with those of an office's folder in their place where it holds any.

    Raises:
        TemplateRefused: a file of words is not UTF-8, or bears a name that no paper has.
    """
    words = {path.stem: path.read_text(encoding="utf-8") for path in sorted(OURS.glob("*/*.txt"))}
    if folder is None or not folder.is_dir():
        return Templates(words)
    for path in sorted(folder.glob("*.txt")):
        if path.stem not in words:
            names = "、".join(f"{name}.txt" for name in words)
            raise TemplateRefused(
                "PPR-104",
                f"模板文件夹中的 {path.name} 不对应任何公文。请改名或移走；可用的名称：{names}。",
                f"{path.name} in the folder of templates belongs to no paper. Rename or remove it; there are: {names}.",
            )
        try:
            words[path.stem] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as fault:
            raise TemplateRefused(
                "PPR-105",
                f"文稿模板 {path.name} 不是 UTF-8 编码。请在记事本中另存为 UTF-8。",
                f"The template {path.name} is not UTF-8. Save it as UTF-8.",
            ) from fault
    look = folder / LOOK
    return Templates(words, look.read_bytes() if look.is_file() else None)
