"""A stand-in for `ipvsadm` with a table in a JSON file. Run as a program, by path: `python ipvsadm.py STATE ARGUMENTS`.

It takes what the driver uses (-Ln, --thresholds, --timeout, -a, -e, -d) and answers as ipvsadm(8) 1.31 does, errors included.
"""

import json
import os
import signal
import sys
from pathlib import Path

FORWARD = {"-m": "Masq", "-g": "Route", "-i": "Tunnel"}
HEAD = "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
COLUMNS = "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n"


def main():
    path, arguments = Path(sys.argv[1]), sys.argv[2:]
    state = json.loads(path.read_text())
    if arguments == ["-Ln", "--timeout"]:
        sys.stdout.write(f"Timeout (tcp tcpfin udp): {state.get('idle', 900)} 120 300\n")
        return
    if arguments[:1] == ["-Ln"]:
        sys.stdout.write(listed(state, "--thresholds" in arguments))
        return
    state["log"].append(arguments)
    error = changed(state, arguments)
    lose = state.pop("lose", False)
    path.write_text(json.dumps(state))
    if lose:
        os.kill(os.getpid(), signal.SIGKILL)
    if error:
        sys.exit(error)


def listed(state, thresholds):
    lines = [HEAD, COLUMNS]
    for name, service in state["services"].items():
        lines.append(f"{service.get('protocol', 'TCP')}  {name} {service['scheduler']} {service['flags']}\n")
        for where, row in service["servers"].items():
            limits = f"{row.get('x', 0):<10} {row.get('y', 0):<10}"
            forward = f"{row['forward']:<7} {row['weight']:<6}"
            lines.append(f"  -> {where:<28} {limits if thresholds else forward} {row['active']:<10} 0\n")
    return "".join(lines)


def changed(state, arguments):
    """Carry out one edit; give what ipvsadm says when it cannot."""
    verb, rest = arguments[0], arguments[1:]
    service = state["services"].get(rest[rest.index("-t") + 1])
    where = rest[rest.index("-r") + 1]
    if service is None:
        return "Service not defined"
    servers = service["servers"]
    if verb == "-a" and where in servers:
        return "Destination already exists"
    if verb in ("-e", "-d") and where not in servers:
        return "No such destination"
    if verb == "-d":
        del servers[where]
        return ""
    forward = next((FORWARD[each] for each in rest if each in FORWARD), "Route")  # the default of an edit, too
    weight = int(rest[rest.index("-w") + 1]) if "-w" in rest else 1
    servers[where] = {"active": 0, **servers.get(where, {}), "forward": forward, "weight": weight}
    return ""


if __name__ == "__main__":
    main()
