"""Who may do what, where: the table cell by cell, the same for one thing (`may`) and for a query (`visible`)."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people import roles
from shuangkong.records.people.access import Forbidden, Where, may, require, visible
from shuangkong.records.people.acting import PUBLIC, Acting, acting, actings, appoint, withdraw
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Matter, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.succession import succeed_body, succeed_region
from shuangkong.records.registry.tree import Change, bodies_answered_for, heirs

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
PLACES = {
    "province": "/100000/",
    "city": "/100000/100100/",
    "county": "/100000/100100/100101/",
    "town": "/100000/100100/100101/100101001/",
    "neighbour": "/100000/100100/100102/",
    "elsewhere": "/200000/",
}
OWN_BODY, OTHER_BODY = 7, 8

#: What each word of the table means for one who acts for body 7 in the county: where he may, and whose matters.
MEANS = {
    "none": set(),
    "own": {(place, OWN_BODY) for place in PLACES},
    "here": {("county", OWN_BODY), ("county", OTHER_BODY)},
    "below": {(place, body) for place in ("county", "town") for body in (OWN_BODY, OTHER_BODY)},
    "below_own": {(p, b) for p in PLACES for b in (7, 8) if p in ("county", "town") or b == OWN_BODY},
    "line": {(p, b) for p in ("province", "city", "county", "town") for b in (OWN_BODY, OTHER_BODY)},
    "all": {(place, body) for place in PLACES for body in (OWN_BODY, OTHER_BODY)},
    "given": set(),  # what is given is told by the thing: test_what_is_given
    "competent": {(p, b) for p in PLACES for b in (7, 8) if p in ("county", "town") or b == OWN_BODY},
}
#: A body whose name says what it is competent for.
COMPETENT_BODY = "县生态环境局"
TABLE = list(csv.DictReader(roles.MATRIX.read_text(encoding="utf-8").splitlines()))
CELLS = [(row["action"], role, row[role]) for row in TABLE for role in row if role not in ("action", "zh")]


@pytest.fixture
def tree() -> None:
    registry.save_regions(
        [
            RegionRow("100000", "甲省", "province"),
            RegionRow("100100", "清河市", "city", "100000"),
            RegionRow("100101", "城关区", "county", "100100"),
            RegionRow("100102", "柳林县", "county", "100100"),
            RegionRow("100101001", "东街镇", "town", "100101"),
            RegionRow("200000", "乙省", "province"),
        ]
    )


@pytest.fixture
def office(tree: None) -> Body:
    return Body.objects.create(region_id="100101", name="区发展改革局")


def person(name: str) -> Person:
    return Person.objects.create_user(name, password=None)


def test_the_table_has_every_role_and_every_action() -> None:
    assert {row["action"] for row in TABLE} == {action.value for action in Action}
    assert set(TABLE[0]) - {"action", "zh"} == {role.value for role in Role}
    assert len(CELLS) == len(Role) * len(Action)


@pytest.mark.usefixtures("tree")
def test_paths_are_those_of_the_tree() -> None:
    assert set(Region.objects.values_list("path", flat=True)) == set(PLACES.values())


@pytest.mark.parametrize(("action", "role", "word"), CELLS)
def test_a_cell_means_what_it_says(action: str, role: str, word: str) -> None:
    name = COMPETENT_BODY if word == "competent" or " if " in word else ""
    said = {"body": OWN_BODY, "body_name": name, "bodies": frozenset({OWN_BODY})}
    one = Acting("li", Role(role), paths=(PLACES["county"],), **said)
    granted = {
        (place, body)
        for place, path in PLACES.items()
        for body in (OWN_BODY, OTHER_BODY)
        if may(one, Action(action), Where(path, frozenset({body})))
    }
    assert granted == MEANS[word.partition(" if ")[0]]
    assert may(one, Action(action)) is (word != "none")


@pytest.mark.parametrize(("action", "role", "word"), [cell for cell in CELLS if " if " in cell[2]])
def test_a_cell_that_says_of_which_things(action: str, role: str, word: str) -> None:
    """A thing of another's matter is reached as ``else`` says; ``open``: only a closed one."""
    far, _, more = word.partition(" if ")
    when, _, otherwise = more.partition(" else ")
    closed, other, nobodys = (Matter(("统计",), is_closed=True), Matter(("能源",)), Matter())
    statistics, transport = acting_for(role, "县统计局"), acting_for(role, "县交通运输局")
    assert granted(statistics, action, closed) == MEANS[far]
    assert granted(transport, action, closed) == MEANS[otherwise or "none"]
    for matter in (other, nobodys):
        wanted = far if when == "open" else otherwise or "none"
        assert granted(transport, action, matter) == MEANS[wanted]
    assert granted(acting_for(role, "县能源局"), action, other) == MEANS[far]


