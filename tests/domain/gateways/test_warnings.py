"""Logs are read for warnings by real sentences of the products; what else a line says is never kept."""

# ruff: noqa: E501  a line of a log is as long as it is
from __future__ import annotations

import pytest

from migrator.domain.gateways.warnings_known import KNOWN, LONGEST, warnings_of
from migrator.domain.gateways.warnings_told import told_by_logs
from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.messages.message import say
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import LogLook, Trouble, Warned

GATEWAY = PodRef("edge", "gw-new-1", "u-1", "10.0.0.1")
ISTIOD = PodRef("istio-system", "istiod-1", "u-9", "10.0.0.9")
OURS = {"gw-old-1": Side.OLD, "gw-new-1": Side.NEW, "gw-new-12": Side.NEW}

BY_GATEWAYS = [
    (Trouble.REJECTED, "2022-11-29T09:36:47.012533Z\twarning\tenvoy config\tgRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: Error adding/updating listener(s) virtualInbound: Unable to create Wasm HTTP filter"),
    (Trouble.REJECTED, "2025-04-16T18:06:18.013147Z\twarning\tenvoy config external/envoy/source/extensions/config_subscription/grpc/delta_subscription_state.cc:296\tdelta config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: Proto constraint validation failed"),
    (Trouble.REJECTED, "[2026-12-01 12:00:00.000][7][warning][config] [source/x.cc:65] Filesystem config update rejected: Error adding/updating listener(s) 0.0.0.0_8080: no such filter"),
    (Trouble.CUT_OFF, "2023-04-25T12:19:07.664759Z warning envoy config StreamAggregatedResources gRPC config stream to xds-grpc closed since 40s ago: 14, connection error: desc = \"transport: Error while dialing\""),
    (Trouble.PORT, "2021-12-11T14:05:39.566883Z error envoy config listener '0.0.0.0_80' failed to bind or apply socket options: cannot bind '0.0.0.0:80': Permission denied"),
    (Trouble.REJECTED, "E1201 12:00:00.000000 7 controller.go:205] Unexpected failure reloading the backend:"),
    (Trouble.PORT, "2018/11/08 20:14:09 [emerg] 1#1: bind() to 0.0.0.0:80 failed (98: Address already in use)"),
]  # fmt: skip

BY_CONTROLLERS = [
    (Trouble.REJECTED, "gw-new-1", "2020-08-04T11:31:23.888558Z\twarn\tads\tADS:LDS: ACK ERROR router~10.6.82.38~gw-new-1.edge~edge.svc.cluster.local-2 Internal:Error adding/updating listener(s) 0.0.0.0_82: duplicate listener 0.0.0.0_82 found"),
    (Trouble.REJECTED, "gw-new-12", "2026-12-01T12:00:00.000000Z warn ads ADS:RDS: ACK ERROR gw-new-12.edge-3 Internal:only unique values for domains are permitted"),
    (Trouble.OMITTED, "", "2026-12-01T12:00:00.000000Z info gateway omitting listener \"0.0.0.0_8888\" due to: must have more than 0 chains in listener \"0.0.0.0_8888\""),
    (Trouble.OMITTED, "", "gateway listener 0.0.0.0_80 validation failed: invalid Listener.Address"),
    (Trouble.CONFLICT, "", "2018-09-14T19:02:31.916960Z info model skipping server on gateway mygateway2 port https.443.HTTPS: non unique port name for HTTPS port"),
    (Trouble.UNBOUND, "", "warn no virtual service bound to gateway: default/istio-egressgateway"),
    (Trouble.REJECTED, "gw-old-1", "ERROR xds Envoy rejected the last update with code 13 and message x for node gw-old-1"),
    (Trouble.REJECTED, "gw-new-1", 'time="2026-12-01T12:00:00Z" level=error msg="Error adding listener" code=13 context=xds node_id=gw-new-1 response_nonce=7 version_info=6'),
]  # fmt: skip


