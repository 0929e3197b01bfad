"""A ninth balancer, written outside of migrator: a driver for an API that lives in memory, and all that it declares.

Its words stand beside it, a module per language.
"""

from __future__ import annotations

from migrator.adapters.balancers.registration import Driver
from migrator.domain.balancers.profile import BalancerProfile, Cloud, CloudController, CloudRights, ClusterRight
from migrator.domain.messages.findings import block
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.model.subjects import balancer_subject
from tests.fakes.balancer import FakeBalancer

PROVIDER, PACKAGE = "ninth", "tests.adapters.balancers.ninth"
ASLEEP = "balancer.ninth-asleep"
KEEP_OFF = ("ninth.example/keep-off", "yes")

APIS: dict[str, FakeBalancer] = {}
"""The vendor's balancers, by endpoint."""


def _policy(spec: BalancerSpec, rights: CloudRights) -> Json:
    return {"grant": [*rights.reads, *rights.writes], "on": spec.id}


def ninth(spec: BalancerSpec) -> FakeBalancer:
    """Give the driver: the API speaks the ports' own words, so there is nothing to translate."""
    api = APIS[spec.endpoint or ""]
    if dict(spec.options).get("asleep"):
        api.said = (block(ASLEEP, balancer_subject(spec.id), until=say("ninth.alarm", hour=7), nights=2),)
    return api


PROFILE = BalancerProfile(
    provider=PROVIDER,
    page="docs/ninth.md",
    codes={ASLEEP: "the balancer sleeps"},
    options={"asleep": "whether it sleeps"},
    cluster_rights=(ClusterRight("get", "v1", "Secret"),),
    rights=CloudRights(("ninth:Look",), ("ninth:Weigh",), _policy),
    cloud=Cloud(
        CloudController("NINTH", ("ninth.example/",), r"ninth-\d+", KEEP_OFF, None, ()),
        ("ninth.example/eni",),
        ("ninth.example/ready",),
        ("ninth-agent",),
    ),
)
DRIVER = Driver(PROFILE, ninth)
