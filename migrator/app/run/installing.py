"""From plan files to what `kubectl apply` needs to have a follower of their gateways in the cluster. It asks nobody."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from migrator.adapters.balancers import profile_of
from migrator.adapters.planfile.read import read
from migrator.adapters.planfile.source import text_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import After
from migrator.domain.planning.clusters.alone import alone
from migrator.domain.planning.following.installation import Followed

FROM_OUTSIDE = ("kubeconfig", "context")
"""What of a plan's cluster leads to it from outside; in a pod the service account does."""

SIDES = ("source", "target")
"""What of a plan may name a cluster of its own: the follower is in the new side's, and sees no other."""

ANSWERS = "answers"
"""What both sides of a migration are asked; a follower compares nothing, and the files that it may name are not in a pod."""


def followed(files: Sequence[str]) -> tuple[Followed, ...]:
    """Read the plan files. UsageError for one whose nodes somebody else looks after."""
    return tuple(map(_followed, files))


def _followed(file: str) -> Followed:
    text = text_of(file)
    spec = read(text, file)
    if spec.after is not After.MIGRATOR:
        raise UsageError(say("follow.file-not-ours", name=spec.name, after=spec.after))
    content = yaml.safe_load(text)
    for key in FROM_OUTSIDE:
        content["spec"]["cluster"].pop(key, None)
    for side in SIDES:
        content["spec"][side].pop("cluster", None)
    if ANSWERS in content["spec"]:
        content["spec"][ANSWERS] = None
    inside = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    return Followed(alone(spec, Side.NEW), inside, profile_of(spec.balancer.provider))
