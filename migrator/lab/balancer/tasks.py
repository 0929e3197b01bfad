"""The cloud's tasks: what a write started, by the id of its request. A finished task never changes again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from migrator.lab.balancer.model import Change

_KEPT = 20_000


class TaskState(Enum):
    """Where a task is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Task:
    """One accepted write. `refused` are the listeners whose rows had no effect, on purpose or by a fault."""

    id: str
    balancer: str
    changes: tuple[Change, ...]
    refused: tuple[str, ...] = ()
    state: TaskState = TaskState.RUNNING
    message: str = ""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, state: TaskState, message: str = "") -> None:
        """Finish, once."""
        self.state, self.message = state, message
        self.ended.set()

    @property
    def lasting(self) -> Sequence[Change]:
        """The changes that take effect."""
        return [change for change in self.changes if change.listener not in self.refused]


class Tasks:
    """All tasks of all balancers, newest kept."""

    def __init__(self) -> None:
        """Begin empty."""
        self._tasks: dict[str, Task] = {}

    def add(self, task: Task) -> None:
        """Keep `task` under its id."""
        if len(self._tasks) >= _KEPT:
            del self._tasks[next(iter(self._tasks))]
        self._tasks[task.id] = task

    def get(self, task_id: str) -> Task | None:
        """Return the task, if it is known."""
        return self._tasks.get(task_id)
