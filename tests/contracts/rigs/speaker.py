"""A balancer behind a command: speaks docs/exec-driver.md, keeps its rows in a JSON file. Run as a program, by path.

`python speaker.py STATE`: one request on stdin, one reply on stdout. The standard library only: it starts for every call.
"""

import json
import sys
from pathlib import Path

REFUSED, NOT_NOW, CRASHED = 3, 4, 1
WRITES = ("register", "set_weights", "deregister")


class Stop(Exception):
    """End with this exit code and, but for a crash, this reply."""

    def __init__(self, code, reply=None):
        super().__init__(code)
        self.code, self.reply = code, reply


def answer(state, request):
    """Give the reply to a request and change the state."""
    verb, rows = request["verb"], request.get("rows", [])
    if request["version"] != 1 or request["balancer"]["id"] != state["id"]:
        raise Stop(REFUSED, {"error": f"no balancer {request['balancer']['id']}"})
    if verb in WRITES:
        return write(state, verb, rows)
    if verb == "targets":
        return {"targets": list(state["rows"].values())}
    if verb == "poll":
        return {"state": state["jobs"].get(request["op"], "lost")}
    return {verb: state[verb]}


def write(state, verb, rows):
    state["log"].append({"verb": verb, "rows": rows})
    trouble = state.pop("trouble", "")
    if trouble in ("throttled", "busy"):
        state["trouble"] = trouble  # until it is taken back
        raise Stop(NOT_NOW, {"error": trouble, "retryAfter": 0.5})
    known = [row for row in rows if verb != "set_weights" or key(row) in state["rows"]]
    if len(known) < len(rows):
        raise Stop(REFUSED, {"error": "no such row"})
    job = f"job-{len(state['log'])}"
    state["jobs"][job] = "failed" if trouble == "jobs" else "done"
    for row in rows[: len(rows) // 2] if trouble == "partial" else rows:
        if trouble != "jobs":
            carry_out(state, verb, row)
    if trouble in ("partial", "dropped"):
        raise Stop(CRASHED)
    return {"op": job}


def carry_out(state, verb, row):
    if verb == "deregister":
        state["rows"].pop(key(row), None)
    else:  # as every vendor does: a register of a bound row gives it the new weight
        old = state["rows"].get(key(row), {"health": "healthy"})
        state["rows"][key(row)] = {**old, **row}


def key(row):
    return f"{row['listener']}/{row['address']}:{row['port']}"


def main():
    path = Path(sys.argv[1])
    state = json.loads(path.read_text())
    try:
        code, reply = 0, answer(state, json.load(sys.stdin))
    except Stop as stop:
        code, reply = stop.code, stop.reply
    path.write_text(json.dumps(state))
    if reply is not None:
        json.dump(reply, sys.stdout)
    sys.exit(code)


if __name__ == "__main__":
    main()
