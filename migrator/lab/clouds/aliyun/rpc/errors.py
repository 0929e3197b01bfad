"""The refusals of Aliyun's APIs, by the HTTP status and code that it documents. Raised anywhere below the wire."""


class ApiError(Exception):
    """A refusal; the wire answers it with `status` and {"RequestId", "HostId", "Code", "Message", "Recommend"}."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Refuse with `code`."""
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


def missing(name: str) -> ApiError:
    """A required parameter is not there."""
    return ApiError(400, f"Missing{name}", f"The input parameter `{name}` that is mandatory for processing is missing.")


def too_fast(action: str) -> ApiError:
    """The account called an action too often."""
    return ApiError(400, "Throttling.User", f"Request was denied due to user flow control: {action}.")


def broken() -> ApiError:
    """Their own fault."""
    return ApiError(500, "InternalError", "The request processing has failed due to some unknown error.")


def denied(code: str, action: str) -> ApiError:
    """The account has no permission for an action; each API has a code of its own for that."""
    return ApiError(403, code, f"User not authorized to operate on the specified resource, or this API: {action}.")
