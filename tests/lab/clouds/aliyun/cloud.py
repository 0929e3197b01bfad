"""The official Aliyun SDKs, pointed at the emulator, for one balancer: calls by action name, answers as plain maps."""

from __future__ import annotations

from typing import Any

from alibabacloud_nlb20220430 import models as nlb
from alibabacloud_slb20140515 import models as clb
from alibabacloud_tea_openapi.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from tests.adapters.balancers.aliyun import sdk
from tests.lab.clouds.world import Balancer, until

Answer = dict[str, Any]


class Clb:
    """CLB 2014-05-15."""

    def __init__(self, balancer: Balancer, secret: tuple[str, ...] = sdk.SECRET) -> None:
        self.balancer = balancer
        self._client = sdk.clb(balancer.process.control, secret)

    def group(self, listener: str = "lbl-1") -> str:
        return f"rsp-{self.balancer.id}-{listener}"

    def call(self, action: str, **given: Any) -> Answer:
        """Call an action; LoadBalancerId or VServerGroupId is filled in where the request has one."""
        request = getattr(clb, f"{action}Request")()
        known = {"RegionId": "lab"}
        if hasattr(request, "vserver_group_id"):
            known["VServerGroupId"] = self.group()
        elif hasattr(request, "load_balancer_id"):
            known["LoadBalancerId"] = self.balancer.id
        request.from_map(known | given)
        answer = getattr(self._client, _method(action))(request)
        return dict(answer.body.to_map())

    def rows(self, group: str = "") -> list[Answer]:
        found = self.call("DescribeVServerGroupAttribute", VServerGroupId=group or self.group())
        return list(found["BackendServers"]["BackendServer"])

    def refused(self, action: str, **given: Any) -> tuple[int, str]:
        return _refused(lambda: self.call(action, **given))


class Nlb:
    """NLB 2022-04-30."""

    def __init__(self, balancer: Balancer) -> None:
        self.balancer = balancer
        self._client = sdk.nlb(balancer.process.control)

    @property
    def group(self) -> str:
        return f"sgp-{self.balancer.id}-lbl-1"

    def call(self, action: str, **given: Any) -> Answer:
        request = getattr(nlb, f"{action}Request")()
        known: Answer = {"RegionId": "lab"} if hasattr(request, "region_id") else {}
        if hasattr(request, "server_group_id"):
            known["ServerGroupId"] = self.group
        request.from_map(known | given)
        answer = getattr(self._client, _method(action))(request)
        return dict(answer.body.to_map())

    def rows(self) -> list[Answer]:
        return list(self.call("ListServerGroupServers", MaxResults=100)["Servers"])

    def job(self, job: str) -> str:
        return str(self.call("ListAsynJobs", JobIds=[job])["Jobs"][0]["Status"])

    def done(self, answer: Answer) -> str:
        """Wait until the job of a write has ended; give how."""
        states: list[str] = []

        def ended() -> bool:
            states.append(self.job(answer["JobId"]))
            return states[-1] != "Processing"

        until(ended)
        return states[-1]

    def refused(self, action: str, **given: Any) -> tuple[int, str]:
        return _refused(lambda: self.call(action, **given))


def ecs(balancer: Balancer, action: str, **query: str) -> Answer:
    """Call ECS 2014-05-26 by the SDK's generic client; its own package is ten times as large as all others here."""
    config = Config(
        access_key_id=sdk.SECRET[0],
        access_key_secret=sdk.SECRET[1],
        endpoint=balancer.process.control,
        protocol="HTTP",
    )
    params = Params(
        action=action,
        version="2014-05-26",
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    return dict(Client(config).call_api(params, OpenApiRequest(query=query), RuntimeOptions())["body"])


def _method(action: str) -> str:
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in action).strip("_")
    return words.replace("v_server_group", "vserver_group").replace("t_c_p_listener", "tcplistener")


def _refused(call: Any) -> tuple[int, str]:
    try:
        call()
    except AlibabaCloudException as error:
        return int(error.status_code), str(error.code)
    raise AssertionError("it was not refused")
