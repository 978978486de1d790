"""The JSON interface does what its own description says, whatever is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.csrf import _get_new_csrf_string
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from web.describing.written import annotation, terms

if TYPE_CHECKING:
    from web.rooms import Desk

# Long, as it asks hundreds of times; `test_api.py` holds the same in short.
pytestmark = pytest.mark.browser


def test_the_interface_answers_as_it_says(desk: Desk) -> None:
    told = terms(desk)
    desk.casebook.write([annotation(desk, "seen", term=told[0].id)], desk.signer("idris"))
    client = desk.client("rima")
    document = client.get("/api/openapi.json").json()
    token = _get_new_csrf_string()
    cookies = {name: each.value for name, each in client.cookies.items()} | {"dalil-csrf": token}
    sent = {"cookies": cookies, "headers": {"X-CSRFToken": token}}
    schema = schemathesis.openapi.from_dict(document)
    schema.app = WSGIHandler()
    asked = [_asking(e.ok(), sent) for e in schema.get_all_operations()]  # type: ignore[union-attr]
    assert len(asked) >= 7
    for ask in asked:
        ask()


def _asking(operation: Any, sent: dict[str, Any]) -> Any:  # noqa: ANN401 - the library's
    @settings(
        max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:  # noqa: ANN401
        # No schema can say that what is cited is there, or that a stretch runs forwards.
        case.call_and_validate(
            base_url="http://localhost", excluded_checks=[positive_data_acceptance], **sent
        )

    return ask
