"""The interface keeps what it describes: schemathesis calls every operation, well and badly, in this process."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import api_site
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi import checks as described

from shuangkong.records.people.roles import Role
from shuangkong.web.api.views.described import description

#: Checks that hold of every answer; what a stateful caller would find needs more than one call.
CHECKS = (
    checks.not_a_server_error,
    described.status_code_conformance,
    described.content_type_conformance,
    described.response_headers_conformance,
    described.response_schema_conformance,
)
EXAMPLES, MANY = 6, 150


@dataclass(frozen=True)
class Caller:
    """Headers of whoever calls, and numbers of things that are there, by the parameter that names them."""

    headers: dict[str, str]
    things: dict[str, Any]


@pytest.fixture
def caller(adopted: int, tmp_path: Any, settings: Any) -> Caller:
    """Headers of somebody who may do most, on a site with one thing of each sort."""
    settings.VAR = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    api_site.people()
    things = api_site.fill(adopted)
    return Caller({"Authorization": f"Bearer {api_site.token(f'{Role.PLAN_OFFICE}-person')}"}, things)


def _try(caller: Caller, examples: int) -> set[int]:
    """Calls every operation with made-up words, half of them about things that are there; returns what was answered.

    What is kept of it goes with the test's transaction.
    """
    answered: set[int] = set()
    schema: Any = schemathesis.openapi.from_dict(deepcopy(description()))
    schema.app = get_wsgi_application()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        )  # fmt: skip
        @given(
            case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=_NEGATIVE)),
            is_there=st.booleans(),
        )
        def one(case: Any, is_there: bool) -> None:
            if is_there:
                case.path_parameters = {
                    name: caller.things.get(name, value) for name, value in case.path_parameters.items()
                }
            answer = case.call(headers=caller.headers)
            answered.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        one()
    return answered


_NEGATIVE = schemathesis.GenerationMode.NEGATIVE


def test_every_operation_keeps_what_it_describes(caller: Caller) -> None:
    assert {200, 404, 422} <= _try(caller, EXAMPLES)


@pytest.mark.soak
def test_every_operation_keeps_what_it_describes_for_long(caller: Caller) -> None:
    _try(caller, MANY)