def acting_for(role: str, name: str) -> Acting:
    said = {"body": OWN_BODY, "body_name": name, "bodies": frozenset({OWN_BODY})}
    return Acting("li", Role(role), paths=(PLACES["county"],), **said)


def granted(one: Acting, action: str, matter: Matter) -> set[tuple[str, int]]:
    return {
        (place, body)
        for place, path in PLACES.items()
        for body in (OWN_BODY, OTHER_BODY)
        if may(one, Action(action), Where(path, frozenset({body}), matter))
    }


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("name", ["区统计局", "区交通运输局", ""])
@pytest.mark.parametrize(("action", "role", "word"), [cell for cell in CELLS if " if " in cell[2]])
def test_a_query_parts_things_by_their_matter(name: str, action: str, role: str, word: str) -> None:
    """Of the county the things are closed, of the town open, of other places nobody's."""
    matters = {Matter(("统计",), is_closed=True): Q(level="county"), Matter(("能源",)): Q(level="town")}
    of = {"county": Matter(("统计",), is_closed=True), "town": Matter(("能源",))}
    one = acting_for(role, name)
    seen = set(Region.objects.filter(visible(one, Action(action), matters=matters)).values_list("pk", flat=True))
    assert seen == {
        row.pk
        for row in Region.objects.all()
        if may(one, Action(action), Where(row.path, matter=of.get(row.level, Matter())))
    }


@pytest.mark.parametrize(("action", "role"), [(action, role) for action, role, word in CELLS if word == "competent"])
def test_a_department_that_is_competent_for_nothing_of_it_may_nothing(action: str, role: str) -> None:
    said = {"body": OWN_BODY, "body_name": "县财政局", "bodies": frozenset({OWN_BODY})}
    one = Acting("li", Role(role), paths=(PLACES["county"],), **said)
    assert not may(one, Action(action))
    assert not may(one, Action(action), Where(PLACES["county"], frozenset({OWN_BODY})))


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(("action", "role", "word"), CELLS)
def test_a_query_shows_what_a_cell_grants(action: str, role: str, word: str) -> None:
    one = Acting("li", Role(role), paths=(PLACES["county"],))
    seen = set(Region.objects.filter(visible(one, Action(action))).values_list("path", flat=True))
    assert seen == {path for path in PLACES.values() if may(one, Action(action), Where(path))}


def test_own_sees_what_its_body_takes_part_in(office: Body) -> None:
    other = Body.objects.create(region_id="100101", name="区生态环境局")
    one = Acting("li", Role.DEPARTMENT, body=office.pk, bodies=frozenset({office.pk}), paths=(PLACES["county"],))
    seen = Body.objects.filter(visible(one, Action.TASK_READ, "region__path", "pk"))
    assert list(seen) == [office]
    assert other not in seen


def test_nobody_without_a_role_may_anything_at_all() -> None:
    assert not [action for action in Action if may(PUBLIC, action)]
    with pytest.raises(Forbidden, match="PPL-201"):
        require(PUBLIC, Action.PLAN_READ)


def test_a_person_acts_as_appointed_while_it_lasts(office: Body) -> None:
    today, li = timezone.localdate(), person("li")
    assert acting(li, today) is None
    made = appoint(
        "li", Role.DEPARTMENT, ADMINISTRATOR, "任命文件", office.pk, "100101", ends_on=today + timedelta(days=9)
    )
    now = acting(li, today)
    assert now is not None
    assert (now.role, now.body_name, now.paths) == (Role.DEPARTMENT, "区发展改革局", (PLACES["county"],))
    assert acting(li, today - timedelta(days=1)) is None
    assert acting(li, today + timedelta(days=10)) is None
    withdraw(made, ADMINISTRATOR, "调离")
    assert acting(li, today) is None
    assert [row.act for row in journal.of_subject("person/li")] == ["people.appoint", "people.withdraw"]


