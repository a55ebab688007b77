"""What SHUANGKONG_DATABASE may say."""

from __future__ import annotations

from pathlib import Path

from shuangkong.web.site.database import database

USUAL = Path("/usual.sqlite3")


def test_nothing_said_is_the_usual_file() -> None:
    assert database("", USUAL)["NAME"] == USUAL


def test_a_path_is_a_file_that_survives_a_power_cut() -> None:
    told = database("/elsewhere.db", USUAL)
    assert (told["ENGINE"], told["NAME"]) == ("django.db.backends.sqlite3", "/elsewhere.db")
    assert "synchronous=FULL" in told["OPTIONS"]["init_command"]


def test_an_address_is_a_server_with_its_signs_unquoted() -> None:
    told = database("postgresql://site:p%40ss@db.example:6432/the%20site?sslmode=require", USUAL)
    wanted = {"USER": "site", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "6432", "NAME": "the site"}
    assert {name: told[name] for name in wanted} == wanted
    assert told["ENGINE"] == "django.db.backends.postgresql"
    assert told["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off"}


def test_an_address_may_say_options_of_its_own() -> None:
    told = database("postgresql://site@db.example/site?options=-c%20work_mem%3D64MB", USUAL)
    assert told["OPTIONS"] == {"options": "-c work_mem=64MB"}
