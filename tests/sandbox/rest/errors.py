"""How REST says no.

https://apidocs.bitrix24.com/api-reference/crm/document-generator/ and the pages of each method;
system errors: https://apidocs.bitrix24.com/error-codes.html
"""

from __future__ import annotations

from typing import Any


class RestError(Exception):
    """A refusal: `error`, `error_description`, HTTP status, further keys of the answer.

    Some codes of the catalog are numbers. `source_status` is the status of the portal's source
    where the documentation has another one.
    """

    def __init__(
        self,
        code: str | int,
        message: str,
        status: int = 400,
        *,
        source_status: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.source_status = source_status or status
        self.extra = extra


def generic(message: str) -> RestError:
    """An error without a code of its own: those come out as "0"."""
    return RestError("0", message)


def missing(parameter: str) -> RestError:
    return RestError("100", f"Could not find value for parameter {{{parameter}}}")


def wrong_type(parameter: str, value: Any, wanted: str) -> RestError:
    return RestError(
        "100",
        f"Invalid value {{{value}}} to match with parameter {{{parameter}}}. "
        f"Should be value of type {wanted}.",
    )


def not_constructed(class_name: str) -> RestError:
    """The id of the object a method works on is missing."""
    return RestError("100", f"{class_name} constructor must be is public")


def access_denied(status: int = 400) -> RestError:
    return RestError("ACCESS_DENIED", "Access denied", status)


def wrong_authorization_type() -> RestError:
    return RestError(
        "WRONG_AUTH_TYPE",
        "Current authorization type is denied for this method Application context required",
        403,
    )
