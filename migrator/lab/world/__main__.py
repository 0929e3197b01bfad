"""`python -m migrator.lab.world`: the supervisor as a process; `migrator lab up` starts it."""

import argparse
import json
import logging
import os
import sys
from dataclasses import asdict
from pathlib import Path

from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.nets import Taken
from migrator.lab.world.supervisor import supervise


def arguments(scenario: Scenario, folder: Path) -> list[str]:
    """Return the command line that makes another process supervise `scenario` in `folder`."""
    content = {**asdict(scenario), "strangers": str(scenario.strangers) if scenario.strangers else None}
    return [sys.executable, "-P", "-m", "migrator.lab.world", "--dir", str(folder), "--scenario", json.dumps(content)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="migrator.lab.world", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--scenario", type=json.loads, required=True, help="the fields of Scenario, as JSON")
    parser.add_argument("--detach", action="store_true", help="print the pid of a process that goes on alone")
    options = parser.parse_args()
    if options.detach and _became_parent():
        return 0
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    fields = dict(options.scenario)
    strangers = fields.pop("strangers", None)
    fields["parts"] = tuple(fields["parts"])
    scenario = Scenario(**fields, strangers=Path(strangers) if strangers else None)
    try:
        return supervise(scenario, options.dir)
    except Taken as error:
        print(error, file=sys.stderr)  # noqa: T201  the reason why this process ends
        return 2


def _became_parent() -> bool:
    """Fork; True in the parent, which has said who the child is. Nothing has started a thread yet."""
    if pid := os.fork():
        print(pid, flush=True)  # noqa: T201  the answer to whoever asked for it
        return True
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return False


if __name__ == "__main__":
    sys.exit(main())
