"""A plan file's `loadBalancer` by itself, as the container beside a gateway is given it. It opens and asks nothing."""

from __future__ import annotations

from pydantic import ValidationError

from migrator.adapters.planfile import schema
from migrator.adapters.planfile.read import balancer_of, dotted
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.spec import BalancerSpec


def balancer_alone(text: str) -> BalancerSpec:
    """Read it. UsageError for what is none; what was written is not quoted."""
    try:
        return balancer_of(schema.LoadBalancer.model_validate(parsed(text)))
    except ValidationError as error:
        paths = tuple(dotted(fault["loc"]) for fault in error.errors(include_url=False, include_context=False))
        raise UsageError(say("farewell.no-balancer", paths=paths)) from error
    except ValueError as error:
        raise UsageError(say("farewell.no-balancer", paths=())) from error
