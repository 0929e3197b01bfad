"""NLB 2022-04-30 as the wire speaks it: actions, quota, client tokens, and who is busy while a job runs."""

from migrator.lab.clouds.aliyun.nlb import reads, writes
from migrator.lab.clouds.aliyun.nlb.groups import groups
from migrator.lab.clouds.aliyun.rpc.calls import Action, Call, Json, Spoken
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.rates import Quota
from migrator.lab.clouds.aliyun.rpc.servers import address_of
from migrator.lab.clouds.live import Live

VERSION = "2022-04-30"
READS_A_MINUTE = 3000  # not published for the reads
WRITES_A_MINUTE = 200
READS: dict[str, Action] = {
    "ListServerGroupServers": reads.list_server_group_servers,
    "ListServerGroups": reads.list_server_groups,
    "ListListeners": reads.list_listeners,
    "GetListenerHealthStatus": reads.get_listener_health_status,
    "GetLoadBalancerAttribute": reads.get_load_balancer_attribute,
    "ListAsynJobs": reads.list_asyn_jobs,
    "GetJobStatus": reads.get_job_status,
}
WRITES: dict[str, Action] = {
    "AddServersToServerGroup": writes.add_servers_to_server_group,
    "UpdateServerGroupServersAttribute": writes.update_server_group_servers_attribute,
    "RemoveServersFromServerGroup": writes.remove_servers_from_server_group,
}


def spoken() -> Spoken:
    """Return the API, with a quota and tokens of its own that nothing has used yet."""
    tokens = writes.Tokens()

    def busy(call: Call, live: Live) -> None:
        """Refuse a write: a group that a job changes is busy itself, any other meets the balancer's lock. A replay may pass."""
        if not live.busy or tokens.answered(call):
            return
        changing = groups(live).get(call.parameters.maybe("ServerGroupId"))
        if changing is not None and (changing.changing or live.faults.busy()):
            raise ApiError(400, "IncorrectStatus.serverGroup", "The status of server group is incorrect.")
        raise ApiError(400, "Conflict.Lock", "The operation is conflicting with another one on the load balancer.")

    return Spoken(
        READS,
        {name: tokens.replaying(action) for name, action in WRITES.items()},
        Quota(READS_A_MINUTE, WRITES_A_MINUTE),
        _meant,
        busy,
        _rows,
        "Forbidden.NoPermission",
    )


def _meant(call: Call) -> Live | None:
    """Find the balancer by whatever of it the call names."""
    parameters = call.parameters
    if name := parameters.maybe("LoadBalancerId") or parameters.maybe("LoadBalancerIds.1"):
        return call.fleet.get(name)
    if name := parameters.maybe("ServerGroupId") or parameters.maybe("ServerGroupIds.1"):
        return next((live for live in call.fleet if name in groups(live)), None)
    task = call.fleet.tasks.get(parameters.maybe("JobId") or parameters.maybe("JobIds.1"))
    return call.fleet.get(task.balancer) if task else None


def _rows(call: Call) -> list[Json]:
    """Flatten the servers of a write for the record: [{"listener", "target", "weight"}], as they were asked for."""
    live = _meant(call)
    group = groups(live).get(call.parameters.maybe("ServerGroupId")) if live else None
    return [
        {
            "listener": group.listeners[0].spec.id if group else None,
            "target": f"{_address(live, row)}:{row.get('Port', 0)}",
            "weight": int(row["Weight"]) if str(row.get("Weight", "")).isdigit() else None,
        }
        for row in call.parameters.rows("Servers")
    ]


def _address(live: Live | None, row: Json) -> str:
    name = str(row.get("ServerId", ""))
    return name if live is None or row.get("ServerType") == "Ip" else address_of(live, name) or name
