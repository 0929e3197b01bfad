"""Balancer drivers, by provider. Which one it is is decided here, and nowhere else; drivers hold no ordering rule.

A driver is imported when it is asked for, so that nobody loads the libraries of another cloud.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Protocol

from migrator.domain.model.errors import UsageError
from migrator.domain.model.spec import BalancerSpec
from migrator.domain.ports.outside import BalancerReader, BalancerWriter


class Driver(BalancerReader, BalancerWriter, Protocol):
    """Both ports of one balancer in one object."""


def balancer(spec: BalancerSpec) -> tuple[BalancerReader, BalancerWriter]:
    """Give the ports of the spec's balancer; nothing is asked of it yet.

    UsageError for a provider without a driver, or for options that its driver does not take.
    """
    require_known(spec.provider)
    driver = PROVIDERS[spec.provider](spec)
    return driver, driver


def require_known(provider: str) -> None:
    """Raise UsageError for a provider without a driver, with the one that was probably meant. Nobody is asked."""
    if provider in PROVIDERS:
        return
    near = get_close_matches(provider, PROVIDERS, 1)
    raise UsageError(
        f"There is no driver for balancer provider {provider!r}. Nothing was changed. "
        + (f"Did you mean {near[0]}? " if near else "")
        + f"Known providers: {', '.join(PROVIDERS)}."
    )


def _tencent(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.tencent import tencent

    return tencent(spec)


def _tke(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.tke import tke

    return tke(spec)


def _haproxy(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.haproxy import haproxy

    return haproxy(spec)


def _exec(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.exec import command

    return command(spec)


def _ipvs(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.ipvs import ipvs

    return ipvs(spec)


def _aliyun_clb(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.aliyun_clb import aliyun_clb

    return aliyun_clb(spec)


def _aliyun_nlb(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.aliyun_nlb import aliyun_nlb

    return aliyun_nlb(spec)


def _aws(spec: BalancerSpec) -> Driver:
    from migrator.adapters.balancers.aws import aws

    return aws(spec)


PROVIDERS: dict[str, Callable[[BalancerSpec], Driver]] = {
    "tencent": _tencent,
    "tke": _tke,
    "aliyun-clb": _aliyun_clb,
    "aliyun-nlb": _aliyun_nlb,
    "aws": _aws,
    "haproxy": _haproxy,
    "ipvs": _ipvs,
    "exec": _exec,
}
