"""Speak the balancer's cloud API (Tencent CLB 2018-03-17, TC3-HMAC-SHA256) as a script of an operator would.

It is the lab's own client, for seeding and for the rivals; it keeps no state and orders nothing.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from migrator.lab.ground.layout import BALANCER_ID, LISTENER_ID, REGION, SECRET_ID, SECRET_KEY, Address

_SERVICE = "clb"
_TYPE = "application/json"
_BUSY = ("FailedOperation.ResourceInOperating", "RequestLimitExceeded")
_TRIES = 170
_TRY_EVERY = 0.06  # a cloud takes 20 questions of a kind a second

Weights = Mapping[Address, int]


class CloudError(RuntimeError):
    """The cloud refused; the text is its code and message."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """One listener of a balancer, or one `rule` of it. `at` is the endpoint; the secrets are the lab's."""

    at: Address
    region: str = REGION
    balancer: str = BALANCER_ID
    listener: str = LISTENER_ID
    rule: str = ""

    def weights(self) -> dict[Address, int]:
        """Return every target with its weight."""
        answer = self._call("DescribeTargets", ListenerIds=[self.listener])
        targets = answer["Listeners"][0].get("Targets") or []
        return {Address(row["PrivateIpAddresses"][0], row["Port"]): row["Weight"] for row in targets}

    def register(self, weights: Weights) -> None:
        listener = {"ListenerId": self.listener} | ({"LocationId": self.rule} if self.rule else {})
        rows = [{**listener, **_target(at), "Weight": weight} for at, weight in weights.items()]
        answer = self._call("BatchRegisterTargets", Targets=rows)
        if answer.get("FailListenerIdSet"):
            raise CloudError(f"registration failed: {answer.get('Message')}")

    def set_weights(self, weights: Weights) -> None:
        """Set absolute weights and wait until the cloud's task has ended; the data plane follows later."""
        rows = [{**_target(at), "Weight": weight} for at, weight in weights.items()]
        task = self._call("BatchModifyTargetWeight", ModifyList=[{"ListenerId": self.listener, "Targets": rows}])
        for _ in range(_TRIES):
            state = self._call("DescribeTaskStatus", TaskId=task["RequestId"])["Status"]
            if state != 2:
                break
            time.sleep(_TRY_EVERY)
        if state != 0:
            raise CloudError(f"the task {task['RequestId']} has status {state}")

    def deregister(self, addresses: list[Address]) -> None:
        rows = [{"ListenerId": self.listener, **_target(at)} for at in addresses]
        self._call("BatchDeregisterTargets", Targets=rows)

    def _call(self, action: str, **parameters: Any) -> dict[str, Any]:
        if action != "DescribeTaskStatus":
            parameters["LoadBalancerId"] = self.balancer
        for _ in range(_TRIES):
            answer = self._post(action, json.dumps(parameters))
            if "Error" not in answer:
                return answer
            error = answer["Error"]
            if not error["Code"].startswith(_BUSY):
                break
            time.sleep(_TRY_EVERY)
        raise CloudError(f"{action}: {error['Code']}: {error['Message']}")

    def _post(self, action: str, body: str) -> dict[str, Any]:
        now = int(time.time())
        headers = {
            "Host": str(self.at),
            "Content-Type": _TYPE,
            "X-TC-Action": action,
            "X-TC-Version": "2018-03-17",
            "X-TC-Region": self.region,
            "X-TC-Timestamp": str(now),
            "Authorization": _authorization(str(self.at), body, now),
        }
        answer: dict[str, Any] = httpx.post(
            f"http://{self.at}/", content=body, headers=headers, timeout=10, trust_env=False
        ).json()["Response"]
        return answer


def _target(address: Address) -> dict[str, Any]:
    return {"EniIp": address.host, "Port": address.port}


def _authorization(host: str, body: str, now: int) -> str:
    """Sign one POST as in the cloud's document "Signature v3"; the host includes the port."""
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    canonical = f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{host}\n\ncontent-type;host\n{_sha256(body)}"
    scope = f"{day}/{_SERVICE}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{_sha256(canonical)}"
    key = f"TC3{SECRET_KEY}".encode()
    for step in (day, _SERVICE, "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
