"""The kinds of drivers that are held to the balancer contract. A new driver adds its kind here, and nothing else."""

from __future__ import annotations

from tests.contracts.balancer import Kind
from tests.contracts.rigs import aliyun, aws, command, haproxy, ipvs, memory, tencent, tke

KINDS: tuple[Kind, ...] = (
    *tencent.KINDS,
    tke.KIND,
    haproxy.KIND,
    command.KIND,
    ipvs.KIND,
    memory.KIND,
    aws.KIND,
    *aliyun.KINDS,
)
