"""模板不能用: a template that an office put in place and that cannot be used, said in both languages."""

from __future__ import annotations


class TemplateRefused(ValueError):
    """Says what, where, what was expected and found, and the next step. Same attributes as SheetRefused."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code} {zh}")
        self.code, self.zh, self.en = code, zh, en
