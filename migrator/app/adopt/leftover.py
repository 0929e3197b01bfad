"""Whether a run of a gateway has left its record in the cluster. Who may not read it is told nothing."""

from __future__ import annotations

from migrator.app.adopt.record import place_in, place_ref
from migrator.app.one_run.in_progress import Ended
from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.refs import gateway_name
from migrator.domain.model.spec import Spec
from migrator.domain.observation.lost import Lost
from migrator.domain.ports.outside import ClusterReader


def lost(spec: Spec, cluster: ClusterReader, ended: Ended) -> Lost | None:
    """Give the run that has left its record; `ended` says of its holder whether it left nothing half-way."""
    space, gateway = spec.cluster.namespace, gateway_name(spec)
    try:
        found = cluster.get(place_ref(space, gateway))
        place = place_in(found) if found is not None else None
    except MigratorError:
        return None
    if place is None:
        return None
    over = place.ended or ended(place.holder)
    return Lost(place.run, place.name, place.holder, f"{space}/{gateway}", over)
