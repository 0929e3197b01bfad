"""Whether a run of a gateway has left its record in the cluster, and whether that can be used.

Where it may not be read at all, or the cluster is silent, nothing is said of it here.
"""

from __future__ import annotations

from migrator.app.adopt.record import place_in, place_ref, read
from migrator.app.one_run.in_progress import Ended
from migrator.domain.messages.errors import MigratorError, NotFound, Refused
from migrator.domain.messages.message import Message
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.refs import gateway_name, home
from migrator.domain.model.spec import Spec
from migrator.domain.observation.lost import Lost
from migrator.domain.ports.outside import ClusterReader


def lost(spec: Spec, cluster: ClusterReader, ended: Ended) -> Lost | None:
    """Give the run that has left its record; `ended` says of its holder whether it left nothing half-way."""
    space, gateway = home(spec).namespace, gateway_name(spec)
    where = f"{space}/{gateway}"
    try:
        found = cluster.get(place_ref(space, gateway))
    except MigratorError:
        return None
    return _left(found, where, cluster, ended) if found is not None else None


def _left(found: Manifest, where: str, cluster: ClusterReader, ended: Ended) -> Lost:
    try:
        place = place_in(found)
    except Refused as error:
        return Lost(0, "", "", where, damage=error.message)
    if place.ended or ended(place.holder):
        return Lost(place.run, place.name, place.holder, where, ended=True)
    return Lost(place.run, place.name, place.holder, where, damage=_damage(where, cluster))


def _damage(where: str, cluster: ClusterReader) -> Message | None:
    try:
        read(cluster, *where.split("/"))
    except (Refused, NotFound) as error:
        return error.message
    except MigratorError:
        return None
    return None
