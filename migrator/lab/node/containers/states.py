"""The states of a container as values, and how the API writes them. Pure."""

from dataclasses import dataclass
from datetime import datetime

from migrator.lab.node.documents import Json, stamp


@dataclass(frozen=True, slots=True)
class Waiting:
    """Not running; `reason` as in ContainerCreating, ErrImagePull, CrashLoopBackOff."""

    reason: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Running since `since`."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Terminated:
    """Ended with an exit code (128 + signal when killed by one)."""

    code: int
    since: datetime
    until: datetime
    container_id: str

    @property
    def reason(self) -> str:
        """Return the runtime's word for the end."""
        return "Completed" if self.code == 0 else "Error"


State = Waiting | Running | Terminated


@dataclass(frozen=True, slots=True)
class Seen:
    """One container as its pod's status shows it."""

    name: str
    image: str
    container_id: str
    state: State
    last: Terminated | None = None
    restarts: int = 0
    started: bool = False
    ready: bool = False


def container_status(seen: Seen) -> Json:
    """Return an entry of `containerStatuses`."""
    status: Json = {
        "name": seen.name,
        "image": seen.image,
        "imageID": "" if isinstance(seen.state, Waiting) and not seen.restarts else f"lab://{seen.image}",
        "ready": seen.ready,
        "started": seen.started,
        "restartCount": seen.restarts,
        "state": _state(seen.state),
        "lastState": _state(seen.last) if seen.last else {},
    }
    if seen.container_id:
        status["containerID"] = seen.container_id
    return status


def _state(state: State) -> Json:
    match state:
        case Waiting():
            body = {"reason": state.reason, **({"message": state.message} if state.message else {})}
            return {"waiting": body}
        case Running():
            return {"running": {"startedAt": stamp(state.since)}}
        case Terminated():
            return {
                "terminated": {
                    "exitCode": state.code,
                    "reason": state.reason,
                    "startedAt": stamp(state.since),
                    "finishedAt": stamp(state.until),
                    "containerID": state.container_id,
                }
            }
