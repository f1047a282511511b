"""Which error code of Bitrix24 means what.

The code decides, then the HTTP status: documentation and portals disagree on the status of the
same error (401 and 403 for missing permissions, 401 and 503 for a blocked portal).

Pages: error-codes, settings/oauth/error-codes, the tables of the single methods.
"""

from typing import Final

from b24app.bitrix import errors
from b24app.bitrix.errors import BitrixError

BY_CODE: Final[dict[str, type[BitrixError]]] = {
    # the token
    "EXPIRED_TOKEN": errors.TokenExpired,
    "INVALID_TOKEN": errors.TokenInvalid,
    "NO_AUTH_FOUND": errors.TokenInvalid,
    "AUTHORIZATION_ERROR": errors.TokenInvalid,
    "INVALID_AUTHENTICATION": errors.TokenInvalid,
    "CONNECTION_ERROR": errors.NotReached,
    # the authorization server
    "INVALID_GRANT": errors.GrantInvalid,
    "NOT_INSTALLED": errors.GrantInvalid,
    "INVALID_CLIENT": errors.WrongClient,
    "WRONG_CLIENT": errors.WrongClient,
    "PAYMENT_REQUIRED": errors.PaymentRequired,
    # application, user, portal
    "INSUFFICIENT_SCOPE": errors.ScopeMissing,
    "INVALID_SCOPE": errors.ScopeMissing,
    "USER_ACCESS_ERROR": errors.UserNotAllowed,
    "APPLICATION_NOT_FOUND": errors.ApplicationGone,
    "PORTAL_DELETED": errors.PortalGone,
    # limits
    "QUERY_LIMIT_EXCEEDED": errors.QueryLimit,
    "OPERATION_TIME_LIMIT": errors.OperationTimeLimit,
    "OVERLOAD_LIMIT": errors.Overloaded,
    # the portal broke down in the middle: nobody knows where
    "INTERNAL_SERVER_ERROR": errors.AnswerLost,
    "ERROR_UNEXPECTED_ANSWER": errors.AnswerLost,
    # the method
    "ACCESS_DENIED": errors.AccessDenied,
    "ALLOWED_ONLY_INTRANET_USER": errors.AccessDenied,
    "DOCGEN_ACCESS_ERROR": errors.AccessDenied,
    "ERROR_DOCUMENT_RIGHTS": errors.AccessDenied,
    "INVALID_CREDENTIALS": errors.AccessDenied,
    "DOCGEN_LIMIT_ERROR": errors.LimitReached,
    "ERROR_METHOD_NOT_FOUND": errors.MethodMissing,
    "NOT_FOUND": errors.NotFound,
    "ERROR_NOT_FOUND": errors.NotFound,
}

BY_STATUS: Final[dict[int, type[BitrixError]]] = {
    401: errors.TokenInvalid,
    402: errors.PaymentRequired,
    403: errors.AccessDenied,
    404: errors.NotFound,
    429: errors.QueryLimit,
}


FOR_EVERYBODY: Final = frozenset({"batch", "app.info", "scope"})
"""Methods that ask for no right."""


def error_class(code: str, status: int | None, method: str = "") -> type[BitrixError]:
    """The class for an error answer. ``status``: HTTP status, None inside a batch.

    ``ACCESS_DENIED`` has two meanings. Methods refuse with 400 or 403; at 401 the call never came
    to the method, nor where the method asks for no right, and the reason is the portal's plan.
    """
    known = BY_CODE.get(code.upper())
    for_all = code.upper() == "ACCESS_DENIED" and status is not None and method in FOR_EVERYBODY
    if known is errors.AccessDenied and (status == 401 or for_all):
        return errors.PaymentRequired
    if known is not None:
        return known
    if status is not None and status >= 500:
        return errors.AnswerLost
    return BY_STATUS.get(status or 0, errors.Refused)
