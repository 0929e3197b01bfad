"""The objects of the API's replies, with every field that the version 2018-03-17 knows; what has no value is null."""

import math
from datetime import datetime, timedelta, timezone
from typing import Any

from migrator.lab.balancer.live import Live
from migrator.lab.balancer.model import Health, Listener, Target
from migrator.lab.balancer.settings import HealthSpec

Json = dict[str, Any]  # Any: JSON values

_BEIJING = timezone(timedelta(hours=8))
_DETAIL = {Health.ALIVE: "Alive", Health.DEAD: "Dead", Health.UNKNOWN: "Unknown", Health.OFF: "Close"}
_NULLS_OF_A_BALANCER: Json = dict.fromkeys(
    (
        "Log",
        "TargetRegionInfo",
        "MasterZone",
        "BackupZoneSet",
        "IsolatedTime",
        "ExpireTime",
        "PrepaidAttributes",
        "LogSetId",
        "LogTopicId",
        "AddressIPv6",
        "ExtraInfo",
        "ConfigId",
        "ExclusiveCluster",
        "IPv6Mode",
        "SnatIps",
        "IsBlockTime",
        "LocalBgp",
        "ClusterTag",
        "Zones",
        "NfvInfo",
        "HealthLogSetId",
        "HealthLogTopicId",
        "ClusterIds",
        "LoadBalancerDomain",
        "Egress",
        "AssociateEndpoint",
        "AvailableZoneAffinityInfo",
    )
)
_NULLS_OF_A_LISTENER: Json = dict.fromkeys(
    (
        "Certificate",
        "Rules",
        "TargetGroup",
        "Toa",
        "TargetGroupList",
        "DataCompressMode",
        "RescheduleStartTime",
        "KeepaliveEnable",
    )
)


def balancer(live: Live) -> Json:
    """Give a LoadBalancer."""
    spec, model = live.model.spec, live.model
    created = moment(model.created_at)
    return _NULLS_OF_A_BALANCER | {
        "LoadBalancerId": spec.id,
        "LoadBalancerName": spec.name or spec.id,
        "LoadBalancerType": "INTERNAL",
        "Forward": 1,
        "Domain": "",
        "LoadBalancerVips": [spec.vip],
        "Status": 1,
        "CreateTime": created,
        "StatusTime": created,
        "ProjectId": 0,
        "VpcId": "vpc-lab",
        "OpenBgp": 0,
        "Snat": False,
        "Isolation": 0,
        "SubnetId": "subnet-lab",
        "Tags": [],
        "SecureGroups": [],
        "AnycastZone": "",
        "AddressIPVersion": "ipv4",
        "NumericalVpcId": 1,
        "VipIsp": "INTERNAL",
        "ChargeType": "POSTPAID_BY_HOUR",
        "NetworkAttributes": {"InternetChargeType": None, "InternetMaxBandwidthOut": 0, "BandwidthpkgSubType": None},
        "IsDDos": False,
        "LoadBalancerPassToTarget": True,
        "SnatPro": False,
        "SlaType": "shared",
        "IsBlock": False,
        "MixIpTarget": False,
        "AttributeFlags": [],
        "Exclusive": 0,
        "TargetCount": sum(len(each.targets) for each in model.listeners.values()),
    }


def listener(live: Live, shown: Listener) -> Json:
    """Give a Listener. The names in AttrFlags are those of the switches; Tencent's own strings are not published."""
    spec = shown.spec
    return _NULLS_OF_A_LISTENER | {
        "ListenerId": spec.id,
        "Protocol": "TCP",
        "Port": shown.port,
        "HealthCheck": health_check(spec.health or live.model.spec.health),
        "Scheduler": spec.scheduler,
        "SessionExpireTime": spec.session_expire_s,
        "SniSwitch": 0,
        "ListenerName": spec.name or spec.id,
        "CreateTime": moment(shown.created_at),
        "EndPort": 0,
        "TargetType": spec.target_type,
        "SessionType": "NORMAL",
        "DeregisterTargetRst": spec.deregister_rst,
        "AttrFlags": ["RescheduleTargetZeroWeight"] if spec.reschedule_zero_weight else [],
        "MaxConn": -1,
        "MaxCps": -1,
        "IdleConnectTimeout": 900,
        "RescheduleInterval": math.ceil(spec.reschedule_interval_s),
    }


