"""The objects of the API's replies, with every field that the version 2018-03-17 knows; what has no value is null."""

import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from migrator.lab.balancer.model import Health, Listener, Target
from migrator.lab.balancer.settings import HealthSpec, RuleSpec
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.tencent.calls import Shown

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
_NULLS_OF_A_RULE: Json = dict.fromkeys(
    (
        "Certificate",
        "RewriteTarget",
        "TargetGroup",
        "WafDomainId",
        "TrpcCallee",
        "TrpcFunc",
        "TargetGroupList",
        "OAuth",
        "CookieName",
    )
)


def balancer(live: Live) -> Json:
    """Return a LoadBalancer."""
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
        "TargetCount": sum(len(listener.targets) for listener in model.listeners.values()),
    }


def listener(live: Live, shown: Shown) -> Json:
    """Return a Listener. The names in AttrFlags are those of the switches; Tencent's own strings are not published.

    On layer 7 what decides of the targets is a rule's, and null here.
    """
    spec = shown.spec
    common = _NULLS_OF_A_LISTENER | {
        "ListenerId": spec.id,
        "Protocol": shown.protocol,
        "Port": shown.port,
        "SniSwitch": 0,
        "ListenerName": spec.name or spec.id,
        "CreateTime": moment(shown.parts[0].created_at),
        "EndPort": 0,
        "SessionType": "NORMAL",
        "MaxConn": -1,
        "MaxCps": -1,
    }
    return common | (_as_layer_7(live, shown) if spec.rules else _as_layer_4(live, shown))


def _as_layer_4(live: Live, shown: Shown) -> Json:
    spec = shown.spec
    return {
        "HealthCheck": health_check(spec.health or live.model.spec.health),
        "Scheduler": spec.scheduler,
        "SessionExpireTime": spec.session_expire_s,
        "TargetType": spec.target_type,
        "DeregisterTargetRst": spec.deregister_rst,
        "AttrFlags": ["RescheduleTargetZeroWeight"] if spec.reschedule_zero_weight else [],
        "IdleConnectTimeout": 900,
        "RescheduleInterval": math.ceil(spec.reschedule_interval_s),
    }


def _as_layer_7(live: Live, shown: Shown) -> Json:
    rules = [(part, part.rule) for part in shown.parts if part.rule is not None]
    nulls = dict.fromkeys(("HealthCheck", "Scheduler", "SessionExpireTime", "TargetType", "IdleConnectTimeout"))
    return nulls | {
        "Rules": [_rule(live, shown.spec.id, part, rule) for part, rule in rules],
        "DeregisterTargetRst": False,
        "AttrFlags": [],
        "RescheduleInterval": 0,
        "KeepaliveEnable": int(shown.spec.keepalive),
    }


def _rule(live: Live, listener: str, part: Listener, rule: RuleSpec) -> Json:
    """Return a RuleOutput."""
    check = health_check(rule.health or live.model.spec.health)
    return _NULLS_OF_A_RULE | {
        "LocationId": rule.id,
        "Domain": rule.domain,
        "Url": rule.url,
        "SessionExpireTime": rule.session_expire_s,
        "HealthCheck": check | {"CheckPort": None},  # layer 7 checks the target's own port
        "Scheduler": rule.scheduler,
        "ListenerId": listener,
        "HttpGzip": False,
        "BeAutoCreated": False,
        "DefaultServer": not rule.domain,
        "Http2": False,
        "ForwardType": "HTTP",
        "CreateTime": moment(part.created_at),
        "TargetType": rule.target_type,
        "QuicStatus": "QUIC_INACTIVE",
        "Domains": [rule.domain],
    }


def health_check(spec: HealthSpec) -> Json:
    """Return a HealthCheck. The API knows whole seconds only; the lab's shorter ones are rounded up."""
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


def backends(live: Live, shown: Shown, targets: Callable[[Listener], list[Target]]) -> Json:
    """Return a ListenerBackend with the `targets` of each of its parts."""
    rows = [[_backend(live, target) for target in targets(part)] for part in shown.parts]
    rules = [
        {
            "LocationId": part.rule.id,
            "Domain": part.rule.domain,
            "Url": part.rule.url,
            "Targets": listed,
            "FunctionTargets": None,
        }
        for part, listed in zip(shown.parts, rows, strict=True)
        if part.rule is not None
    ]
    return {
        "ListenerId": shown.spec.id,
        "Protocol": shown.protocol,
        "Port": shown.port,
        "Rules": rules or None,
        "Targets": None if rules else rows[0],
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


def health(live: Live, listeners: list[Shown], rules: list[str]) -> Json:
    """Return a LoadBalancerHealth, of the `rules` only if some are named; an L4 listener has one nameless rule."""
    return {
        "LoadBalancerId": live.model.spec.id,
        "LoadBalancerName": live.model.spec.name or live.model.spec.id,
        "Listeners": [_listener_health(live, listener, rules) for listener in listeners],
    }


def _listener_health(live: Live, shown: Shown, rules: list[str]) -> Json:
    return {
        "ListenerId": shown.spec.id,
        "ListenerName": shown.spec.name or shown.spec.id,
        "Protocol": shown.protocol,
        "Port": shown.port,
        "Rules": [
            _rule_health(live, part)
            for part in shown.parts
            if not rules or (part.rule is not None and part.rule.id in rules)
        ],
    }


def _rule_health(live: Live, part: Listener) -> Json:
    rule = part.rule or RuleSpec("", url="")
    targets = [_target_health(live, part, target) for target in part.targets.values()]
    return {"LocationId": rule.id, "Domain": rule.domain, "Url": rule.url, "RuleId": None, "Targets": targets}


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
    """Return a time as the API writes it: Beijing time, no zone."""
    return at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
