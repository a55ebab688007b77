"""角色、事项和范围: the table of who may do what, and where (matrix.csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

MATRIX = Path(__file__).with_name("matrix.csv")
COMPETENCES = Path(__file__).with_name("competences.csv")


class Role(StrEnum):
    """What a person is at a place. PUBLIC is whoever has not logged in."""

    ADMINISTRATOR = "administrator"
    PLAN_OFFICE = "plan_office"
    LEADING_GROUP = "leading_group"
    DEPARTMENT = "department"
    REGION = "region"
    REPORTER = "reporter"
    SIGNATORY = "signatory"
    VERIFIER = "verifier"
    AUDITOR = "auditor"
    PUBLIC = "public"


class Reach(StrEnum):
    """How far an action goes.

    NONE nowhere; OWN what the person's own body takes part in; HERE the person's own place; BELOW that and everything
    under it; BELOW_OWN that and what the person's own body takes part in, wherever it is; LINE the own place, what is
    under it and the places above it; COMPETENT as BELOW_OWN for a department that is competent for the matter
    (competences.csv), and nowhere for any other; GIVEN what is given to the person's own body to look into, wherever it
    is, and only while it is; ALL everywhere.
    """

    NONE = "none"
    OWN = "own"
    HERE = "here"
    GIVEN = "given"
    COMPETENT = "competent"
    BELOW = "below"
    BELOW_OWN = "below_own"
    LINE = "line"
    ALL = "all"


class When(StrEnum):
    """Of which things a cell speaks: COMPETENT, those for whose matter the person's body is competent by its name;
    OPEN, those and whatever is not closed (Matter)."""

    COMPETENT = "competent"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Matter:
    """Whose business a thing is: ``words`` of competences.csv, any of them; nobody's with none. ``is_closed``: it names
    units that told it for statistics alone, so that only who is concerned with it comes near."""

    words: tuple[str, ...] = ()
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Charges:
    """What the register of competences says of a body at its place: words that it is named for (``held``), and those
    that another is (``of_others``). It goes before what names say."""

    held: frozenset[str] = frozenset()
    of_others: frozenset[str] = frozenset()


NO_CHARGES = Charges()


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of the table says: ``reach``, or that only ``when`` and elsewhere ``otherwise``; in the file ``below
    if competent``, ``below_own if open else own``."""

    reach: Reach
    when: When | None = None
    otherwise: Reach = Reach.NONE

    @classmethod
    def parse(cls, text: str) -> Cell:
        """Raises ValueError for a word that is not known."""
        far, _, more = text.partition(" if ")
        when, _, otherwise = more.partition(" else ")
        return cls(Reach(far), When(when) if more else None, Reach(otherwise or Reach.NONE))

    def of(self, body_name: str, action: Action, matter: Matter | None = None, charges: Charges = NO_CHARGES) -> Reach:
        """How far it goes in a matter for somebody of a body with its ``charges``; None: in any matter whatever."""
        if self.reach is Reach.COMPETENT:
            word = action.value.partition(".")[0]
            return Reach.BELOW_OWN if _is_competent(body_name, (word,), charges) else Reach.NONE
        if self.when is None or (self.when is When.OPEN and (matter is None or not matter.is_closed)):
            return self.reach
        words = _competent_names() if matter is None else matter.words
        return self.reach if _is_competent(body_name, words, charges) else self.otherwise


