"""为什么是这个值: what `policy why` prints: which file and layer lay a rule down, on what ground, and what uses it."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import Any

from shuangkong.cli.policy_place import Asked, asked
from shuangkong.cli.refusal import CommandRefused
from shuangkong.policyfile.provision_words import KINDS, cited, compared, first_day, without_effect
from shuangkong.policyfile.provisions import Provision, Refused, in_force, overridden, provisions, refused, used_by
from shuangkong.policyfile.shape import nearest
from shuangkong.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Answer:
    """One provision in force, with what it replaces, what should have replaced it without effect, what takes it."""

    provision: Provision
    overridden: tuple[Provision, ...]
    refused: tuple[Refused, ...]
    used_by: tuple[Provision, ...]


def why(rulebook: Rulebook, args: argparse.Namespace) -> int:
    """0 something of that id is in force there and then, 1 nothing is.

    Raises:
        CommandRefused: CLI-008, nothing bears that id or name.
    """
    question = asked(rulebook, args)
    every = provisions(rulebook.folder, question.layer)
    named = tuple(each for each in every if _is_called(rulebook, each, args.id))
    if not named:
        hint = nearest(args.id, {each.id.rpartition("/")[2] for each in every})
        raise CommandRefused(
            "CLI-008",
            f"没有编号或名称为“{args.id}”的规定{f'，是否想写“{hint}”' if hint else ''}。"
            f"用 shuangkong policy find {args.id} 查找。",
            f"No rule has the id or name “{args.id}”{f'; did you mean “{hint}”?' if hint else ''}"
            f" Look it up with shuangkong policy find {args.id}.",
        )
    holding = in_force(named, question.day)
    lax = tuple(
        each for each in refused(rulebook.folder, question.layer) if each.provision.validity.holds_on(question.day)
    )
    answers = [
        Answer(
            each,
            overridden(rulebook.folder, each, question.day),
            tuple(other for other in lax if other.provision.id == each.id),
            used_by(rulebook.folder, question.layer, each, question.day),
        )
        for each in holding
    ]
    if args.json:
        print(json.dumps([_row(answer, question) for answer in answers], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(rulebook, question, named, answers, is_english=args.english)))
    return 0 if holding else 1


def _is_called(rulebook: Rulebook, each: Provision, word: str) -> bool:
    """By id, its last part, its name in either language, or what plans print of the indicator."""
    if word in (each.id, each.id.rpartition("/")[2], each.name.zh, each.name.en):
        return True
    listed = rulebook.indicators().get(each.id.removeprefix("indicators/"))
    return listed is not None and word in listed.aliases


def _lines(
    rulebook: Rulebook, question: Asked, named: tuple[Provision, ...], answers: list[Answer], *, is_english: bool
) -> list[str]:
    say = 1 if is_english else 0
    where = question.place or ("全国", "the nation")[say]
    out = [
        (f"{question.day}，{where}，适用 {question.layer} 层", f"{question.day}, {where}: layer {question.layer}")[say]
    ]
    if not answers:
        out.append(
            ("这一天没有生效的规定。其他日期的有：", "Nothing of it is in force on that day. On other days:")[say]
        )
        out += [f"  {_days(each, say)}  {each.text} {each.unit}  {each.place}" for each in named]
    for answer in answers:
        out += ["", *_answer(rulebook, answer, say)]
    return out


def _answer(rulebook: Rulebook, answer: Answer, say: int) -> list[str]:
    each = answer.provision
    name = each.name.en if say else each.name.zh
    kind, ground, checked = KINDS[each.kind], cited(each, rulebook.sources()), compared(each)
    out = [
        f"{kind.en if say else kind.zh}  {each.id}  {name}",
        f"  {each.text} {each.unit}".rstrip(),
        *(f"    {text}" for text in each.inputs),
        f"  {('生效', 'in force')[say]}  {_days(each, say)}",
        f"  {('位置', 'place')[say]}  {each.place}（{each.layer}）",
        f"  {('依据', 'ground')[say]}  {ground.en if say else ground.zh}",
        f"  {('核对', 'checked')[say]}  {checked.en if say else checked.zh}",
    ]
    replaced = ("改写上级", "overrides")[say]
    out += [f"  {replaced}  {other.layer}：{other.text} {other.unit}  {other.place}" for other in answer.overridden]
    for other in answer.refused:
        own, said, how = other.provision, without_effect(other), other.finding.message
        out.append(f"  {said.en if say else said.zh}  {own.layer}：{own.text} {own.unit}  {own.place}")
        out.append(f"    {how.en if say else how.zh}")
    if answer.used_by:
        out.append(f"  {('用于', 'used by')[say]}  {('、', ', ')[say].join(_names(answer, say))}")
    return out


def _names(answer: Answer, say: int) -> list[str]:
    return [f"{each.name.en if say else each.name.zh}（{each.id}）" for each in answer.used_by]


def _days(each: Provision, say: int) -> str:
    starts, until = first_day(each), each.validity.until
    return f"{starts or ('一直', 'always')[say]} – {until or ''}".rstrip()


def _row(answer: Answer, question: Asked) -> dict[str, Any]:
    return {
        "place": question.place,
        "day": question.day.isoformat(),
        "applies": question.layer,
        **provision_row(answer.provision),
        "overrides": [provision_row(each) for each in answer.overridden],
        "refused": [{**provision_row(each.provision), "code": each.finding.code} for each in answer.refused],
        "used_by": [each.id for each in answer.used_by],
    }


def provision_row(each: Provision) -> dict[str, Any]:
    """One provision for a program."""
    starts, until = first_day(each), each.validity.until
    return {
        "kind": each.kind.value,
        "id": each.id,
        "name": {"zh": each.name.zh, "en": each.name.en},
        "layer": each.layer,
        "text": each.text,
        "unit": each.unit,
        "inputs": list(each.inputs),
        "from": starts and starts.isoformat(),
        "until": until and until.isoformat(),
        "source": each.source,
        "at": each.at,
        "verified": each.is_verified,
        "file": each.place,
    }
