"""The official SDK, pointed at the emulator, for one pooled balancer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lab.clouds.world import SECRET, Balancer, Process, Server

boto3 = pytest.importorskip("boto3", reason="the SDK is installed apart, see the Makefile")
botocore = pytest.importorskip("botocore.config"), pytest.importorskip("botocore.exceptions")
Config, ClientError = botocore[0].Config, botocore[1].ClientError
REGION = "eu-central-1"


def pooled(process: Process, *listeners: dict[str, Any], **spec: Any) -> Balancer:
    """Create a balancer whose weights belong to target groups."""
    return process.balancer(*listeners, pooled=True, region=REGION, **spec)


class Elb:
    """boto3's client with what the tests ask for again and again."""

    def __init__(self, balancer: Balancer, secret: tuple[str, str] = SECRET) -> None:
        self.balancer = balancer
        session = boto3.Session(*secret, region_name=REGION)
        self.client = session.client(
            "elbv2",
            endpoint_url=f"http://{balancer.process.control}",
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, proxies={}),
        )
        self._named: dict[str, str] = {}

    @property
    def arn(self) -> str:
        """Give the balancer's ARN."""
        return str(self.client.describe_load_balancers(Names=[self.balancer.id])["LoadBalancers"][0]["LoadBalancerArn"])

    def listener(self, at: int = 0) -> str:
        """Give a listener's ARN."""
        return str(self.client.describe_listeners(LoadBalancerArn=self.arn)["Listeners"][at]["ListenerArn"])

    def group(self, side: str, listener: str = "lbl-1") -> str:
        """Give the ARN of a listener's old or new group."""
        name = f"{self.balancer.id}-{listener}-{side}"
        if name not in self._named:
            found = self.client.describe_target_groups(Names=[name])["TargetGroups"]
            self._named[name] = found[0]["TargetGroupArn"]
        return self._named[name]

    def forward(self, weights: dict[str, int], at: int = 0, **config: Any) -> None:
        """Let a listener forward with weights by side."""
        groups = [
            {"TargetGroupArn": self.group(side, f"lbl-{at + 1}"), "Weight": weight} for side, weight in weights.items()
        ]
        action = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups} | config}
        self.client.modify_listener(ListenerArn=self.listener(at), DefaultActions=[action])

    def weights(self, at: int = 0) -> dict[str, int]:
        """Give weight by the last part of the group's name."""
        row = self.client.describe_listeners(ListenerArns=[self.listener(at)])["Listeners"][0]
        groups = row["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        return {each["TargetGroupArn"].split("/")[1].rsplit("-", 1)[1]: each["Weight"] for each in groups}

    def register(self, side: str, *servers: Server) -> None:
        """Register servers in a group."""
        rows = [{"Id": server.key[0], "Port": server.key[1]} for server in servers]
        self.client.register_targets(TargetGroupArn=self.group(side), Targets=rows)

    def deregister(self, side: str, *servers: Server) -> None:
        """Take servers out of a group."""
        rows = [{"Id": server.key[0], "Port": server.key[1]} for server in servers]
        self.client.deregister_targets(TargetGroupArn=self.group(side), Targets=rows)

    def health(self, side: str) -> dict[str, str]:
        """Give the state of everybody in a group."""
        found = self.client.describe_target_health(TargetGroupArn=self.group(side))["TargetHealthDescriptions"]
        return {f"{row['Target']['Id']}:{row['Target']['Port']}": row["TargetHealth"]["State"] for row in found}

    def refused(self, operation: str, **parameters: Any) -> tuple[int, str]:
        """Give status and code of a call that is refused."""
        try:
            getattr(self.client, operation)(**parameters)
        except ClientError as error:
            return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        raise AssertionError(f"{operation} was not refused")
