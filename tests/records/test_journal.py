"""The journal: appended in one chain, refused to be changed by the database, re-checked by a command of its own."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shuangkong.cli import main
from shuangkong.core.chain import seal
from shuangkong.records.journal import store
from shuangkong.records.journal.anchors import anchors, keep_anchor
from shuangkong.records.journal.digest import sm3
from shuangkong.records.journal.models import JournalHead, JournalRow
from shuangkong.records.journal.rows import Act
from shuangkong.records.registry.models import Enterprise, EnterpriseEvent, Region

pytestmark = pytest.mark.django_db


def act(subject: str = "task/1", **said: object) -> Act:
    return Act("li", "task.accept", subject, **said)  # type: ignore[arg-type]


@pytest.fixture
def three() -> None:
    store.append_all(
        [act(ground="材料齐全"), act("task/2", place="/990000/999901/"), act(before=None, after={"v": Decimal("1.50")})]
    )


def test_sm3_is_that_of_the_standard() -> None:
    """GB/T 32905, example 1 of its annex."""
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_rows_are_numbered_without_a_gap_and_seal_each_other(three: None) -> None:
    assert store.append(act()) == 4
    rows = list(JournalRow.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    assert [row.previous for row in rows[1:]] == [row.digest for row in rows[:-1]]
    assert store.head() == (4, rows[-1].digest)


def test_a_figure_is_written_with_its_digits(three: None) -> None:
    assert store.of_subject("task/1")[-1].after == '{"v": "1.50"}'


def test_an_act_that_fails_leaves_no_row() -> None:
    with transaction.atomic():
        store.append(act())
        transaction.set_rollback(True)
    assert store.head()[0] == 0
    assert store.append(act()) == 1


def test_the_database_refuses_to_change_a_row(three: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalRow.objects.filter(sequence=2).update(ground="另一个理由")


def test_a_place_sees_its_own_and_what_lies_below(three: None) -> None:
    assert [row.subject for row in store.of_place("/990000/")] == ["task/2"]
    assert [row.subject for row in store.of_place("/99000/")] == []
    assert len(store.of_place("/")) == 3


def test_a_place_is_found_by_an_index(three: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads so small a table whole, unless told otherwise
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} SELECT * FROM journal_journalrow WHERE place >= '/99/' AND place < '/990'")
        assert "journal_place" in str(cursor.fetchall())


def test_as_of_a_past_day_shows_what_was_known_then(three: None) -> None:
    today = timezone.localdate()
    assert len(store.of_subject("task/1", until=today)) == 2
    assert store.of_subject("task/1", until=today - timedelta(days=1)) == ()


def exported(path: Path) -> list[dict[str, object]]:
    assert main(["journal", "export", "--file", str(path)]) == 0
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def verified(path: Path, rows: list[dict[str, object]], *more: str) -> int:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return main(["journal", "verify", "--file", str(path), *more])


def test_the_command_finds_the_whole_journal_good(three: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify"]) == 0
    assert "日志完整：3 行" in capsys.readouterr().out


def test_the_command_finds_a_row_altered_behind_the_stores_back(
    three: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        on = " ON journal_journalrow" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER journal_row_no_UPDATE{on}")
        cursor.execute("UPDATE journal_journalrow SET ground = '改过' WHERE sequence = 1")
    assert main(["journal", "verify"]) == 1
    assert "第 1 行" in capsys.readouterr().out


def test_the_command_finds_rows_dropped_at_the_end(three: None, capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_journalrow WHERE sequence = 3")
    assert main(["journal", "verify"]) == 1
    assert "JRN-902" in capsys.readouterr().out


def test_an_exported_journal_is_checked_without_the_database(three: None, tmp_path: Path) -> None:
    rows = exported(tmp_path / "a.jsonl")
    assert verified(tmp_path / "b.jsonl", rows, "--anchor", f"3:{rows[2]['digest']}") == 0
    assert verified(tmp_path / "b.jsonl", [rows[0], rows[2], rows[1]]) == 1
    assert verified(tmp_path / "b.jsonl", rows[:2], "--anchor", f"3:{rows[2]['digest']}") == 1
    assert verified(tmp_path / "b.jsonl", [rows[0] | {"author": "wang"}, *rows[1:]]) == 1


def test_wrong_use_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify", "--file", str(tmp_path / "none.jsonl")]) == 2
    assert main(["journal", "verify", "--anchor", "three"]) == 2
    assert "JRN-901" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[]", "应为 JSON 对象"),
        ('{"sequence": "1"}', "sequence 应为整数"),
        ('{"sequence": 1, "previous": null}', "previous 应为文本"),
        ("{", "第 1 行"),
    ],
)
def test_a_file_that_is_no_export_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    (tmp_path / "a.jsonl").write_text(line + "\n", encoding="utf-8")
    assert main(["journal", "verify", "--file", str(tmp_path / "a.jsonl")]) == 2
    told = capsys.readouterr().err
    assert ("JRN-901" in told, "第 1 行" in told, said in told) == (True, True, True)


def test_an_export_without_anchor_is_not_called_whole_without_a_word(
    three: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = exported(tmp_path / "a.jsonl")
    assert verified(tmp_path / "b.jsonl", rows[:2]) == 0
    assert "末尾有没有被删去，没有核对" in capsys.readouterr().out
    verified(tmp_path / "b.jsonl", rows, "--anchor", f"3:{rows[2]['digest']}")
    assert "没有核对" not in capsys.readouterr().out


def _unguarded(*triggers: str) -> None:
    with connection.cursor() as cursor:
        for name, table in (each.split() for each in triggers):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _forged(**said: object) -> JournalRow:
    """A row that seals the last one well, as whoever knows the rule can make it."""
    sequence, digest = store.head()
    content = dict.fromkeys(store.SEALED, "") | {"author": "li", "act": "plan.adopt"} | said
    return JournalRow(
        sequence=sequence + 1, previous=digest, digest=seal(sequence + 1, content, digest, sm3), **content
    )


def test_a_row_put_in_behind_the_head_is_found(three: None, capsys: pytest.CaptureFixture[str]) -> None:
    _forged().save(force_insert=True)
    assert main(["journal", "verify"]) == 1
    assert "第 4 行" in capsys.readouterr().out


def test_the_database_refuses_a_row_that_does_not_follow(three: None) -> None:
    for change in ({"previous": "0" * 64}, {"sequence": 9}):
        row = _forged()
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.save(force_insert=True)


def test_the_database_refuses_a_head_that_goes_back_or_away(three: None) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalHead.objects.update(sequence=2)
    guards = import_module("shuangkong.records.journal.migrations.0003_chain_guards")
    told = guards._SQLITE if connection.vendor == "sqlite" else guards._POSTGRESQL
    with connection.cursor() as cursor:
        cursor.execute(next(each for each in told if "journal_head_stays" in each))  # tests go without it
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        JournalHead.objects.all().delete()
    assert store.head()[0] == 3


def _cut(sequence: int) -> None:
    """The rows from a number on and the head with them, by whoever may drop triggers."""
    _unguarded(
        "journal_row_no_DELETE journal_journalrow",
        "journal_head_goes_on journal_journalhead",
        "journal_head_stays journal_journalhead",
    )
    JournalRow.objects.filter(sequence__gte=sequence).delete()
    last = JournalRow.objects.order_by("-sequence").first()
    if last is None:
        JournalHead.objects.all().delete()
    else:
        JournalHead.objects.update(sequence=last.sequence, digest=last.digest)


@pytest.mark.parametrize("first", [1, 3])
def test_a_tail_cut_with_its_head_is_found_by_what_was_kept_elsewhere(
    three: None, settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], first: int
) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    today = timezone.localdate()
    assert (keep_anchor(today), keep_anchor(today), keep_anchor(today + timedelta(days=1))) == (True, False, True)
    assert [(each.on, each.sequence) for each in anchors()] == [(today, 3), (today + timedelta(days=1), 3)]
    assert main(["journal", "verify"]) == 0
    _cut(first)
    assert main(["journal", "verify"]) == 1
    assert "第 3 行" in capsys.readouterr().out


def test_a_tail_cut_with_its_head_is_found_by_the_records_that_point_to_it(
    three: None, settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    one = Enterprise.objects.create(name="云桥水泥", region=Region.objects.create(code="990100", name="云桥县"))
    EnterpriseEvent.objects.create(
        enterprise=one, name=one.name, region=one.region, kind="register", on=timezone.localdate(), ground="核实",
        author="li", at=timezone.now(), journal=3,
    )  # fmt: skip
    assert main(["journal", "verify"]) == 0
    _cut(3)
    assert main(["journal", "verify"]) == 1
    assert "registry_enterpriseevent" in capsys.readouterr().out


def test_an_empty_journal_keeps_no_anchor(settings: object, tmp_path: Path) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    assert not keep_anchor(timezone.localdate())
    assert anchors() == ()


def test_a_row_whose_text_is_no_text_is_a_break(three: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps bytes in a column of text")
    _unguarded("journal_row_no_UPDATE journal_journalrow")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_journalrow SET ground = x'00ff' WHERE sequence = 2")
    assert main(["journal", "verify"]) == 1