@pytest.mark.parametrize(("trouble", "line"), BY_GATEWAYS)
def test_a_gateways_own_log_is_about_itself(trouble: Trouble, line: str) -> None:
    assert warnings_of(GATEWAY, ["nothing", line], OURS, Side.NEW) == (
        Warned(trouble, "edge/gw-new-1", "gw-new-1", Side.NEW, 1, line[:19] if line.startswith("20") and line[10] == "T" else ""),
    )  # fmt: skip


@pytest.mark.parametrize(("trouble", "about", "line"), BY_CONTROLLERS)
def test_a_controllers_log_is_about_the_gateway_that_it_names(trouble: Trouble, about: str, line: str) -> None:
    (found,) = warnings_of(ISTIOD, [line], OURS)

    assert (found.trouble, found.by, found.about, found.side) == (
        trouble, "istio-system/istiod-1", about, OURS.get(about),
    )  # fmt: skip


def test_every_sentence_of_the_table_has_a_source_and_is_tried_here() -> None:
    lines = [line for _, line in BY_GATEWAYS] + [line for _, _, line in BY_CONTROLLERS]

    assert all(known.source for known in KNOWN)
    assert [known for known in KNOWN if not any(all(word in line for word in known.words) for line in lines)] == []


def test_what_a_controller_says_of_other_proxies_is_nobodys_business_here() -> None:
    line = "ADS:LDS: ACK ERROR reviews-v1-6d5.shop-1 Internal:no such filter"

    assert warnings_of(ISTIOD, [line], OURS) == ()


def test_warnings_of_a_kind_are_counted_with_the_last_ones_time_and_no_word_of_theirs() -> None:
    secret = "token=s3cr3t"
    lines = [f"2026-12-01T12:00:0{n}.5Z gRPC config for x rejected: {secret} {'y' * 2 * LONGEST}" for n in (1, 3, 2)]
    (found,) = warnings_of(GATEWAY, lines, OURS, Side.NEW)

    assert (found.count, found.last) == (3, "2026-12-01T12:00:03")
    assert secret not in repr([*told_by_logs(LogLook(60.0, 1, (found,)))])


def told(*rows: Warned, **more: object) -> list[tuple[str, Severity, str]]:
    found: list[Finding] = [*told_by_logs(LogLook(60.0, 2, rows, **more))]  # type: ignore[arg-type]  # a test's keywords
    return [(each.key, each.severity, str(each.subject)) for each in found]


def test_only_a_new_gateway_that_rejected_its_configuration_blocks_and_is_told_once() -> None:
    own = Warned(Trouble.REJECTED, "edge/gw-new-1", "gw-new-1", Side.NEW, 1, "2026-12-01T12:00:00")
    same = Warned(Trouble.REJECTED, "istio-system/istiod-1", "gw-new-1", Side.NEW, 5, "2026-12-01T12:00:09")
    old = Warned(Trouble.REJECTED, "istio-system/istiod-1", "gw-old-1", Side.OLD)
    other = Warned(Trouble.OMITTED, "istio-system/istiod-1")
    (first, *_) = told_by_logs(LogLook(60.0, 2, (same, own)))

    assert (first["pod"], first["count"], first["last"]) == ("gw-new-1", 5, "2026-12-01T12:00:09")
    assert told(same, own, old, other) == [
        ("logs.rejected", Severity.BLOCK, "gw-new-1"),
        ("logs.old-rejected", Severity.WARN, "gw-old-1"),
        ("logs.warned", Severity.WARN, "istio-system/istiod-1"),
        ("logs.read", Severity.INFO, "spec.evidence.warnings"),
    ]


def test_what_could_not_be_read_is_said_and_blocks_nothing() -> None:
    unread = LogLook(60.0, 0, (), (("istio-system", say("x.no")),))

    assert [(each.key, each.severity) for each in told_by_logs(unread)] == [("logs.unread", Severity.INFO)]
    assert [*told_by_logs(LogLook())] == []
