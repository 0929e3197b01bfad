"""What a gateway names by a port, by an address or by an object: how two of them are told apart, and by which processes."""

from __future__ import annotations

import base64
import copy
import gc
import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from migrator.adapters.gateways.comparison.cause import by_name, by_unit, origin
from migrator.adapters.gateways.comparison.comparing import Dump, Job, Outcome, apart, done, parity_of
from migrator.adapters.gateways.comparison.crew import SMALL, Crew
from migrator.adapters.gateways.comparison.difference import differing
from migrator.adapters.gateways.configuration.canonical import canonical
from migrator.adapters.gateways.configuration.secrecy import certified, hidden_header, hidden_matches
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.manifests import Json, Manifest, dig
from migrator.domain.model.spec import Allowance
from migrator.domain.observation.parity import Reference
from tests.adapters.gateways.dumps import NEW, OLD, PORTS, dump
from tests.words import refused, texts

POD = PodRef("ns", "gw", "uid", "10.0.0.1", "n")


def hosts(http: int, *names: str) -> Manifest:
    """Give a dump of one route configuration with these virtual hosts, each with a domain of its name."""
    rows: list[Json] = [{"name": name, "domains": [name.split(":")[0], name], "routes": []} for name in names]
    route: Manifest = {"name": f"http.{http}", "virtual_hosts": rows}
    return {"configs": [{"@type": "x.RoutesConfigDump", "dynamic_route_configs": [{"route_config": route}]}]}


def differ(old: Manifest, new: Manifest, ports: dict[int, int]) -> list[str]:
    """Give the units that differ."""
    left = canonical(old, OLD.identity, ports, "", {})
    return apart(parity_of(left), parity_of(canonical(new, NEW.identity, {}, "", {})))


@pytest.mark.parametrize(
    ("old", "new", "ports", "equal"),
    [
        pytest.param(
            hosts(80, "a:80"),
            hosts(18080, "a:80"),
            {80: 18080},
            True,
            id="the Gateway's port, which was listened on, too",
        ),
        pytest.param(
            hosts(8080, "a:80"),
            hosts(80, "a:80"),
            {8080: 80},
            True,
            id="the Gateway's port",
        ),
        pytest.param(hosts(8080, "a:8080"), hosts(80, "a:80"), {8080: 80}, True, id="the listener's port"),
        pytest.param(hosts(80, "a:80"), hosts(18080, "a:18080"), {80: 18080}, True, id="the port that moves"),
        pytest.param(hosts(80, "a:80"), hosts(18080, "a:81"), {80: 18080}, False, id="a port that neither is"),
        pytest.param(hosts(80, "a:80"), hosts(18080, "b:80"), {80: 18080}, False, id="another host"),
        pytest.param(
            hosts(80, "a:80", "b:80"), hosts(18080, "a:80", "b:18080"), {80: 18080}, False, id="each in its own way"
        ),
        pytest.param(hosts(80, "a:80"), hosts(80, "a:80"), {80: 18080}, False, id="a listener that did not move"),
    ],
)
def test_a_host_is_the_same_whichever_of_two_ports_it_is_called_by(
    old: Manifest, new: Manifest, ports: dict[int, int], equal: bool
) -> None:
    assert (differ(old, new, ports) == []) is equal


def test_the_lines_of_a_difference_beside_ports_are_those_that_are_left() -> None:
    old, new = hosts(80, "a:80", "b:80"), hosts(18080, "a:80", "c:80")
    model = done(Job(Dump(json.dumps(old).encode(), OLD.identity, {80: 18080}), keep=True))
    found = done(Job(Dump(json.dumps(new).encode(), NEW.identity), Reference(POD, model.parity, model.kept)))

    assert [line["path"] for line in found.differences.lines] == ["virtual_hosts[b]", "virtual_hosts[c]"]


def test_two_hosts_that_differ_in_their_port_alone_keep_it() -> None:
    assert differ(hosts(80, "a:80", "a:81"), hosts(80, "a:80", "a:82"), {}) == ["route/http.80"]


def pem(*names: str) -> str:
    """Give something in which these names stand as they do in a certificate."""
    der = b"\x30\x82" + b"".join(b"\x86" + bytes([len(name)]) + name.encode() + b"\x30" for name in names)
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("data", "names"),
    [
        pytest.param({"inline_string": pem("spiffe://td/ns/a/sa/gw")}, ["spiffe://td/ns/a/sa/gw"], id="in text"),
        pytest.param(
            {"inline_bytes": base64.b64encode(pem("spiffe://td/x").encode()).decode()}, ["spiffe://td/x"], id="in bytes"
        ),
        pytest.param({"inline_string": pem("https://x")}, [], id="another name"),
        pytest.param({"filename": "/x"}, [], id="in a file"),
        pytest.param({"inline_bytes": "no base64!"}, [], id="no certificate"),
    ],
)
def test_a_gateways_own_certificate_is_known_by_whose_name_it_is_in(data: Json, names: list[str]) -> None:
    assert certified({"tls_certificate": {"certificate_chain": data}}) == names


