"""What the API answers instead of a result: a status, a code of its documentation, and a text."""


class ApiError(Exception):
    """One error answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def too_fast() -> ApiError:
    """Say that the account asks too often; nothing was done."""
    return ApiError(400, "Throttling", "Rate exceeded")


def broken() -> ApiError:
    """Say that the service itself failed."""
    return ApiError(500, "InternalFailure", "The request processing has failed because of an unknown error.")


def denied(action: str) -> ApiError:
    """Say that the account may not."""
    text = f"User is not authorized to perform: elasticloadbalancing:{action}"
    return ApiError(403, "AccessDenied", text)


def invalid(message: str) -> ApiError:
    """Say that the request itself is wrong."""
    return ApiError(400, "ValidationError", message)