def health_check(spec: HealthSpec) -> Json:
    """Give a HealthCheck. The API knows whole seconds only; the lab's shorter ones are rounded up."""
    http = spec.kind == "http"
    return {
        "HealthSwitch": 0 if spec.kind == "off" else 1,
        "TimeOut": math.ceil(spec.timeout_s),
        "IntervalTime": math.ceil(spec.interval_s),
        "HealthNum": spec.rise,
        "UnHealthNum": spec.fall,
        "HttpCode": 6 if http else None,  # 2xx and 3xx
        "HttpCheckPath": spec.path if http else None,
        "HttpCheckDomain": "lb" if http else None,
        "HttpCheckMethod": "GET" if http else None,
        "CheckPort": spec.port if http and spec.port else None,
        "ContextType": None,
        "SendContext": None,
        "RecvContext": None,
        "CheckType": "HTTP" if http else "TCP",
        "HttpVersion": "HTTP/1.1" if http else None,
        "SourceIpType": 0,
        "ExtendedCode": None,
    }


def backends(live: Live, shown: Listener, targets: list[Target]) -> Json:
    """Give a ListenerBackend with `targets`."""
    return {
        "ListenerId": shown.spec.id,
        "Protocol": "TCP",
        "Port": shown.port,
        "Rules": None,
        "Targets": [_backend(live, each) for each in targets],
        "EndPort": 0,
    }


def _backend(live: Live, target: Target) -> Json:
    return {
        "Type": "ENI" if target.instance_id is None else "CVM",
        "InstanceId": target.instance_id,
        "Port": target.key.port,
        "Weight": target.weight,
        "PublicIpAddresses": None,
        "PrivateIpAddresses": [target.key.address],
        "InstanceName": target.instance_id,
        "RegisteredTime": moment(target.registered_at),
        "EniId": _eni(target) if target.instance_id is None else None,
        "Tag": target.tag,
        "Zone": f"{live.model.spec.region}-1",
    }


def health(live: Live, listeners: list[Listener]) -> Json:
    """Give a LoadBalancerHealth; an L4 listener has one nameless rule."""
    return {
        "LoadBalancerId": live.model.spec.id,
        "LoadBalancerName": live.model.spec.name or live.model.spec.id,
        "Listeners": [_listener_health(live, each) for each in listeners],
    }


def _listener_health(live: Live, shown: Listener) -> Json:
    targets = [_target_health(live, shown, each) for each in shown.targets.values()]
    return {
        "ListenerId": shown.spec.id,
        "ListenerName": shown.spec.name or shown.spec.id,
        "Protocol": "TCP",
        "Port": shown.port,
        "Rules": [{"LocationId": "", "Domain": "", "Url": "", "RuleId": None, "Targets": targets}],
    }


def _target_health(live: Live, shown: Listener, target: Target) -> Json:
    state = live.health(shown.spec.id, target.key)
    return {
        "IP": target.key.address,
        "Port": target.key.port,
        "HealthStatus": state in (Health.ALIVE, Health.OFF),
        "TargetId": target.instance_id or _eni(target),
        "HealthStatusDetail": _DETAIL[state],
        "HealthStatusDetial": _DETAIL[state],  # the API's own deprecated misspelling
        "TargetGroupId": None,
        "Weight": target.weight,
    }


def _eni(target: Target) -> str:
    return "eni-" + "".join(f"{int(part):02x}" for part in target.key.address.split("."))


def moment(at: datetime) -> str:
    """Give a time as the API writes it: Beijing time, no zone."""
    return at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
