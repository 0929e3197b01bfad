"""CLB 2014-05-15 as the wire speaks it: actions, quota, and who is busy after a write."""

from migrator.lab.clouds.aliyun.clb import reads, writes
from migrator.lab.clouds.aliyun.clb.groups import default_group, group_of, groups
from migrator.lab.clouds.aliyun.rpc.calls import Action, Call, Json, Spoken
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.rates import Quota
from migrator.lab.clouds.aliyun.rpc.servers import address_of
from migrator.lab.clouds.live import Live

VERSION = "2014-05-15"
READS_A_MINUTE = 3000
WRITES_A_MINUTE = 90
READS: dict[str, Action] = {
    "DescribeLoadBalancerAttribute": reads.describe_load_balancer_attribute,
    "DescribeVServerGroups": reads.describe_v_server_groups,
    "DescribeVServerGroupAttribute": reads.describe_v_server_group_attribute,
    "DescribeHealthStatus": reads.describe_health_status,
    "DescribeLoadBalancerTCPListenerAttribute": reads.describe_load_balancer_tcp_listener_attribute,
}
WRITES: dict[str, Action] = {
    "SetVServerGroupAttribute": writes.set_v_server_group_attribute,
    "AddVServerGroupBackendServers": writes.add_v_server_group_backend_servers,
    "RemoveVServerGroupBackendServers": writes.remove_v_server_group_backend_servers,
    "ModifyVServerGroupBackendServers": writes.modify_v_server_group_backend_servers,
    "SetBackendServers": writes.set_backend_servers,
    "AddBackendServers": writes.add_backend_servers,
    "RemoveBackendServers": writes.remove_backend_servers,
}


def spoken() -> Spoken:
    """Return the API, with a quota of its own that nothing has used yet."""
    last: dict[str, str] = {}

    def busy(call: Call, live: Live) -> None:
        """Refuse a write: a group that was just written is busy itself, anything else meets the balancer's pending change."""
        name = call.parameters.maybe("VServerGroupId")
        if live.busy and last.get(live.model.spec.id, name) == name:
            raise ApiError(400, "VServerGroupProcessing", "The specified VServer group is being processed.")
        if live.busy:
            raise ApiError(
                409, "BackendServer.configuring", "A previous configuration of the backend servers is pending."
            )
        last[live.model.spec.id] = name

    return Spoken(
        READS,
        WRITES,
        Quota(READS_A_MINUTE, WRITES_A_MINUTE),
        _meant,
        busy,
        _rows,
    )


def _meant(call: Call) -> Live | None:
    if name := call.parameters.maybe("LoadBalancerId"):
        return call.fleet.get(name)
    return group_of(call).live if call.parameters.maybe("VServerGroupId") else None


def _rows(call: Call) -> list[Json]:
    """Flatten the rows of a write for the record: [{"listener", "target", "weight"}], as they were asked for."""
    try:
        raw = call.parameters.documents("BackendServers")
    except ApiError:
        return []
    live = _meant(call)
    if live is None:
        return []
    group = groups(live).get(call.parameters.maybe("VServerGroupId"))
    listeners = group.listeners if group else default_group(live)
    return [
        {
            "listener": listeners[0].spec.id if listeners else None,
            "target": f"{address_of(live, str(row.get('ServerId')))}:{row.get('Port', '')}",
            "weight": int(row["Weight"]) if str(row.get("Weight", "")).isdigit() else None,
        }
        for row in raw
    ]