def test_credentials_in_headers_are_not_shown() -> None:
    header = hidden_header({"key": "Authorization", "value": "Basic c2VjcmV0", "other": 1})
    matches = hidden_matches(
        [{"name": "cookie", "string_match": {"exact": "s=1"}, "invert_match": True}, {"name": "x"}]
    )

    assert "c2VjcmV0" not in json.dumps(header)
    assert dig(header, "other") == 1
    assert "s=1" not in json.dumps(matches)
    assert dig(matches, 0, "invert_match") is True
    assert dig(matches, 1) == {"name": "x"}
    assert hidden_header({"key": "x-plain", "value": "shown"}) == {"key": "x-plain", "value": "shown"}


ISTIO = "/apis/networking.istio.io/v1/namespaces/shop"


def made(path: str) -> Json:
    return {"metadata": {"filter_metadata": {"#config": path}}}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param(origin(made(f"{ISTIO}/virtual-service/api")), "VirtualService shop/api", id="a virtual service"),
        pytest.param(
            origin({}, made(f"{ISTIO}/destination-rule/api")), "DestinationRule shop/api", id="of the other side"
        ),
        pytest.param(origin(made("something else")), "something else", id="another's words"),
        pytest.param(origin({}, None), "", id="nothing said"),
        pytest.param(by_name("ns[shop]-policy[deny]-rule[0]"), "AuthorizationPolicy shop/deny", id="a rule of access"),
        pytest.param(by_name("extensions.istio.io/wasmplugin/shop.limit"), "WasmPlugin shop/limit", id="a plugin"),
        pytest.param(by_unit("secret/kubernetes://shop/site"), "Secret shop/site", id="a certificate"),
        pytest.param(by_unit("endpoints/outbound|80||app.shop.svc.cluster.local"), "Service shop/app", id="endpoints"),
        pytest.param(by_unit("cluster/outbound|80||app.shop.svc.cluster.local"), "", id="a cluster without a rule"),
    ],
)
def test_a_difference_names_the_object_it_was_made_of_where_the_configuration_says_so(found: str, words: str) -> None:
    assert found == words


def test_the_nearest_object_is_named() -> None:
    host: Manifest = {"name": "a", **made(f"{ISTIO}/virtual-service/outer"), "routes": [{"x": 1}, {"y": 1}]}  # type: ignore[dict-item]
    other = copy.deepcopy(host)
    other["routes"] = [{"x": 2, **made(f"{ISTIO}/virtual-service/inner")}, {"y": 2}]  # type: ignore[dict-item]
    lines = differing(
        {"route/r": {"virtual_hosts": [host]}}, {"route/r": {"virtual_hosts": [other]}}, ["route/r"]
    ).lines

    assert [(line["path"], line["by"]) for line in lines if line["by"]] == [
        ("virtual_hosts[a].routes[0].metadata", "VirtualService shop/inner"),
        ("virtual_hosts[a].routes[0].x", "VirtualService shop/inner"),
        ("virtual_hosts[a].routes[1].y", "VirtualService shop/outer"),
    ]


def routes(*prefixes: str) -> dict[str, Json]:
    return {"route/r": {"routes": [{"match": {"prefix": prefix}} for prefix in prefixes]}}


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param("abcd", "abd", ["config.missing routes[2]"], id="one taken out"),
        pytest.param("abd", "abcd", ["config.extra routes[2]"], id="one put in"),
        pytest.param("abc", "acb", ["config.order routes"], id="the same in another order"),
        pytest.param("abc", "abx", ["config.differs routes[2].match.prefix"], id="one changed"),
        pytest.param(
            "abcd", "xbd", ["config.missing routes[2]", "config.differs routes[0].match.prefix"], id="one of each"
        ),
    ],
)
def test_rows_without_names_are_paired_by_likeness(old: str, new: str, lines: list[str]) -> None:
    found = differing(routes(*old), routes(*new), ["route/r"]).lines

    assert [f"{line.code} {line['path']}" for line in found] == lines


def test_long_lists_are_paired_by_place() -> None:
    many = ["x"] * 3001
    found = differing(routes(*many), routes(*many[:-1]), ["route/r"]).lines

    assert [f"{line.code} {line['path']}" for line in found] == ["config.missing routes[3000]"]


def test_a_value_of_another_kind_that_looks_the_same_is_a_difference_all_the_same() -> None:
    assert differing({"cluster/a": {"x": 1}}, {"cluster/a": {"x": True}}, ["cluster/a"]).lines


