"""The configuration of the lab's HAProxy: plain TCP, exact weights, and nothing that would hide a lost connection.

No retry and no redispatch: L4 balancers of clouds have neither, and a dead backend must cost what it costs there.
"""

from collections.abc import Iterator

from migrator.lab.balancer.settings import BalancerSpec, HealthSpec, ListenerSpec

_FIXED = """\
global
  stats socket {admin} level admin
  stats timeout 10s
  maxconn 4000
  nbthread 1
  spread-checks 10

defaults
  mode tcp
  retries 0
  balance roundrobin
  timeout connect 5s
  timeout client 1h
  timeout server 1h
"""


def config(spec: BalancerSpec, admin: str) -> str:
    """Return the file's text: a frontend and a backend section for each listener; servers come through `admin`."""
    sections = (line for listener in spec.listeners for line in _listener(spec, listener))
    return _FIXED.format(admin=admin) + "\n".join(["", *sections]) + "\n"


def check(health: HealthSpec) -> str:
    """Return the health check of a server line; "" where checks are off."""
    if health.kind == "off":
        return ""
    every = f"inter {_ms(health.interval_s)} fall {health.fall} rise {health.rise}"
    return f"check {every}" + (f" port {health.port}" if health.port and health.kind == "http" else "")


def _listener(spec: BalancerSpec, listener: ListenerSpec) -> Iterator[str]:
    health = listener.health or spec.health
    yield f"frontend in-{listener.id}"
    yield f"  bind {spec.vip}:{listener.port}"
    yield f"  default_backend {listener.id}"
    yield ""
    yield f"backend {listener.id}"
    yield f"  source {spec.vip}"  # gateways see the balancer's address, as they do behind the lab's other balancers
    yield f"  timeout check {_ms(health.timeout_s)}"
    if health.kind == "http":
        yield "  option httpchk"
        yield f"  http-check send meth GET uri {health.path} ver HTTP/1.1 hdr Host lb hdr Connection close"
    yield ""


def _ms(seconds: float) -> str:
    return f"{max(1, round(seconds * 1000))}ms"
