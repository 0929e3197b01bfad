"""What a plan file says of the new side: a DaemonSet or a second Deployment to be, or a workload that stands already."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, ValidationInfo, field_validator, model_validator

from migrator.adapters.planfile.rules import RuleBroken
from migrator.adapters.planfile.target.clusters import SideCluster
from migrator.adapters.planfile.values import DnsName, GatewayKind, Port, PortText, Strict
from migrator.domain.messages.message import say


class Toleration(Strict):
    """As in a pod spec."""

    key: str = ""
    operator: Literal["Equal", "Exists"] = "Equal"
    value: str = ""
    effect: Literal["", "NoSchedule", "PreferNoSchedule", "NoExecute"] = ""


class OtherGateway(Strict):
    """What the new side's gateways are where they are another product than the old ones. Whom we ask as a host, and by which
    header a gateway names itself, is said once, of the old side."""

    kind: GatewayKind
    admin_port: Port = Field(15000, alias="adminPort")
    container: str = ""


class Standing(Strict):
    """A workload that stands already. Without `namespace` it is the plan's own, without `gateway` what the old side is."""

    kind: Literal["Deployment", "DaemonSet"]
    namespace: DnsName | None = None
    name: DnsName
    gateway: OtherGateway | None = None


class Harden(Strict, json_schema_extra={"type": ["boolean", "object"]}):
    """Whether the workload to be is hardened: true, false, or by a container of ours beside its gateways. `follower` is where
    one answers."""

    image: Annotated[str, Field(min_length=1)]
    by: Literal["balancer", "follower"] = "balancer"
    follower: str = ""

    @model_validator(mode="after")
    def of_the_follower(self) -> Harden:
        """Refuse a follower's address where nobody asks one."""
        if self.follower and self.by == "balancer":
            raise RuleBroken(say("rule.follower-by-balancer"))
        return self


ALONE = Harden.model_construct(image="", by="balancer", follower="")
"""Hardened, and no container of ours is there."""


class Target(Strict):
    """The workload to be, by the name that it will have, or one that stands already."""

    existing: Standing | None = None
    cluster: SideCluster | None = None
    kind: Literal["DaemonSet", "Deployment"] = "DaemonSet"
    replicas: Annotated[int, Field(ge=1, le=10_000)] | None = None
    namespace: DnsName | None = None
    name: DnsName | None = Field(None, validate_default=True)
    network: Literal["host", "hostPort"] = "host"
    node_selector: dict[str, str] = Field(default_factory=dict, alias="nodeSelector")
    tolerations: list[Toleration] = Field(default_factory=list)
    ports: dict[PortText, Port] = Field(default_factory=dict, json_schema_extra={"additionalProperties": False})
    labels: dict[str, str] = Field(default_factory=dict)
    patch: dict[str, JsonValue] | None = None
    port_conflict: Literal["nodes", "ports", "nodePort"] | None = Field(None, alias="portConflict")
    at_a_time: Annotated[int, Field(ge=1, le=10_000)] = Field(1, alias="atATime")
    harden: Harden | None = Field(True, validate_default=True)

    @field_validator("harden", mode="before")
    @classmethod
    def by_a_word(cls, harden: object) -> object:
        """Take true and false; left empty it is as if it were not written."""
        return ALONE if harden is None or harden is True else None if harden is False else harden

    @field_validator("ports")
    @classmethod
    def one_to_one(cls, ports: dict[str, int]) -> dict[str, int]:
        """Refuse ports out of range and two old ports on one new one."""
        if bad := [port for port in ports if not 1 <= int(port) <= 65535]:
            raise RuleBroken(say("rule.port", port=bad[0]))
        if len(set(ports.values())) != len(ports):
            raise RuleBroken(say("rule.ports-one-to-one"))
        return ports

    @field_validator("name")
    @classmethod
    def named(cls, name: str | None, info: ValidationInfo) -> str | None:
        """Refuse a target without a name, unless it stands already."""
        if name is None and "existing" in info.data and info.data["existing"] is None:
            raise RuleBroken(say("rule.one-target"))
        return name

    @model_validator(mode="after")
    def as_it_stands(self) -> Target:
        """Refuse to say more than its ports of a workload that stands already."""
        names = self._said()
        if self.existing is not None and (more := sorted(names - {"existing", "ports", "cluster"})):
            raise RuleBroken(say("rule.of-existing", keys=tuple(more)))
        return self

    @model_validator(mode="after")
    def of_its_kind(self) -> Target:
        """Refuse what a workload of the other kind alone has: nodes' ports, or a number of pods."""
        of_nodes = sorted(self._said() & {"network", "ports", "portConflict", "atATime"})
        if self.kind == "Deployment" and of_nodes:
            raise RuleBroken(say("rule.of-deployment", keys=tuple(of_nodes)))
        if "atATime" in self._said() and self.port_conflict != "nodePort":
            raise RuleBroken(say("rule.at-a-time"))
        if self.kind == "DaemonSet" and self.replicas is not None:
            raise RuleBroken(say("rule.replicas-of-daemonset"))
        return self

    def _said(self) -> set[str]:
        fields = type(self).model_fields
        return {field.alias or name for name, field in fields.items() if name in self.model_fields_set}
