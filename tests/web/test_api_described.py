"""The interface keeps what it describes: schemathesis calls every operation, well and badly, in this process."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture
def caller(adopted: int, tmp_path: Any, settings: Any) -> Iterator[dict[str, str]]:
    """Headers of somebody who may do most, on a site with one thing of each sort."""
    settings.VAR = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    api_site.people()
    api_site.fill(adopted)
    yield {"Authorization": f"Bearer {api_site.token(f'{Role.PLAN_OFFICE}-person')}"}


def _try(caller: dict[str, str], examples: int) -> None:
    """Calls every operation with made-up words; what is kept of it goes with the test's transaction."""
    schema: Any = schemathesis.openapi.from_dict(description())
    schema.app = get_wsgi_application()
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        )  # fmt: skip
        @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=_NEGATIVE)))
        def one(case: Any) -> None:
            answer = case.call(headers=caller)
            case.validate_response(answer, checks=CHECKS)

        one()


_NEGATIVE = schemathesis.GenerationMode.NEGATIVE


def test_every_operation_keeps_what_it_describes(caller: dict[str, str]) -> None:
    _try(caller, EXAMPLES)


@pytest.mark.soak
def test_every_operation_keeps_what_it_describes_for_long(caller: dict[str, str]) -> None:
    _try(caller, MANY)
