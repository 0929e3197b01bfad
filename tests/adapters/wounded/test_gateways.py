"""Whatever a gateway, Prometheus or a file of recorded requests holds, its reader gives values or one of our errors."""

from __future__ import annotations

import contextlib
import json
from time import process_time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.adapters.answers.recorded import questions_of_har, questions_of_log
from migrator.adapters.gateways.comparison.comparing import Dump, Job, done
from migrator.adapters.gateways.counters import counted_by_istio
from migrator.adapters.metrics import PrometheusRates
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message
from migrator.domain.model.actions import Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Rate
from migrator.domain.model.spec import PrometheusSpec
from migrator.domain.observation.parity import Reference
from migrator.wording import render
from tests.adapters.answers.test_recorded import COMBINED, ENVOY, entry, har
from tests.adapters.gateways.dumps import NEW, OLD, dump
from tests.adapters.gateways.envoys import Doors, Envoy, istio, pod
from tests.adapters.gateways.istio_dumps import by_hand
from tests.adapters.gateways.istio_like import NEW as NEW_ISTIO
from tests.adapters.gateways.test_counters import GATEWAY, answers, connections, stats
from tests.adapters.gateways.test_envoy import ports
from tests.adapters.metrics.test_prometheus import spec
from tests.adapters.served import Asked, Reply, serving
from tests.wounds import PLACES, TEXTS, hurt, hurt_json, hurt_text, outcome

WOUND = st.one_of(PLACES, st.sampled_from(sorted(TEXTS)))
POD = pod("a")
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
PATHS = st.sampled_from(
    ["/server_info", "/stats", "/config_dump", "/runtime", "/ready", "/stats/prometheus", "/healthcheck"]
)
ISTIO = 'istio_requests_total{reporter="source",response_code="200",response_flags="-"} 12\n'


def body(sound: bytes, wound: Any) -> bytes:
    return TEXTS[wound] if isinstance(wound, str) else hurt_json(sound, wound)


class Wounded(Envoy):
    """A gateway whose answers to one path are hurt."""

    path: str = ""
    wound: Any = None

    def answer(self, method: str, target: str) -> tuple[int, bytes]:
        status, sound = Envoy.answer(self, method, target)
        if not target.startswith(self.path):
            return status, sound
        with contextlib.suppress(ValueError):
            return status, body(sound, self.wound)
        return status, (
            TEXTS[self.wound]
            if isinstance(self.wound, str)
            else hurt_text(sound.decode(), self.wound).encode("utf-8", "surrogatepass")
        )


def wounded(path: str, wound: Any) -> Wounded:
    made = Wounded(istio("a").node_id)
    made.stats = {
        row["name"]: row["value"]
        for row in stats(*answers(GATEWAY, 5, 2), *connections("0.0.0.0_80", 1, 2))["stats"][:-1]
    }  # type: ignore[index, union-attr]
    made.dump, made.metrics, made.path, made.wound = dump(OLD), ISTIO, path, wound
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(path=PATHS, wound=WOUND)
def test_no_gateway_makes_its_reader_raise_anything_but_our_errors(path: str, wound: Any) -> None:
    reader, writer = ports(Doors(a=wounded(path, wound)))
    for ask in (
        lambda: (reader.readings(Side.OLD, [POD]), reader.readings(Side.OLD, [POD])),
        lambda: reader.told(Side.OLD, [POD]),
        lambda: reader.routes(POD),
        lambda: reader.reference(POD, Side.OLD),
        lambda: writer.tell(Tell(Side.OLD, Word.GO, (POD,))),
    ):
        with contextlib.suppress(Unreachable, Refused):
            ask()


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(wounds=PLACES, which=st.booleans())
def test_a_dump_with_a_wound_is_compared_or_unreachable(wounds: Any, which: bool) -> None:
    sound, gateway = (by_hand(NEW_ISTIO), NEW) if which else (dump(NEW), NEW)
    model = done(Job(Dump(json.dumps(dump(OLD)).encode(), OLD.identity, {8080: 80}), keep=True))
    reference = Reference(POD, model.parity, model.kept)
    found = done(Job(Dump(hurt_json(json.dumps(sound).encode(), []), gateway.identity), reference))
    with contextlib.suppress(Unreachable):
        found = done(Job(Dump(hurt_json(json.dumps(sound).encode(), wounds), gateway.identity), reference))

    assert all(render(line) if isinstance(line, Message) else str(line) for line in found.differences.lines)


@settings(deadline=None, max_examples=50)
@given(wounds=PLACES)
def test_counters_of_istio_with_a_wound_are_numbers(wounds: Any) -> None:
    assert (counted_by_istio(hurt_text(ISTIO * 3, wounds)).requests or 0) >= 0


def test_a_label_without_end_costs_no_more_than_its_length() -> None:
    began = process_time()
    counted_by_istio("istio_requests_total{" + "9" * 200_000 + "} 5\n")

    assert process_time() - began < 2.0  # a search that begins anew at every letter takes minutes


def test_a_counter_that_is_out_of_all_bounds_counts_nothing() -> None:
    assert counted_by_istio(ISTIO.replace("12", "1e999")).requests == 0


ROWS = [{"metric": {"response_flags": "NR"}, "value": [1.0, "1000"]}]
VECTOR = json.dumps({"status": "success", "data": {"resultType": "vector", "result": ROWS}}).encode()


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(wound=WOUND, status=st.sampled_from([200, 200, 200, 204, 302, 400, 401, 422, 503]))
def test_no_prometheus_makes_its_reader_raise_anything_but_our_two_errors(wound: Any, status: int) -> None:
    def reply(_: Asked) -> Reply:
        return Reply(
            status,
            b"" if status == 204 else body(VECTOR, wound),
            {"Location": "http://192.0.2.1/"} if status == 302 else {},
        )

    with serving(reply) as served:
        asked = spec(prometheus=PrometheusSpec(served.url))
        assert asked.judge.prometheus is not None
        source = PrometheusRates(asked, asked.judge.prometheus)
        with contextlib.closing(source):
            rate = outcome(lambda: source.rate(Side.OLD, 60.0))

    assert not isinstance(rate, Rate) or 0 <= rate.bad <= rate.requests


@settings(deadline=None, max_examples=50)
@given(wounds=PLACES)
def test_a_har_file_with_a_wound_gives_questions_or_is_none(wounds: Any) -> None:
    with contextlib.suppress(ValueError):
        questions_of_har(hurt_json(har(entry(), entry("HEAD")).encode(), wounds).decode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=50)
@given(wounds=PLACES, name=st.sampled_from(sorted(TEXTS)))
def test_an_access_log_with_a_wound_gives_what_can_be_read(wounds: Any, name: str) -> None:
    sound = json.dumps({"method": "GET", "path": "/a", "authority": "shop.x", "x_forwarded_proto": "https"})
    lines = [
        ENVOY,
        COMBINED,
        hurt_text(ENVOY, wounds),
        json.dumps(hurt(json.loads(sound), wounds)),
        TEXTS[name].decode(errors="replace"),
    ]

    assert questions_of_log(lines, "shop.x", "http")
