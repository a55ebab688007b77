"""规定怎么显示: provisions as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.finding import Message
from shuangkong.policyfile.places import layer
from shuangkong.policyfile.provision_words import KINDS, cited, compared, first_day, without_effect
from shuangkong.policyfile.provisions import Provision, Refused
from shuangkong.web.policy.asked import Asked
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken, unit_word


def table_of(
    request: HttpRequest, question: Asked, found: Iterable[Provision], words: tuple[str, str], empty: str = ""
) -> Table:
    """One row a provision; ``words``: the table's id and caption."""
    columns = (
        Column("name", _("名称")),
        Column("kind", _("种类")),
        Column("text", _("规定值或公式")),
        Column("unit", _("单位")),
        Column("from", _("施行日")),
        Column("until", _("止日")),
        Column("ground", _("依据")),
        Column("compared", _("核对")),
        Column("layer", _("层")),
        Column("id", _("编号")),
        Column("file", _("文件")),
    )
    rows = tuple(_row(request, question, each) for each in found)
    note = _("%(place)s %(day)s 适用") % {"place": question.place_name, "day": f"{question.day:%Y-%m-%d}"}
    return Table(words[0], words[1], columns, rows, empty, note)


def refused_table(request: HttpRequest, question: Asked, found: Iterable[Refused]) -> Table:
    """What nearer layers wrote without effect, each with why."""
    columns = (
        Column("name", _("名称")),
        Column("text", _("规定值或公式")),
        Column("unit", _("单位")),
        Column("from", _("施行日")),
        Column("until", _("止日")),
        Column("layer", _("层")),
        Column("why", _("为何无效")),
        Column("how", _("说明")),
        Column("file", _("文件")),
    )
    rows = tuple(_refused_row(request, question, each) for each in found)
    return Table(
        "refused", _("无效的本级规定"), columns, rows, note=_("上级规定只准更严：放宽的文件整个无效，照上级的值")
    )


def address(request: HttpRequest, question: Asked, each: Provision) -> str:
    """Where a provision is explained, of the same place and day."""
    return link(request, "policy:provision", each.id, place=question.place, day=question.day)


def printed_unit(question: Asked, each: Provision) -> str:
    """The first printed form that is the base unit itself."""
    every = question.rulebook.units().values()
    forms = (form.printed for form in every if form.unit.id == each.unit and form.factor == 1)
    return unit_word(next(forms, each.unit))


def _layer_name(question: Asked, each: Provision) -> Message:
    own = layer(question.rulebook.folder, each.layer)
    return Message(own.zh, own.en)


def _row(request: HttpRequest, question: Asked, each: Provision) -> Row:
    starts, until = first_day(each), each.validity.until
    return Row(
        (
            text_cell(spoken(each.name), href=address(request, question, each)),
            text_cell(spoken(KINDS[each.kind])),
            text_cell(each.text, hint="；".join(each.inputs)),
            text_cell(printed_unit(question, each)),
            Cell(starts.isoformat() if starts else "", starts),
            Cell(until.isoformat() if until else "", until),
            text_cell(spoken(cited(each, question.rulebook.sources()))),
            text_cell(spoken(compared(each))),
            text_cell(spoken(_layer_name(question, each))),
            text_cell(each.id),
            text_cell(each.place),
        )
    )


def _refused_row(request: HttpRequest, question: Asked, refused: Refused) -> Row:
    each = refused.provision
    starts, until = first_day(each), each.validity.until
    return Row(
        (
            text_cell(spoken(each.name), href=address(request, question, each)),
            text_cell(each.text),
            text_cell(printed_unit(question, each)),
            Cell(starts.isoformat() if starts else "", starts),
            Cell(until.isoformat() if until else "", until),
            text_cell(spoken(_layer_name(question, each))),
            text_cell(spoken(without_effect(refused))),
            text_cell(spoken(refused.finding.message)),
            text_cell(each.place),
        )
    )
