"""A lab's record as a reader sees it: text for people, one JSON value for programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from migrator.lab.ground.layout import SECRET_ID, SECRET_KEY
from migrator.lab.world.record import Record


def value(record: Record) -> dict[str, Any]:
    """Return the lab as plain JSON; `phase` is `killed` where the supervisor is gone and wrote no end."""
    parts = [
        {"name": part.name, "state": part.state, "pid": part.process.pid, "exitCode": part.exit_code, "log": part.log}
        for part in record.parts
    ]
    return {
        "version": 1,
        "phase": phase(record),
        "problem": record.problem,
        "net": record.net,
        "kubeconfig": record.kubeconfig,
        "addresses": record.addresses,
        "parts": parts,
        "load": load(record),
    }


COUNTED = ("sent", "answered", "lost", "bad", "cut")


def load(record: Record) -> dict[str, int] | None:
    """Return what the lab's clients have counted until now (or until its end); None where nobody has counted yet."""
    try:
        logs = Path(record.parts[0].log).parent
        totals = json.loads((logs.parent / "load" / "live.json").read_text(encoding="utf-8"))
    except (IndexError, FileNotFoundError, ValueError):
        return None
    return {name: totals[name] for name in COUNTED}


def faults(shown: Mapping[str, Any]) -> str:
    """Return the faults in force at the doors, one a line."""
    if not shown["faults"]:
        return f"no fault is in force; there are doors for {', '.join(shown['targets'])}"
    return "\n".join(_fault(row) for row in shown["faults"])


def _fault(row: Mapping[str, Any]) -> str:
    how = [
        f"{row['share']:.0%} of" if row["share"] < 1 else "",
        f"the next {row['count']}" if row["count"] >= 0 else "",
    ]
    which = [row["method"], "writes" if row["writes"] else "requests", f"to {row['path']}" if row["path"] else ""]
    what = f"{row['kind']} {row['status']}" if "status" in row else str(row["kind"])
    after = f" ({row['seconds']:g} s)" if row["seconds"] else ""
    return f"  {row['target']:<11} {what}{after}: " + " ".join(word for word in (*how, *which) if word)


def phase(record: Record) -> str:
    lives = record.phase in ("starting", "up")
    return "killed" if lives and not record.supervisor.alive() else record.phase


def text(record: Record) -> str:
    """Return how the lab is, where everything is, and how to reach it."""
    now = phase(record)
    lines = [f"lab {record.net}: {now}" + (f" ({record.problem})" if record.problem else ""), ""]
    for part in record.parts:
        ended = f", exit code {part.exit_code}, see {part.log}" if part.state == "ended" and now == "up" else ""
        lines.append(f"  {part.name:<15} {part.state}{ended}")
    if now == "up":
        lines += ["", *(f"  {name:<15} {url}" for name, url in record.addresses.items())]
        lines += [
            "",
            f"  kubeconfig      {record.kubeconfig}",
            f"  secrets         export TENCENTCLOUD_SECRET_ID={SECRET_ID} TENCENTCLOUD_SECRET_KEY={SECRET_KEY}",
            f"  of Aliyun       export ALIBABA_CLOUD_ACCESS_KEY_ID={SECRET_ID} ALIBABA_CLOUD_ACCESS_KEY_SECRET={SECRET_KEY}",
            f"  of AWS          export AWS_ACCESS_KEY_ID={SECRET_ID} AWS_SECRET_ACCESS_KEY={SECRET_KEY}",
        ]
    if (counted := load(record)) is not None:
        sent, answered, lost, bad, cut = (f"{counted[name]:,}" for name in COUNTED)
        flying = max(0, counted["sent"] - counted["answered"] - counted["lost"])
        answers = f"{sent} sent, {answered} answered, {flying:,} in flight, {lost} lost, {bad} bad (5xx)"
        lines += ["", f"  requests        {answers}, {cut} idle connections cut"]
    return "\n".join(lines)
