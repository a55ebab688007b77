"""时期写错了: what no figure has as its period is refused in words, on every page of figures, never a broken page."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HERE = "990100"
PAGES = (
    "indicators/", "indicators/intensity/", "indicators/analysis/", "indicators/compare/", "indicators/bulletins/",
    "indicators/bulletins/prepare/", "indicators/gaps/", "indicators/scopes/", "indicators/balance/",
    "indicators/balance/form/", "indicators/flows/", "indicators/structure/", "indicators/reconciliation/",
    "indicators/emissions/", "indicators/emissions/reductions/", "indicators/emissions/bases/", "statistics/",
    "outlook/", "outlook/forecast/", "outlook/headroom/", "outlook/responses/", "outlook/history/",
    "outlook/projects/",
    "statistics/evaluation/", "policy/indicators/exclusions/", "policy/certificates/", "certificates/", "targets/",
)  # fmt: skip
ODD = ("0000", "9999", "2999-C10", "abc")


@pytest.mark.parametrize("odd", ODD)
def test_no_page_breaks_over_a_period_that_is_none(clerk: Client, odd: str) -> None:
    clerk.raise_request_exception = False
    broken = []
    for page in PAGES:
        for query in (f"period={odd}", f"of={odd}", f"year={odd}", f"period={odd}-Q1"):
            answer = clerk.get(f"/{page}?place={HERE}&{query}")
            if answer.status_code >= 500:
                broken.append((page, query, answer.status_code))
    assert not broken


@pytest.mark.parametrize("odd", ["0000", "9999", "0000-Q1", "0000-0004"])
def test_no_address_of_a_figure_breaks(clerk: Client, odd: str) -> None:
    assert clerk.get(f"/indicators/figure/total_consumption/{odd}/region:{HERE}/").status_code == 404


def test_a_page_says_that_it_does_not_show_the_period_asked_for(clerk: Client) -> None:
    said = "不是四位数的年份，没有采用"
    assert said in clerk.get(f"/indicators/balance/?place={HERE}&period=0000").content.decode()
    assert said not in clerk.get(f"/indicators/balance/?place={HERE}&period=2023").content.decode()
