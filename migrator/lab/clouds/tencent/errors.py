"""The refusals of the API, by the codes that Tencent documents. It is raised anywhere below the wire."""


class ApiError(Exception):
    """A refusal; the wire answers it with HTTP 200 and {"Response": {"Error": {"Code", "Message"}}}."""

    def __init__(self, code: str, message: str) -> None:
        """Refuse with `code`."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def in_operating(balancer: str) -> ApiError:
    """Another task runs on this balancer; text as seen in the field."""
    text = f"Loadbalancer({balancer}) is not in normal desState, maybe some tasks are being processed, please try later"
    return ApiError("FailedOperation.ResourceInOperating", text)


def too_fast(limit: int) -> ApiError:
    """The action was called too often in a second."""
    text = f"Your current request times exceeds the frequency limit `{limit}` for a second. Please try later."
    return ApiError("RequestLimitExceeded", text)


def unauthorized(action: str) -> ApiError:
    """The account's policies do not allow the action."""
    return ApiError("UnauthorizedOperation", f"you are not authorized to perform operation (clb:{action})")


def too_many(limit: int) -> ApiError:
    """A listener would have more targets than the account's quota allows."""
    return ApiError("LimitExceeded", f"The number of targets exceeds the quota of {limit} (TOTAL_TARGET_BIND_QUOTA).")
