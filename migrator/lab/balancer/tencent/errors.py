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
