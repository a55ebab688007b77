"""责任单位: the responsibility bracket, in the forms of the genre, read into bodies with roles; typos stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shuangkong.core.finding import Message
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.clauses import enclosed
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reading import Body, Doubt, Role

_ROLE_WORD = re.compile(
    r"牵头|责任(?:单位|部门)|(?:配合|参加|参与|协办|协助|落实|实施|主办|完成)(?:单位|部门)|负责|按.{0,6}职责|职责分工"
)
_LABEL = re.compile(
    r"^(?P<lead>(?:主要)?(?:牵头|责任|主办|主责)(?:责任)?(?:单位|部门)|牵头|责任主体)(?:为|[：:])?|^(?P<part>(?:配合|参加|参与|协办|协助|协同|落实|实施|完成)(?:单位|部门)|配合|参加)(?:为|[：:])?"
)
_TAILS: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"(?:共同)?牵头(?:负责|组织|落实|实施)?$|为主$|总牵头$"), Role.LEAD),
    (
        re.compile(
            r"(?:依据|依照|按照|根据|按)?(?:各自)?(?:职责|职能)(?:任务)?(?:分工)?(?:分别|共同)?(?:负责|落实|推进|做好|实施)?(?:实施|落实)?$|分工负责$|分别负责$"
        ),
        Role.SHARED,
    ),
    (re.compile(r"(?:积极)?(?:配合|参与|参加|协助|协同)(?:落实|实施)?$"), Role.PARTICIPANT),
    (re.compile(r"(?:具体)?(?:组织)?负责(?:落实|实施|组织实施)?$|落实$|组织实施$"), Role.LEAD),
)
_PAIRED = re.compile(r"责任(?:单位|部门)：[^（）]{1,200}(?:配合|参加|参与|协办|协助)(?:单位|部门)")
_OPEN = re.compile(r"(?:等)?(?:有关|相关)?(?:市级|省级|区级|县级)?(?:部门|单位)?(?:和单位)?$")
_STANDING = re.compile(r"^以下(?:均|各|所有)?")
#: 各县（市、区）人民政府 after the departments carry out what those are responsible for.
_EVERY_PLACE = re.compile(r"各.{0,14}(?:人民政府|政府|管委会|管理委员会)")
_SEPARATOR = "，。；,;"
_OPENING, _CLOSING = "（【［[", "）】］]"
#: A label that follows on names without a mark between, or on a sentence that ended.
_LABEL_AHEAD = re.compile(r"(?:牵头|责任|主办|配合|参加|参与|协办|协助)(?:单位|部门)[：:]")
_LABELLED_END = re.compile(rf"(?<=。){_LABEL_AHEAD.pattern}[^。]{{2,300}}。?$")
#: What else a bracket may tell: a time limit, a leader; these are no bodies.
_NO_BODY = re.compile(
    r"(?:完成|办理)?(?:时限|时间|期限|日期)[：:]|(?:到|至|于)?\d{4}年|长期|持续|.{0,4}领导[：:]|责任人"
)
#: A name of a body, in a bracket that tells no role.
_BODY = re.compile(
    r"(?:省|市|区|县|州|盟|旗|各|国网|人民银行|共青团|团).{1,24}(?:局|委|委员会|办|办公室|厅|部|中心|政府|管委会|公司|会|处|支行|社|院|队)(?:等(?:部门|单位)?)?"
)
#: 等部门和各县政府, 以及…: a joiner that parts names (发展和改革 holds one that does not).
_JOINER = re.compile(r"、|(?<=等)和|(?<=部门)和|(?<=单位)和|[和及与](?=各)|以及")
#: A role that closes a list of names, whatever mark follows: 甲局牵头、乙局配合.
_ROLE_CLOSED = re.compile(
    r"(?:牵头|负责|配合|参与|参加|协助|协同)(?:负责|组织|落实|实施)?$|[局委办厅部会心府院位门]落实$"
)
_WITH = re.compile(r"(?<=.{2}[局委办厅部会心府])(?:会|协)同")


@dataclass(frozen=True, slots=True)
class Bracket:
    """What one responsibility bracket says. ``start``/``end`` are positions in the paragraph, brackets included.

    ``plain_label`` says that it opens with 责任单位, which names the lead, those who share, or those beside a lead:
    see ``settled``.
    """

    start: int
    end: int
    bodies: tuple[Body, ...]
    open_ended: bool
    standing: tuple[Body, ...]
    plain_label: bool = False


def brackets(paragraph: Paragraph, start: int = 0) -> list[Bracket]:
    """Every responsibility bracket of a paragraph from ``start`` on, and a 责任单位：… line without brackets."""
    text = paragraph.text
    label = _LABEL.match(text[start:])
    if label and re.match(r"[：:为]", text[start + label.end() - 1 :]) and len(text) - start < 400:
        return [_bracket(paragraph, start, len(text), start, len(text.rstrip("。")))]
    line = _LABELLED_END.search(text, start)
    if line and not enclosed(text, start, line.start()):
        return [_bracket(paragraph, line.start(), len(text), line.start(), len(text.rstrip("。")))]
    found = []
    for opening, closing in _outer(text, start):
        inside = text[opening + 1 : closing]
        if _is_responsibility(inside) and (_stands_apart(text, start, opening, closing) or _is_plain(inside)):
            found.append(_bracket(paragraph, opening, min(closing + 1, len(text)), opening + 1, closing))
    return found


def _is_responsibility(inside: str) -> bool:
    if all(_BODY.fullmatch(name) for name in re.split("[、，]", re.sub(r"（[^（）]*）", "", inside))):
        return True
    if not _ROLE_WORD.search(inside) or inside.startswith(("以下", "含", "包括")):
        return False
    return bool(
        _LABEL.match(inside)
        or _LABEL_AHEAD.search(inside)
        or any(pattern.search(piece) for piece in re.split(f"[、{_SEPARATOR}]", inside) for pattern, _ in _TAILS)
    )


def _stands_apart(text: str, start: int, opening: int, closing: int) -> bool:
    """A responsibility bracket closes a sentence or stands right behind the heading; one inside explains a word."""
    after = text[closing + 1 : closing + 2]
    return not after or after in "。；（）" or text[closing - 1] == "。" or opening == start


def _is_plain(inside: str) -> bool:
    """Whether a bracket inside a sentence says nothing but who does it: a label, or a body and its role."""
    first = re.split(f"[、{_SEPARATOR}]", inside)[0]
    cut = _tail(inside)[1]
    return bool(_LABEL_AHEAD.match(inside) or (cut < len(inside) and _BODY.fullmatch(first[: _tail(first)[1]])))


def _outer(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs; an unclosed one at the very end of the paragraph ends with it."""
    depth, opening = 0, -1
    for at in range(start, len(text)):
        if text[at] in _OPENING:
            opening = at if depth == 0 else opening
            depth += 1
        elif text[at] in _CLOSING and depth:
            depth -= 1
            if depth == 0:
                yield opening, at
    if depth and _LABEL.match(text[opening + 1 :]):
        yield opening, len(text)


