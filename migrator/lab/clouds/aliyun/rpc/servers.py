"""Which server has which address: instances are named in the balancer's spec, any other address is an ENI's own."""

from dataclasses import dataclass

from migrator.lab.clouds.live import Live


@dataclass(frozen=True, slots=True)
class Server:
    """A server as a backend names it: `kind` is ecs or eni."""

    kind: str
    id: str


def server_of(live: Live, address: str) -> Server:
    """Return the instance that has an address, else the ENI."""
    for instance, private in live.model.spec.instances.items():
        if private == address:
            return Server("ecs", instance)
    return Server("eni", eni(address))


def address_of(live: Live, server: str) -> str | None:
    """Return the address of an instance or ENI; None when there is no such server."""
    if server.startswith("eni-"):
        parts = [server[4:][at : at + 2] for at in range(0, len(server) - 4, 2)]
        try:
            return ".".join(str(int(part, 16)) for part in parts) if len(parts) == 4 else None
        except ValueError:
            return None
    return live.model.spec.instances.get(server)


def eni(address: str) -> str:
    """Return the id of the ENI with this address."""
    return "eni-" + "".join(f"{int(part):02x}" for part in address.split("."))
