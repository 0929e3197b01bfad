"""Run TKE's Service controller until SIGTERM: `python -m migrator.lab.controllers.services.tke --kubeconfig FILE ...`."""

import argparse
import json
import logging
import signal
import sys
import threading
from pathlib import Path

import httpx

from migrator.lab.controllers.services.tke.controller import Controller
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cloud import Cloud, CloudError
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import Address
from migrator.lab.process import die_with_parent

log = logging.getLogger(__name__)


def main() -> int:
    """Reconcile every `--every` seconds. What cannot be done now is tried again at the next look."""
    die_with_parent()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="python -m migrator.lab.controllers.services.tke", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--cloud", required=True, help="host:port of the lab's CLB API")
    parser.add_argument("--service", action="append", required=True, metavar="LISTENER=NAMESPACE/NAME")
    parser.add_argument("--every", type=float, default=0.5, help="seconds")
    options = parser.parse_args()
    host, _, port = options.cloud.rpartition(":")
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    with kubeconfig.connect(options.kubeconfig) as http:
        services = dict(_service(text) for text in options.service)
        controller = Controller(Cluster(http), Cloud(Address(host, int(port))), services)
        print(json.dumps({"ready": True, "part": "cloud-controller"}), flush=True)  # noqa: T201  the contract
        while not end.wait(options.every):
            try:
                controller.step()
            except (httpx.HTTPError, CloudError) as error:
                log.info("later error=%s", error)
    return 0


def _service(text: str) -> tuple[str, tuple[str, str]]:
    listener, _, path = text.partition("=")
    namespace, _, name = path.partition("/")
    return listener, (namespace, name)


if __name__ == "__main__":
    sys.exit(main())
