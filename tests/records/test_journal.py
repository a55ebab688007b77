"""The journal: appended in one chain, refused to be changed by the database, re-checked by a command of its own."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shuangkong.cli import main
from shuangkong.records.journal import store
from shuangkong.records.journal.digest import sm3
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.journal.rows import Act

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
