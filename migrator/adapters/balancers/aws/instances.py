"""Which EC2 instance has which private address, for target groups of instances: by the plan's options, then by EC2's API.

What is found is kept: an instance keeps its primary address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from migrator.adapters.balancers.access.api_client import Rejected
from migrator.adapters.balancers.aws.access.api import Api
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, items, text

PER_CALL = 200


class Instances:
    """Looks instances up. `known` (address to instance id) comes first, and is what the plan's options say."""

    def __init__(self, ec2: Api, known: dict[str, str]) -> None:
        self._ec2 = ec2
        self._instances = dict(known)

    def addresses(self, instances: Iterable[str]) -> dict[str, str]:
        """Give the address of every instance that is known; the others are left out."""
        wanted = sorted(set(instances))
        if missing := [name for name in wanted if name not in self._instances.values()]:
            try:
                self._ask({"instance-id": missing})
            except Rejected as error:
                raise _blind(error) from None
        by_instance = {instance: address for address, instance in self._instances.items()}
        return {name: by_instance[name] for name in wanted if name in by_instance}

    def instances(self, addresses: Iterable[str], vpc: str) -> dict[str, str]:
        """Give the instance of every address in a VPC. Refused: one that no instance has."""
        wanted = sorted(set(addresses))
        if missing := [address for address in wanted if address not in self._instances]:
            where = {"private-ip-address": missing, **({"vpc-id": [vpc]} if vpc else {})}
            try:
                self._ask(where)
            except Rejected as error:
                raise _blind(error) from None
        if absent := [address for address in wanted if address not in self._instances]:
            raise Refused(say("aws.no-instance", addresses=tuple(absent)))
        return {address: self._instances[address] for address in wanted}

    def _ask(self, filters: Mapping[str, Sequence[str]]) -> None:
        """Ask with every name and value in a parameter of its own: EC2's lists have no `member` in their names."""
        asked: dict[str, Json] = {"MaxResults": PER_CALL}
        for at, (name, values) in enumerate(filters.items(), 1):
            asked[f"Filter.{at}.Name"] = name
            asked |= {f"Filter.{at}.Value.{number}": value for number, value in enumerate(values, 1)}
        for reservation in self._ec2.every("DescribeInstances", "reservationSet", **asked):
            for row in items(reservation, "instancesSet"):
                if (address := text(row, "privateIpAddress")) and text(row, "instanceId"):
                    self._instances[address] = text(row, "instanceId")


def _blind(error: Rejected) -> Refused:
    return Refused(say("aws.no-sight", why=error.message))
