"""The English switch is complete, and the compiled catalogue is the one that is written."""

from __future__ import annotations

import re

import spoken
from django.utils import translation

from shuangkong.web.site.catalogue import PO, mo_bytes, read_po

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FIELDS = re.compile(r"%\(\w+\)\w+")


def _ids() -> dict[str, str]:
    return dict([*spoken.template_ids(), *spoken.python_ids()])


def test_every_text_of_the_pages_has_its_english() -> None:
    known = read_po(PO.read_text(encoding="utf-8"))
    missing = {text: file for text, file in _ids().items() if not known.get(text)}
    assert not missing, "add to locale/en/LC_MESSAGES/django.po"
    assert not set(known) - set(_ids()) - {""}, "no page says these any more"


def test_english_is_english_and_keeps_the_fields() -> None:
    for text, english in read_po(PO.read_text(encoding="utf-8")).items():
        assert not CHINESE.search(english), english
        for form in english.split("\0") if text else ():
            fields = {field.replace("02", "") for field in FIELDS.findall(text.partition("\0")[0])}
            assert set(re.findall(r"%\(\w+\)", form)) == {re.match(r"%\(\w+\)", each)[0] for each in fields}, text


def test_the_compiled_catalogue_is_fresh() -> None:
    """Compile with ``python -m shuangkong.web.site.catalogue``."""
    assert PO.with_suffix(".mo").read_bytes() == mo_bytes(read_po(PO.read_text(encoding="utf-8")))


def test_gettext_reads_what_we_compile() -> None:
    with translation.override("en"):
        assert translation.gettext("首页") == "Home"
        many = "已接受 %(count)d 条没有疑问的条目。"
        assert [translation.ngettext(many, many, count) % {"count": count} for count in (1, 2)] == [
            "Accepted 1 entry without doubt.",
            "Accepted 2 entries without doubt.",
        ]
    with translation.override("zh-hans"):
        assert translation.gettext("首页") == "首页"


def test_no_text_stands_outside_the_switch() -> None:
    """Chinese in a template is always inside a translation tag."""
    inside = re.compile(r"\{%-?\s*translate .*?%\}|\{% blocktranslate.*?endblocktranslate %\}|\{#.*?#\}", re.S)
    for path in sorted(spoken.WEB.rglob("templates/**/*.html")):
        left = inside.sub("", path.read_text(encoding="utf-8")).replace('lang="zh-Hans">中文', "").replace("、{", "{")
        assert not CHINESE.search(left), (path.name, CHINESE.findall(left)[:5])


def test_one_act_has_one_word() -> None:
    """The glossary owns the words; their synonyms stand on no page and in no message of the records."""
    synonyms = re.compile("采纳|复核|存疑|装载")
    rooms = (spoken.WEB, spoken.WEB.parent / "records")
    for path in (path for room in rooms for path in room.rglob("*") if path.suffix in (".py", ".html", ".js")):
        assert not synonyms.search(path.read_text(encoding="utf-8")), path.name