def _bracket(paragraph: Paragraph, start: int, end: int, inner_start: int, inner_end: int) -> Bracket:
    role: Role | None = None
    bodies: list[Body] = []
    standing: list[Body] = []
    open_ended = False
    waiting: list[tuple[int, int]] = []  # segments whose role a later segment will tell
    everywhere = "以下" in paragraph.text[inner_start:inner_end] and "不再列出" in paragraph.text[inner_start:inner_end]
    for left, right in _segments(paragraph.text, inner_start, inner_end):
        segment = paragraph.text[left:right]
        if _STANDING.match(segment) or segment == "不再列出" or _NO_BODY.match(segment):
            continue
        label = _LABEL.match(segment)
        if label:
            beside = segment.startswith("责任") and any(body.role is Role.LEAD for body in bodies)
            role = Role.LEAD if label["lead"] and not beside else Role.PARTICIPANT
            left += label.end()
        tail_role, cut = _tail(segment)
        if tail_role and not label:
            right = left + cut
            waiting = waiting if role is None else []
            if everywhere and "落实" in segment[cut:]:
                standing += _names(paragraph, left, right, Role.STANDING)[0]
                continue
            with_others = _WITH.search(paragraph.text, left, right)
            if with_others:
                # 甲局会同乙局、丙局负责: the first leads, the others take part.
                bodies += _names(paragraph, left, with_others.start(), Role.LEAD)[0]
                left, role_here = with_others.end(), Role.PARTICIPANT
            else:
                role_here = _told(tail_role, paragraph.text, left, right, segment, bodies)
            for piece in (*waiting, (left, right)):
                names, opened = _names(paragraph, *piece, role_here)
                bodies += names
                open_ended |= opened
            waiting, role = [], None
        elif role is None:
            waiting.append((left, right))
        else:
            names, opened = _names(paragraph, left, right, role)
            bodies += names
            open_ended |= opened
    several = len(waiting) > 1 or any(_several(paragraph.text, *piece) for piece in waiting)
    for piece in waiting:
        names, opened = _names(paragraph, *piece, Role.SHARED if several else Role.LEAD)
        bodies += names
        open_ended |= opened
    plain_label = bool(re.match(r"责任(?:单位|部门)", paragraph.text[inner_start:inner_end]))
    return Bracket(start, end, tuple(bodies), open_ended, tuple(standing), plain_label)


