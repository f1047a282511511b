"""Replies become answers, or the error they mean."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix import errors
from b24app.bitrix.errors import BitrixError
from b24app.bitrix.protocol import Answer, read_answer, read_batch


def _error(status: int, content: object, **headers: str) -> BitrixError:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(BitrixError) as raised:
        read_answer(status, headers, body, method="crm.item.get")
    return raised.value


def test_a_success_brings_result_counts_and_times() -> None:
    body = {
        "result": {"documents": []},
        "total": "120",
        "next": 50,
        "time": {"start": 1773821944, "duration": 1, "operating": 2.5, "operating_reset_at": 60},
    }
    answer = read_answer(200, {}, json.dumps(body).encode())
    assert (answer.total, answer.next) == (120, 50)
    assert answer.time.operating == 2.5
    assert answer.time.operating_reset_at == datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


def test_null_is_a_success() -> None:
    assert read_answer(200, {}, b'{"result":null,"time":[]}').result is None


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "expired_token", errors.TokenExpired),
        (401, "invalid_token", errors.TokenInvalid),
        (401, "NO_AUTH_FOUND", errors.TokenInvalid),
        (401, "authorization_error", errors.TokenInvalid),
        (401, "CONNECTION_ERROR", errors.NotReached),
        (401, "insufficient_scope", errors.ScopeMissing),
        (403, "insufficient_scope", errors.ScopeMissing),
        (401, "user_access_error", errors.UserNotAllowed),
        (403, "user_access_error", errors.UserNotAllowed),
        (401, "APPLICATION_NOT_FOUND", errors.ApplicationGone),
        (401, "ACCESS_DENIED", errors.PaymentRequired),
        (403, "ACCESS_DENIED", errors.AccessDenied),
        (400, "ACCESS_DENIED", errors.AccessDenied),
        (401, "OVERLOAD_LIMIT", errors.Overloaded),
        (503, "OVERLOAD_LIMIT", errors.Overloaded),
        (403, "PORTAL_DELETED", errors.PortalGone),
        (500, "PORTAL_DELETED", errors.PortalGone),
        (400, "DOCGEN_ACCESS_ERROR", errors.AccessDenied),
        (403, "INVALID_CREDENTIALS", errors.AccessDenied),
        (400, "DOCGEN_LIMIT_ERROR", errors.LimitReached),
        (400, "NOT_FOUND", errors.NotFound),
        (404, "ERROR_METHOD_NOT_FOUND", errors.MethodMissing),
        (429, "OPERATION_TIME_LIMIT", errors.OperationTimeLimit),
        (503, "QUERY_LIMIT_EXCEEDED", errors.QueryLimit),
        (500, "INTERNAL_SERVER_ERROR", errors.AnswerLost),
        (502, "SOMETHING_NEW", errors.AnswerLost),
        (403, "SOMETHING_NEW", errors.AccessDenied),
        (400, "invalid_grant", errors.GrantInvalid),
        (400, "NOT_INSTALLED", errors.GrantInvalid),
        (400, "wrong_client", errors.WrongClient),
        (400, "PAYMENT_REQUIRED", errors.PaymentRequired),
    ],
)
def test_the_code_decides_then_the_status(status: int, code: str, expected: type) -> None:
    error = _error(status, {"error": code, "error_description": "nur zum Lesen"})
    assert type(error) is expected
    assert (error.code, error.status, error.method) == (code, status, "crm.item.get")
    assert error.description == "nur zum Lesen"


@pytest.mark.parametrize("code", ["0", 0, "", "100", "ERROR_CORE", "BX_EMPTY_REQUIRED"])
def test_generic_codes_are_refusals_of_the_method(code: object) -> None:
    error = _error(400, {"error": code, "error_description": "Template not found"})
    assert type(error) is errors.Refused
    assert error.code == str(code)


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (502, b"<html>", errors.AnswerLost),
        (200, b"<html>", errors.AnswerLost),
        (200, b"", errors.AnswerLost),
        (200, b'{"result":', errors.AnswerLost),
        (200, b'{"result":NaN}', errors.AnswerLost),
        (200, b"[" * 100_000, errors.AnswerLost),
        (200, b"\xff\xfe", errors.AnswerLost),
        (500, b"{}", errors.AnswerLost),
        (200, b"[]", errors.UnexpectedAnswer),
        (200, b'"result"', errors.UnexpectedAnswer),
        (200, b"{}", errors.UnexpectedAnswer),
        (404, b"{}", errors.UnexpectedAnswer),
        (200, b'{"result":[],"total":"many"}', errors.UnexpectedAnswer),
    ],
)
def test_what_is_no_answer_leaves_it_open_whether_it_was_done(
    status: int, content: bytes, expected: type
) -> None:
    assert type(_error(status, content)) is expected


@pytest.mark.parametrize(
    ("location", "origin"),
    [
        ("https://new.example/rest/crm.item.get", "https://new.example"),
        ("https://user@evil.example/", ""),
        ("/login", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_a_redirect_is_a_move(location: str, origin: str) -> None:
    error = _error(302, b"", Location=location)
    assert isinstance(error, errors.PortalMoved)
    assert error.location_origin == origin


def test_the_portals_own_pages_say_errors_in_another_form() -> None:
    content = {"status": "error", "errors": [{"message": "?", "code": "invalid_authentication"}]}
    assert type(_error(401, content)) is errors.TokenInvalid


def test_the_time_limit_says_when_it_ends() -> None:
    error = _error(429, {"error": "OPERATION_TIME_LIMIT", "time": {"operating_reset_at": 60}})
    assert isinstance(error, errors.OperationTimeLimit)
    assert error.resets_at == datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


def test_zeros_and_halves_of_characters_are_taken_out() -> None:
    body = rb'{"result": {"a\u0000": ["b\ud800c", "\ud83d\ude42"]}}'
    assert read_answer(200, {}, body).result == {"a": ["b?c", "\U0001f642"]}


def test_the_portals_text_is_clipped_and_stays_out_of_logs() -> None:
    error = _error(400, {"error": "x\n[fake log line]" * 9, "error_description": "TTT " * 3000})
    assert len(error.description) == 500
    assert "\n" not in str(error)
    assert "TTT" not in str(error) + repr(error)


def _batch(**parts: object) -> Answer:
    empty: dict[str, Any] = {
        "result": [],
        "result_error": [],
        "result_total": [],
        "result_next": [],
        "result_time": [],
    }
    return Answer({**empty, **parts})


def test_a_batch_answers_command_by_command() -> None:
    answer = _batch(
        result={"deal": {"item": {}}, "drop": None},
        result_error={"templates": {"error": "0", "error_description": "No right"}},
        result_total={"deal": 3},
        result_time={"deal": {"operating": 1}},
    )
    parts = read_batch(answer, {"deal": "d", "drop": "x", "templates": "t", "lost": "l"})
    assert parts["deal"].total == 3
    assert parts["deal"].time.operating == 1
    assert parts["drop"] == Answer(None)
    assert type(parts["templates"]) is errors.Refused
    assert parts["templates"].method == "t"
    assert type(parts["lost"]) is errors.UnexpectedAnswer


@given(st.binary(max_size=200), st.sampled_from([200, 302, 400, 401, 500]))
def test_no_reply_breaks_the_reader_in_another_way(body: bytes, status: int) -> None:
    try:
        read_answer(status, {}, body)
    except BitrixError:
        return
