"""Which program a container image stands for. An image nobody knows cannot be pulled, as on a real node."""

import sys
from collections.abc import Sequence

_PYTHON = [sys.executable, "-P", "-m"]


class NoSuchImage(Exception):
    """The image cannot be pulled."""


def program(image: str, command: Sequence[str], args: Sequence[str]) -> list[str]:
    """Return the argv of a container. Raise `NoSuchImage` for an unknown image without a `command`.

    `auto` is what an Istio pod that was not injected still says; it can never be pulled, whatever its command.
    """
    name = image.split("@")[0].removeprefix("docker.io/")
    if name == "auto":
        raise NoSuchImage('failed to pull image "auto": pull access denied, repository does not exist')
    if command:
        return [*command, *args]
    repository = name.split(":")[0]
    if repository == "lab/gateway" or "proxyv2" in name:
        return [*_PYTHON, "migrator.lab.gateway"]  # pilot-agent's own args say nothing to it
    if repository == "lab/httpd":
        return [*_PYTHON, "migrator.lab.node.containers.httpd", *args]
    if repository.endswith("ingress-nginx/controller"):
        return [*_PYTHON, "migrator.lab.nginx.controller", *args[1:]]  # the first of its args is the program
    if repository.endswith("/migrator"):
        return [*_PYTHON, "migrator", *args]
    if repository == "lab/sleep":
        return ["/bin/sleep", *(args or ["infinity"])]
    raise NoSuchImage(f'failed to pull image "{image}": not found')