class Action(StrEnum):
    """What can be done; one row of the table each."""

    PLAN_READ = "plan.read"
    PLAN_UPLOAD = "plan.upload"
    PLAN_REVIEW = "plan.review"
    PLAN_ADOPT = "plan.adopt"
    PLAN_COMPARE = "plan.compare"
    ACTUAL_READ = "actual.read"
    ACTUAL_LOAD = "actual.load"
    CERTIFICATE_READ = "certificate.read"
    CERTIFICATE_RECORD = "certificate.record"
    BODY_READ = "body.read"
    BODY_CONFIRM = "body.confirm"
    ENTERPRISE_READ = "enterprise.read"
    ENTERPRISE_REGISTER = "enterprise.register"
    TASK_READ = "task.read"
    TASK_ASSIGN = "task.assign"
    TASK_REPORT = "task.report"
    TASK_CONFIRM = "task.confirm"
    TASK_JUDGE = "task.judge"
    TASK_EXTEND = "task.extend"
    TASK_ESCALATE = "task.escalate"
    MEETING_READ = "meeting.read"
    MEETING_HOLD = "meeting.hold"
    MATTER_READ = "matter.read"
    MATTER_RAISE = "matter.raise"
    MATTER_ACKNOWLEDGE = "matter.acknowledge"
    LISTING_SUPERVISE = "listing.supervise"
    ASSESSMENT_READ = "assessment.read"
    ASSESSMENT_CONDUCT = "assessment.conduct"
    ASSESSMENT_ANSWER = "assessment.answer"
    ASSESSMENT_APPROVE = "assessment.approve"
    COMMENDATION_READ = "commendation.read"
    COMMENDATION_PROPOSE = "commendation.propose"
    COMMENDATION_PUBLICISE = "commendation.publicise"
    COMMENDATION_APPROVE = "commendation.approve"
    COMMENDATION_ANNOUNCE = "commendation.announce"
    DECOMPOSITION_READ = "decomposition.read"
    DECOMPOSITION_PREPARE = "decomposition.prepare"
    DECOMPOSITION_ADOPT = "decomposition.adopt"
    EMISSION_READ = "emission.read"
    EMISSION_LOAD = "emission.load"
    EMISSION_REGISTER = "emission.register"
    EMISSION_REPORT = "emission.report"
    EMISSION_CHECK = "emission.check"
    EMISSION_REVIEW = "emission.review"
    EMISSION_RECOGNISE = "emission.recognise"
    PAPER_MAKE = "paper.make"
    BULLETIN_PREPARE = "bulletin.prepare"
    BULLETIN_APPROVE = "bulletin.approve"
    BULLETIN_PUBLISH = "bulletin.publish"
    BAROMETER_PREPARE = "barometer.prepare"
    BAROMETER_APPROVE = "barometer.approve"
    BAROMETER_PUBLISH = "barometer.publish"
    HEADROOM_RECORD = "headroom.record"
    RESPONSE_DECIDE = "response.decide"
    PROJECT_READ = "project.read"
    PROJECT_REGISTER = "project.register"
    PROJECT_DISPATCH = "project.dispatch"
    WEATHER_READ = "weather.read"
    WEATHER_RECORD = "weather.record"
    WEATHER_ORDER = "weather.order"
    MONITORING_READ = "monitoring.read"
    MONITORING_REGISTER = "monitoring.register"
    MONITORING_LIMIT = "monitoring.limit"
    MONITORING_ORDER = "monitoring.order"
    MONITORING_MARK = "monitoring.mark"
    MONITORING_EXPLAIN = "monitoring.explain"
    MONITORING_HANDLE = "monitoring.handle"
    MONITORING_SERVE = "monitoring.serve"
    MONITORING_SIFT = "monitoring.sift"
    MONITORING_PUBLISH = "monitoring.publish"
    MONITORING_SECRET = "monitoring.secret"
    MONITORING_CONNECT = "monitoring.connect"
    MONITORING_UPLOAD = "monitoring.upload"
    MONITORING_PASS_ON = "monitoring.pass_on"
    NOTICE_READ = "notice.read"
    NOTICE_ACKNOWLEDGE = "notice.acknowledge"
    RETURN_READ = "return.read"
    RETURN_FILE = "return.file"
    RETURN_SIGN = "return.sign"
    RETURN_REVIEW = "return.review"
    RETURN_APPROVE = "return.approve"
    RETURN_VERIFY = "return.verify"
    VERIFICATION_READ = "verification.read"
    VERIFICATION_COMMISSION = "verification.commission"
    VERIFICATION_ANSWER = "verification.answer"
    ENTRY_READ = "entry.read"
    ENTRY_TELL = "entry.tell"
    ENTRY_DECIDE = "entry.decide"
    WINDOW_OPEN = "window.open"
    STAFF_RECORD = "staff.record"
    AGENT_APPOINT = "agent.appoint"
    EXCHANGE_IMPORT = "exchange.import"
    EXCHANGE_EXPORT = "exchange.export"
    PEOPLE_READ = "people.read"
    PEOPLE_APPOINT = "people.appoint"
    COMPETENCE_NAME = "competence.name"
    REGISTRY_CHANGE = "registry.change"
    JOURNAL_READ = "journal.read"
    TOKEN_HOLD = "token.hold"


@cache
def matrix() -> Mapping[tuple[Role, Action], Cell]:
    """The whole table; raises ValueError or KeyError where it lacks a cell or names what is not known."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = {Action(row["action"]): row for row in csv.DictReader(file)}
    return {(role, action): Cell.parse(rows[action][role.value]) for role in Role for action in Action}


def reach(role: Role, action: Action) -> Reach:
    """How far a role may go with an action, at the most."""
    return matrix()[role, action].reach


@cache
def _competent_names() -> Mapping[str, tuple[str, ...]]:
    """Word of the matter → what the names of departments competent for it hold."""
    with COMPETENCES.open(encoding="utf-8", newline="") as file:
        return {row["word"]: tuple(row["names"].split()) for row in csv.DictReader(file)}


def names_of(matter: str) -> tuple[str, ...]:
    """What the names of departments competent for a matter hold; none where nobody is named for it."""
    return _competent_names().get(matter, ())


@cache
def matters() -> tuple[str, ...]:
    """One word for each matter of competences.csv, in its order: of words for the same departments the Chinese."""
    known = _competent_names()
    return tuple(
        word
        for word in known
        if not word.isascii() or not any(not o.isascii() and known[o] == known[word] for o in known)
    )


def same_matter(word: str) -> frozenset[str]:
    """Words of competences.csv that mean the same departments as one."""
    known = _competent_names()
    return frozenset(other for other, names in known.items() if names == known.get(word))


def goes_with(word: str) -> tuple[Action, ...]:
    """What a department may do for being competent, by a word or for a thing that is its matter."""
    cells = ((each, matrix()[Role.DEPARTMENT, each]) for each in Action)
    return tuple(
        each
        for each, cell in cells
        if cell.when is not None
        or (cell.reach is Reach.COMPETENT and each.value.partition(".")[0] in same_matter(word))
    )


def _is_competent(body_name: str, words: Iterable[str], charges: Charges) -> bool:
    """Whether a body is competent for one of some words: it is named for it; where nobody is, by its name."""
    return any(
        word in charges.held or (word not in charges.of_others and any(each in body_name for each in names_of(word)))
        for word in words
    )
