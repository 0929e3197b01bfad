"""Why the gateway of a node that comes is not fit for traffic yet: what the balancer, our own probe and its peers say. Pure."""

from __future__ import annotations

from migrator.domain.model.balancer import Backend, Health, Pools, Row
from migrator.domain.observation.sighting import Configs, Probes, Sighting
from migrator.domain.steps.following.survey import Disposition, Position, Survey


def why_unhealthy(row: Row, seen: Sighting) -> str:
    """Say what the balancer has against a registered backend; "" where it calls it healthy, or cannot see it at weight 0."""
    health = row.target.health
    blind = not seen[Pools].capabilities.health_at_zero and health is not Health.UNHEALTHY
    return "" if blind or health is Health.HEALTHY else f"the balancer calls it {health}"


def why_mute(backend: Backend, seen: Sighting) -> str:
    """Say why our own request to a backend was not answered."""
    failure = seen[Probes].failure(backend)
    return "it has not been probed yet" if failure is None else failure


def why_unlike(place: Position, view: Survey, seen: Sighting) -> str:
    """Say how a gateway's configuration differs from its peers'; "" where there is no peer to compare it with."""
    configs = seen[Configs]
    names = [pod.ref.name for pod in place.live]
    if not peers(view) or any(name in configs.compared and not dict(configs.differences).get(name) for name in names):
        return ""
    warming = next((why for name, why in configs.unready if name in names), "")
    different = next((lines for name, lines in configs.differences if name in names and lines), ())
    if different:
        return f"its configuration is not its peers': {different[0]}"
    return f"it still warms up: {warming}" if warming else "its configuration has not been compared with its peers' yet"


def peers(view: Survey) -> tuple[Position, ...]:
    """Give the places that serve with weight on every row: who comes has to be like them."""
    return tuple(p for p in view.places if p.fate is Disposition.SERVE and p.rows and all(row.weight for row in p.rows))
