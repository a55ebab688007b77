"""The English switch is complete, and the compiled catalogue is the one that is written."""

from __future__ import annotations

import re

import pytest
import spoken
from django.test import Client
from django.utils import translation

from shuangkong.cli.demo import contents
from shuangkong.records.plans.models import Plan
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.catalogue import PO, mo_bytes, read_po
from shuangkong.web.site.tables import Column
from shuangkong.web.site.words import kept_word, kind_of_word, printed_indicator_word, with_unit

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


def test_a_unit_has_its_own_english_name_and_stands_apart_from_its_figure() -> None:
    assert with_unit("32", "微克/立方米") == "32微克/立方米"
    with translation.override("en"):
        assert with_unit("32", "微克/立方米") == "32 micrograms per cubic metre"
        assert with_unit("32", "mg/L") == "32 mg/L"
        assert with_unit("32", "µg/m3") == "32 µg/m3", "no Chinese in it: it stays as printed"
        assert Column("a", "Outlets", " ").heading == "Outlets", "what is counted has no measure word in English"
        assert with_unit("32", "%") == "32%"


def test_points_say_which_way_they_go() -> None:
    assert kind_of_word("point_gain", "", "某项比重降低幅度") == "降低百分点"
    assert kind_of_word("point_gain", "", "某项比重提高幅度") == "提高百分点"
    lower = next(each for each in open_rulebook().indicators().values() if each.direction == "lower_is_better")
    assert kind_of_word("point_gain", lower.id, lower.zh) == "降低百分点"
    assert kind_of_word("share", lower.id, lower.zh) == "比重"


def test_entries_are_named_in_the_language_of_the_page() -> None:
    known = open_rulebook().indicators()["energy_intensity"]
    assert printed_indicator_word("能耗强度", "reduction_rate") == "能耗强度"
    with translation.override("en"):
        assert known.en.lower() in printed_indicator_word("能耗强度", "reduction_rate").lower()
        assert printed_indicator_word("某种没有的指标", "count") == "某种没有的指标 (as printed)"


@pytest.mark.parametrize("note", [contents._FACTS_NOTE, contents._FICTION_NOTE])
def test_the_notes_of_the_demo_are_told_in_one_language(note: str) -> None:
    with translation.override("en"):
        assert not CHINESE.search(kept_word(note))
    assert not re.search("[A-Za-z]", note)


def test_a_plan_says_that_its_text_is_absent_only_while_it_is(clerk: Client, adopted: int) -> None:
    Plan.objects.filter(pk=adopted).update(source_note=contents._FACTS_NOTE)
    page = clerk.get(f"/plans/{adopted}/").content.decode()
    assert contents._FACTS_NOTE in page
    assert "没有存原文" not in page
    Plan.objects.filter(pk=adopted).update(file=None)
    assert "没有存原文" in clerk.get(f"/plans/{adopted}/").content.decode()
