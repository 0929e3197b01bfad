"""What an nginx answered, counted from its log, and as ingress-nginx shows it at /metrics. It asks nothing.

Source of the names: kubernetes/ingress-nginx internal/ingress/metric/collectors (socket.go, nginx_status.go).
"""

import re
from collections import Counter
from dataclasses import dataclass, field

_ANSWER = re.compile(rb": ([A-Z]+) (\d{3}) (\d+\.\d+)$")
_STATUS = re.compile(r"Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)", re.S)
_EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds by which it tells how long answers took (the Prometheus client's own, as ingress-nginx has them)."""


@dataclass(slots=True)
class Answers:
    """Answers by method and status; `started` is the controller's start in seconds of the clock."""

    namespace: str
    pod: str
    started: float
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    within: Counter[tuple[str, float]] = field(default_factory=Counter)

    def take(self, line: bytes) -> None:
        """Count a line of the log; what is no answer is left out."""
        if found := _ANSWER.search(line):
            code, took = found[2].decode(), float(found[3])
            self.counts[found[1].decode(), code] += 1
            self.within.update((code, edge) for edge in _EDGES if took <= edge)

    def metrics(self, status: str) -> bytes:
        """Return the page; `status` is nginx's own stub status, "" where it does not answer."""
        own = f'controller_class="k8s.io/ingress-nginx",controller_namespace="{self.namespace}",controller_pod="{self.pod}"'
        lines = ["# TYPE nginx_ingress_controller_requests counter"]
        for (method, code), count in sorted(self.counts.items()):
            lines.append(f'nginx_ingress_controller_requests{{{own},method="{method}",status="{code}"}} {count}')
        lines += self._durations(own)
        if found := _STATUS.search(status):
            name = "nginx_ingress_controller_nginx_process_connections"
            lines += [f"# TYPE {name} gauge", f'{name}{{{own},state="active"}} {found[1]}']
            lines += [f"# TYPE {name}_total counter", f'{name}_total{{{own},state="accepted"}} {found[2]}']
        lines += ["# TYPE process_start_time_seconds gauge", f"process_start_time_seconds {self.started:.3f}"]
        return "".join(f"{line}\n" for line in lines).encode()

    def _durations(self, own: str) -> list[str]:
        """Return how long answers took, by status."""
        name = "nginx_ingress_controller_request_duration_seconds"
        lines = [f"# TYPE {name} histogram"]
        codes: Counter[str] = Counter()
        for (_, code), count in self.counts.items():
            codes[code] += count
        for code, count in sorted(codes.items()):
            labels = f'{own},status="{code}"'
            lines += [f'{name}_bucket{{{labels},le="{edge:g}"}} {self.within[code, edge]}' for edge in _EDGES]
            lines.append(f'{name}_bucket{{{labels},le="+Inf"}} {count}')
        return lines