def pairs_labels(texts: Iterable[str]) -> bool:
    """Whether a document sets 责任单位 against 配合单位: then 责任单位 are leads wherever they stand."""
    return any(_PAIRED.search(text) for text in texts)


def settled(found: list[Bracket], *, paired: bool) -> list[Body]:
    """The bodies of one item: 责任单位 beside a 牵头单位 take part; alone, several share and one leads.

    ``paired`` says that the document sets 责任单位 against 配合单位 elsewhere: then they lead here too.
    """
    beside = any(body.role is Role.LEAD for bracket in found if not bracket.plain_label for body in bracket.bodies)
    bodies: list[Body] = []
    for bracket in found:
        leads = [body for body in bracket.bodies if body.role is Role.LEAD]
        shared = len(leads) == len(bracket.bodies) > 1 and not paired
        role = Role.PARTICIPANT if beside else Role.SHARED if shared else Role.LEAD
        bodies += [
            replace(body, role=role) if bracket.plain_label and body in leads else body for body in bracket.bodies
        ]
    return bodies


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces between commas and stops that are not inside an inner bracket."""
    depth, left = 0, start
    for at in range(start, end):
        depth += (text[at] in "（<〔[") - (text[at] in "）>〕]")
        if depth:
            continue
        if text[at] in _SEPARATOR or (text[at] == "、" and _ROLE_CLOSED.search(text[left:at])):
            if at > left:
                yield left, at
            left = at + 1
        elif at > left and _LABEL_AHEAD.match(text, at):
            yield left, at
            left = at
    if end > left:
        yield left, end


def _tail(segment: str) -> tuple[Role | None, int]:
    for pattern, role in _TAILS:
        found = pattern.search(segment)
        if found and found.start() > 0:
            return role, found.start()
    return None, len(segment)


def _told(role: Role, text: str, left: int, right: int, segment: str, bodies: list[Body]) -> Role:
    """What the words behind names make them: …负责 of several, or beside a lead, is shared; of one alone, lead."""
    tail = segment[right - left :]
    if "落实" in tail and bodies and _EVERY_PLACE.match(segment):
        return Role.STANDING
    if role is Role.LEAD and "牵头" not in tail and (bodies or _several(text, left, right)):
        return Role.SHARED
    return role


#: What is left of a role in a name that was not told apart.
_ROLE_LEFT = re.compile(r"牵头|(?:负责|配合|参与|参加|协助|落实|职责)$|[：；]")


def doubts_of(bodies: Iterable[Body]) -> tuple[Doubt, ...]:
    """A name that still holds a role word was not told apart."""
    return tuple(
        Doubt(
            "body_name",
            0.4,
            Message(
                f"责任单位“{body.name}”含有职责用语，括号未能拆分清楚，请核对。",
                f"The body “{body.name}” still holds words of its role: the bracket was not told apart; please check.",
            ),
        )
        for body in bodies
        if _ROLE_LEFT.search(plain(body.name))
    )


def _several(text: str, left: int, right: int) -> bool:
    return sum(1 for _ in _listed(text, left, right)) > 1


def _names(paragraph: Paragraph, left: int, right: int, role: Role) -> tuple[list[Body], bool]:
    """The bodies between two positions, split at 、 and 和; the second value tells whether the list ends in 等."""
    text = paragraph.text
    names: list[Body] = []
    opened = False
    for start, end in _listed(text, left, right):
        while start < end and text[start] in "由：:":
            start += 1
        name = text[start:end]
        cut = _OPEN.search(name)
        if cut and "等" in cut[0]:
            opened, end = True, start + cut.start()
        if end > start:
            names.append(Body(paragraph.printed[start:end], role, paragraph.span(start, end)))
    return names, opened


def _listed(text: str, left: int, right: int) -> Iterator[tuple[int, int]]:
    depth, start = 0, left
    for at in range(left, right):
        depth += (text[at] in "（<〔[") - (text[at] in "）>〕]")
        joiner = _JOINER.match(text, at, right) if depth == 0 and at >= start else None
        if joiner:
            yield start, at
            start = joiner.end()
    yield start, right
