"""What every action has in common: the call itself, and the balancer, listener or group it names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from migrator.lab.balancer.model import Listener
from migrator.lab.clouds.aws.errors import ApiError
from migrator.lab.clouds.aws.form import Row, text
from migrator.lab.clouds.aws.groups import Group, State, States
from migrator.lab.clouds.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Call:
    """One verified call."""

    action: str
    parameters: Row
    fleet: Fleet
    states: States

    def every(self) -> list[State]:
        """Return the state of every balancer that has target groups."""
        return [self.states.of(live) for live in self.fleet if live.model.spec.pooled]

    def balancer(self, arn: str) -> State:
        """Return the balancer with this ARN; `ApiError` LoadBalancerNotFound."""
        for state in self.every():
            if state.arn("loadbalancer") == arn:
                return state
        raise ApiError(400, "LoadBalancerNotFound", f"Load balancers '[{arn}]' not found")

    def listener(self) -> tuple[State, Listener]:
        """Return the listener that the call names; `ApiError` ListenerNotFound."""
        return self.listener_of(text(self.parameters, "ListenerArn"))

    def listener_of(self, arn: str) -> tuple[State, Listener]:
        """Return the listener with this ARN; `ApiError` ListenerNotFound."""
        for state in self.every():
            if (listener := state.listener(arn)) is not None:
                return state, listener
        raise ApiError(400, "ListenerNotFound", f"One or more listeners not found: {arn}")

    def group(self) -> tuple[State, Group]:
        """Return the target group that the call names; `ApiError` TargetGroupNotFound."""
        return self.group_of(text(self.parameters, "TargetGroupArn"))

    def group_of(self, arn: str) -> tuple[State, Group]:
        """Return the target group with this ARN; `ApiError` TargetGroupNotFound."""
        for state in self.every():
            if arn in state.groups:
                return state, state.groups[arn]
        raise ApiError(400, "TargetGroupNotFound", f"One or more target groups not found: {arn}")


Action = Callable[[Call], Awaitable[Row]]