def test_what_the_plan_allows_does_not_count_however_much_there_is_of_it() -> None:
    old: dict[str, Json] = {"cluster/a": {"x": dict.fromkeys("abcdefghij", 1), "y": 1}}
    new: dict[str, Json] = {"cluster/a": {"x": dict.fromkeys("abcdefghij", 2), "y": 2}}
    found = differing(old, new, ["cluster/a"], [Allowance("cluster/a x", "a test")])

    assert [line["path"] for line in found.lines] == ["y"]
    assert len(found.allowed) == 10
    assert texts(found.allowed[:1]) == ["cluster/a x.a: old 1, new 2; allowed by the plan (cluster/a x): a test"]


def test_many_differences_of_one_unit_are_cut_short() -> None:
    old: dict[str, Json] = {"cluster/a": dict.fromkeys("abcdefghij", 1)}
    found = differing(old, {"cluster/a": dict.fromkeys("abcdefghij", 2)}, ["cluster/a"]).lines

    assert len(found) == 7
    assert found[-1] == say("config.more", unit="cluster/a", more=None)


def large(of: Manifest) -> bytes:
    """Give a dump that is too large to be read in this process."""
    return json.dumps({**of, "padding": "x" * SMALL}).encode()


def job(**more: object) -> Job:
    model = done(Job(Dump(json.dumps(dump(OLD)).encode(), OLD.identity, PORTS), keep=True))
    new = Dump(large(dump(NEW)), NEW.identity)
    return replace(Job(new, Reference(POD, model.parity, model.kept)), **more)  # type: ignore[arg-type]


def test_a_large_dump_is_read_by_a_process_with_the_same_outcome() -> None:
    with Crew() as crew:
        found = crew.do(job())
        again = crew.do(job())

        assert len(crew.processes) == 1
    assert found == again == done(job())
    assert found.differences.lines == ()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(
            lambda crew: os.kill(crew.processes[0], signal.SIGKILL), "gateway.unread", id="the process is killed"
        ),
        pytest.param(lambda crew: None, "gateway.no-json", id="the answer is no JSON"),
    ],
)
def test_what_goes_wrong_in_a_process_is_an_answer(spoil: Callable[[Crew], None], code: str) -> None:
    with Crew() as crew:
        assert isinstance(crew.do(job()), Outcome)
        spoil(crew)
        with refused(Unreachable, code):
            crew.do(job(dump=Dump(b"{" * (SMALL + 1), NEW.identity)))


def test_a_crew_that_is_kept_has_the_same_process_for_the_next_round_and_another_for_one_that_was_killed() -> None:
    crew, rounds = Crew(kept=60.0), []
    for _ in range(2):
        with crew:
            crew.do(job())
            rounds += crew.processes
    os.kill(rounds[-1], signal.SIGKILL)
    os.waitid(os.P_PID, rounds[-1], os.WEXITED | os.WNOWAIT)
    with crew:
        crew.do(job())
        rounds += crew.processes
    crew.rest()

    assert rounds[0] == rounds[1] != rounds[2]
    assert crew.processes == []


def test_a_crew_that_nobody_holds_any_more_leaves_no_process() -> None:
    crew = Crew(kept=60.0)
    with crew:
        crew.do(job())
        process = crew.processes[0]
    del crew
    gc.collect()

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_no_process_is_left() -> None:
    with Crew() as crew:
        crew.do(job())
        process = crew.processes[0]

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("aa/1.29.0/Clean/RELEASE/BoringSSL", "aa/1.29.0/Clean/RELEASE/BoringSSL", [], id="the same"),
        pytest.param("aa/1.29.0/Clean/RELEASE/BoringSSL", "bb/1.29.0/Modified/RELEASE/BoringSSL", [], id="built anew"),
        pytest.param(
            "aa/1.29.0/Clean/RELEASE/BoringSSL",
            "bb/1.30.1/Clean/RELEASE/BoringSSL-FIPS",
            ['process/version: old "1.29.0 RELEASE BoringSSL", new "1.30.1 RELEASE BoringSSL-FIPS"'],
            id="another one",
        ),
    ],
)
def test_another_version_of_envoy_is_a_difference(old: str, new: str, said: list[str]) -> None:
    body, runtime = json.dumps(dump(OLD)).encode(), b"{}"
    model = done(Job(Dump(body, OLD.identity, PORTS, old, "gradual", runtime), keep=True))
    found = done(
        Job(
            Dump(json.dumps(dump(NEW)).encode(), NEW.identity, {}, new, "gradual", runtime),
            Reference(POD, model.parity, model.kept),
        )
    )

    assert texts(found.differences.lines) == said
