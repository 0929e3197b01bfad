"""The refusals of a Kubernetes API server, with the status codes, reasons and texts of the real one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.kinds import Kind


class ApiError(Exception):
    """An answer other than success. `status` is the body; `plain` replaces it where the real server sends text."""

    def __init__(self, code: int, reason: str, message: str, details: Doc | None = None, plain: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.plain = plain
        self.token = ""  # a continue token that goes on where an expired one ended

    @property
    def status(self) -> Doc:
        """The metav1.Status document."""
        meta = {"continue": self.token} if self.token else {}
        status: Doc = {"kind": "Status", "apiVersion": "v1", "metadata": meta, "status": "Failure"}
        status["message"] = self.message
        if self.reason:
            status["reason"] = self.reason
        if self.details:
            status["details"] = self.details
        return {**status, "code": self.code}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One reason why an object is invalid: the field's path and the real server's words."""

    path: str
    text: str
    reason: str = field(default="FieldValueInvalid")

    @property
    def cause(self) -> Doc:
        """The entry of `details.causes`."""
        return {"reason": self.reason, "message": self.text, "field": self.path}


def required(path: str, text: str = "") -> Flaw:
    """A field that must be there is not."""
    return Flaw(path, "Required value" + (f": {text}" if text else ""), "FieldValueRequired")


def bad_value(path: str, value: object, text: str) -> Flaw:
    """A field has a value that is not allowed."""
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return Flaw(path, f"Invalid value: {shown}: {text}")


def unsupported(path: str, value: object, allowed: Sequence[str]) -> Flaw:
    """A field's value is outside its enumeration."""
    words = ", ".join(f'"{word}"' for word in allowed)
    return Flaw(path, f'Unsupported value: "{value}": supported values: {words}', "FieldValueNotSupported")


def twice(path: str, value: object) -> Flaw:
    """Two entries of a list have the same key."""
    shown = f'"{value}"' if isinstance(value, str) else str(value)
    return Flaw(path, f"Duplicate value: {shown}", "FieldValueDuplicate")


def invalid(kind: Kind, name: str, flaws: Iterable[Flaw]) -> ApiError:
    """422: the object breaks its kind's rules; every flaw is named."""
    known = list(flaws)
    texts = [f"{flaw.path}: {flaw.text}" for flaw in known]
    words = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    titled = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    details = {"name": name, "group": kind.group, "kind": kind.kind, "causes": [flaw.cause for flaw in known]}
    return ApiError(422, "Invalid", f'{titled} "{name}" is invalid: {words}', _trim(details))


def not_found(kind: Kind, name: str) -> ApiError:
    """404 for an object."""
    return ApiError(404, "NotFound", f'{kind.resource} "{name}" not found', _of(kind, name))


def no_such_path() -> ApiError:
    """404 for a path that no resource serves: plain text, not a Status."""
    return ApiError(404, "NotFound", "404 page not found", plain=True)


def exists(kind: Kind, name: str) -> ApiError:
    """409: the name is taken."""
    return ApiError(409, "AlreadyExists", f'{kind.resource} "{name}" already exists', _of(kind, name))


def conflict(kind: Kind, name: str, text: str = "") -> ApiError:
    """409: the object changed since the caller read it, or is another one."""
    why = text or "the object has been modified; please apply your changes to the latest version and try again"
    message = f'Operation cannot be fulfilled on {kind.resource} "{name}": {why}'
    return ApiError(409, "Conflict", message, _of(kind, name))


def forbidden(kind: Kind, name: str, text: str) -> ApiError:
    """403, with the admission's or the authoriser's words."""
    named = f' "{name}"' if name else ""
    return ApiError(403, "Forbidden", f"{kind.resource}{named} is forbidden: {text}", _of(kind, name))


def bad_request(message: str) -> ApiError:
    """400: the request itself is malformed."""
    return ApiError(400, "BadRequest", message)


def unauthorized() -> ApiError:
    """401: no token, or an unknown one."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def expired(message: str) -> ApiError:
    """410: the resource version or the continue token is older than what the server remembers."""
    return ApiError(410, "Expired", message)


def wrong_media(message: str) -> ApiError:
    """415: a body or patch type that this server or this kind does not take."""
    return ApiError(415, "UnsupportedMediaType", message)


def not_allowed() -> ApiError:
    """405: the resource exists but does not offer this verb."""
    text = "the server does not allow this method on the requested resource"
    return ApiError(405, "MethodNotAllowed", text)


def _of(kind: Kind, name: str) -> Doc:
    return _trim({"name": name, "group": kind.group, "kind": kind.plural})


def _trim(details: Doc) -> Doc:
    return {key: value for key, value in details.items() if value}
