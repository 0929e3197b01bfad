"""The official SDK clients, aimed at a port of this machine. The SDK knows no NO_PROXY, so a proxy must not be set."""

from __future__ import annotations

import os
from typing import Any

from alibabacloud_nlb20220430.client import Client as NlbClient
from alibabacloud_slb20140515.client import Client as ClbClient
from alibabacloud_tea_openapi.utils_models import Config

SECRET = ("lab-id", "lab-key")


def clb(control: str, secret: tuple[str, ...] = SECRET) -> ClbClient:
    """Give the CLB client (2014-05-15)."""
    return ClbClient(_config(control, secret))


def nlb(control: str, secret: tuple[str, ...] = SECRET) -> NlbClient:
    """Give the NLB client (2022-04-30)."""
    return NlbClient(_config(control, secret))


def _config(control: str, secret: tuple[str, ...]) -> Any:
    assert not {"HTTP_PROXY", "http_proxy"} & set(os.environ)
    token = secret[2] if len(secret) > 2 else None
    return Config(
        access_key_id=secret[0],
        access_key_secret=secret[1],
        security_token=token,
        endpoint=control,
        protocol="HTTP",
        region_id="lab",
        read_timeout=5000,
        connect_timeout=2000,
    )
