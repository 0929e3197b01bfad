"""ECS 2014-05-26, as much of it as names servers: instances and network interfaces by their private addresses."""

from migrator.lab.clouds.aliyun.rpc.calls import Call, Json, Spoken
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.rates import Quota
from migrator.lab.clouds.aliyun.rpc.servers import eni
from migrator.lab.clouds.live import Live

VERSION = "2014-05-26"
_LIMIT = 100
_QUOTA = Quota(reads=6000, writes=100)


async def describe_instances(call: Call) -> Json:
    """DescribeInstances by PrivateIpAddresses or InstanceIds, JSON lists of at most 100."""
    wanted, ids = call.parameters.listed("PrivateIpAddresses"), call.parameters.listed("InstanceIds")
    if len(wanted) > _LIMIT or len(ids) > _LIMIT:
        raise ApiError(400, "InvalidParameter", f"More than {_LIMIT} are asked for.")
    instances = {
        instance: address
        for live in call.fleet
        for instance, address in live.model.spec.instances.items()
        if (not wanted or address in wanted) and (not ids or instance in ids)
    }
    return {
        "TotalCount": len(instances),
        "Instances": {"Instance": [_instance(*instance) for instance in instances.items()]},
    }


def _instance(instance: str, address: str) -> Json:
    return {
        "InstanceId": instance,
        "Status": "Running",
        "InstanceNetworkType": "vpc",
        "InnerIpAddress": {"IpAddress": []},
        "VpcAttributes": {"VpcId": "vpc-lab", "PrivateIpAddress": {"IpAddress": [address]}},
    }


async def describe_network_interfaces(call: Call) -> Json:
    """DescribeNetworkInterfaces by PrivateIpAddress.N; in the lab every address that is no instance's has an ENI."""
    wanted = call.parameters.texts("PrivateIpAddress", _LIMIT)
    instances = {address for live in call.fleet for address in live.model.spec.instances.values()}
    rows = [_interface(address) for address in wanted if address not in instances]
    return {"NextToken": "", "NetworkInterfaceSets": {"NetworkInterfaceSet": rows}}


def _interface(address: str) -> Json:
    return {
        "NetworkInterfaceId": eni(address),
        "Type": "Secondary",
        "Status": "InUse",
        "VpcId": "vpc-lab",
        "PrivateIpAddress": address,
        "PrivateIpSets": {"PrivateIpSet": [{"PrivateIpAddress": address, "Primary": True}]},
    }


def _no_balancer(call: Call) -> Live | None:
    return None


def _never_busy(call: Call, live: Live) -> None:
    return None


def _no_rows(call: Call) -> list[Json]:
    return []


SPOKEN = Spoken(
    {"DescribeInstances": describe_instances, "DescribeNetworkInterfaces": describe_network_interfaces},
    {},
    _QUOTA,
    _no_balancer,
    _never_busy,
    _no_rows,
)
