"""What a fake has been told to do wrong, by method name: raise before it acts, raise after it acted, or take long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Order:
    """One instruction for calls of `method` ("" is every method): `times` -1 is for ever."""

    method: str
    error: BaseException | None
    after: bool = False
    seconds: float = 0.0
    times: int = 1


@dataclass(slots=True)
class Orders:
    """A fake's instructions, and the names of the methods that were called. `sleep` advances the fake's clock."""

    sleep: Callable[[float], None] = lambda _seconds: None
    calls: list[str] = field(default_factory=list)
    _waiting: list[Order] = field(default_factory=list)

    def fail(self, method: str, error: BaseException, *, times: int = 1, after: bool = False) -> None:
        """Raise `error` at the next calls. `after`: the call has its effect first, so the caller cannot know."""
        self._waiting.append(Order(method, error, after, times=times))

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        """Let the next calls take `seconds` of the fake's time."""
        self._waiting.append(Order(method, None, seconds=seconds, times=times))

    def lasting(self, error: BaseException | None, seconds: float = 0.0) -> None:
        """Let every call take `seconds`, and then raise `error` if there is one, until all is forgiven."""
        self._waiting.append(Order("", error, seconds=seconds, times=-1))

    @property
    def waiting(self) -> bool:
        """Say whether any instruction has not been carried out yet."""
        return bool(self._waiting)

    def forgive(self) -> None:
        """Forget every instruction."""
        self._waiting.clear()

    @contextmanager
    def obeyed(self, method: str) -> Iterator[None]:
        """Surround one call of `method`."""
        self.calls.append(method)
        found = next((order for order in self._waiting if order.method in ("", method)), None)
        if found is not None:
            found.times -= 1
            if found.times == 0:
                self._waiting.remove(found)
            self.sleep(found.seconds)
            if found.error is not None and not found.after:
                raise found.error
        yield
        if found is not None and found.error is not None and found.after:
            raise found.error
