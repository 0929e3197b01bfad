"""`python -m migrator.lab.rivals.console`: the cloud's command line, as a shell script calls it: set all weights."""

import argparse

from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.layout import Layout


def main() -> None:
    """Give every backend on a node's address the weight `--new`, every other one `--old`."""
    parser = argparse.ArgumentParser(prog="migrator.lab.rivals.console", description=__doc__)
    parser.add_argument("--net", required=True)
    parser.add_argument("--old", type=int, required=True)
    parser.add_argument("--new", type=int, required=True)
    options = parser.parse_args()
    cloud = Cloud(Layout(options.net).balancer)
    nodes = f"{options.net}.1."
    cloud.set_weights({at: options.new if at.host.startswith(nodes) else options.old for at in cloud.weights()})


if __name__ == "__main__":
    main()