def test_a_person_with_several_appointments_chooses(office: Body) -> None:
    today, li = timezone.localdate(), person("li")
    first = appoint("li", Role.DEPARTMENT, ADMINISTRATOR, "任命", office.pk, "100101")
    second = appoint("li", Role.PLAN_OFFICE, ADMINISTRATOR, "兼任", office.pk, "100100")
    assert [each.appointment for each in actings(li, today)] == [second, first]
    chosen = acting(li, today, chosen=first)
    assert chosen is not None
    assert chosen.role is Role.DEPARTMENT


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"ground": " "}, "PPL-102"),
        ({"role": Role.PUBLIC}, "PPL-103"),
        ({"body": None}, "PPL-104"),
        ({"region": None}, "PPL-105"),
        ({"ends_on": date(2000, 1, 1)}, "PPL-106"),
        ({"person": "nobody"}, "PPL-101"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused(office: Body, said: dict[str, object], code: str) -> None:
    person("li")
    asked = {"person": "li", "role": Role.DEPARTMENT, "by": ADMINISTRATOR, "ground": "任命", "body": office.pk}
    with pytest.raises(Refused, match=code):
        appoint(**(asked | {"region": "100101"} | said))  # type: ignore[arg-type]
    assert journal.head()[0] == 0


def test_a_merged_region_is_seen_from_what_it_became(office: Body) -> None:
    today, li = timezone.localdate(), person("li")
    succeed_region("100102", "100101", today, "撤并批复", ADMINISTRATOR)
    appoint("li", Role.PLAN_OFFICE, ADMINISTRATOR, "任命", office.pk, "100101")
    now = acting(li, today)
    assert now is not None
    assert may(now, Action.TASK_READ, Where(PLACES["neighbour"]))
    before = acting(li, today - timedelta(days=1))
    assert before is None or not may(before, Action.TASK_READ, Where(PLACES["neighbour"]))


def test_what_a_body_owed_is_owed_by_its_heirs(office: Body) -> None:
    today = timezone.localdate()
    bureau = Body.objects.create(region_id="100101", name="区发展和改革局")
    succeed_body(office.pk, bureau.pk, Change.RENAMED, today, "机构改革方案", ADMINISTRATOR)
    assert heirs(office.pk, today) == {bureau.pk}
    assert heirs(office.pk, today - timedelta(days=1)) == {office.pk}
    assert bodies_answered_for(bureau.pk, today) == {bureau.pk, office.pk}
    with pytest.raises(Refused, match="REG-105"):
        succeed_body(bureau.pk, office.pk, Change.RENAMED, today, "反复", ADMINISTRATOR)


def test_a_renewed_appointment_leaves_todays_until_it_begins(office: Body) -> None:
    today, li = timezone.localdate(), person("li")
    begins = today + timedelta(days=40)
    said = ("li", Role.DEPARTMENT, ADMINISTRATOR, "任命", office.pk, "100101")
    first = appoint(*said)
    later = appoint(*said, starts_on=begins)

    def held(day: date) -> list[int | None]:
        return [each.appointment for each in actings(li, day)]

    assert (held(today), held(begins - timedelta(days=1)), held(begins)) == ([first], [first], [later])
    withdraw(later, ADMINISTRATOR, "不再续任")
    assert (held(today), held(begins)) == ([first], [first])
    with pytest.raises(Refused, match="PPL-107"):
        withdraw(later, ADMINISTRATOR, "再收一次")
    withdraw(first, ADMINISTRATOR, "调离")
    assert (held(today), held(begins)) == ([], [])


def test_a_new_end_of_an_appointment_holds_from_its_first_day(office: Body) -> None:
    today, li = timezone.localdate(), person("li")
    said = ("li", Role.DEPARTMENT, ADMINISTRATOR, "任命", office.pk, "100101")
    appoint(*said)
    appoint(*said, ends_on=today + timedelta(days=3))
    assert len(actings(li, today + timedelta(days=3))) == 1
    assert actings(li, today + timedelta(days=4)) == ()
