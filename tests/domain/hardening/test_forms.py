"""The forms in which a hardening is applied: a patch, a kustomize component, values of charts, an EnvoyProxy."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways.products import Product
from migrator.domain.gateways.products.envoys import CONTOUR, ENVOY_GATEWAY, PLAIN_ENVOY
from migrator.domain.gateways.products.nginxes import INGRESS_NGINX
from migrator.domain.hardening import Ground, Hardening, harden
from migrator.domain.hardening.forms import DOCUMENTS
from migrator.domain.messages.message import say
from tests.domain.hardening.ground import ground, workload

SOUND = Hardening(ground(), ())


def manager(*command: str) -> Any:
    hook = {"preStop": {"exec": {"command": list(command)}}}
    return {"containers": [{"name": "envoy", "image": "envoy"}, {"name": "shutdown-manager", "lifecycle": hook}]}


NGINX = workload({"containers": [{"name": "controller", "args": ["/nginx-ingress-controller"]}]})
EG = workload(manager("envoy-gateway", "envoy", "shutdown"))


def documents(form: str, of: Ground | Hardening) -> list[Any]:
    found = of if isinstance(of, Hardening) else harden(of)
    return [document.value for document in DOCUMENTS[form](found) if not document.as_comment]


def test_a_patch_is_one_document_that_kubectl_takes() -> None:
    (patch,) = documents("patch", ground())
    beside = [document for document in DOCUMENTS["patch"](harden(ground())) if document.as_comment]

    assert patch.keys() == {"spec"}
    assert [document.value["kind"] for document in beside] == ["PodDisruptionBudget"]


def test_a_component_names_the_files_beside_it() -> None:
    component, patch, budget = documents("kustomize", ground())

    assert (component["resources"], component["patches"]) == (["budget.yaml"], [{"path": "harden.yaml"}])
    assert (patch["kind"], patch["metadata"]) == ("Deployment", {"name": "gw"})
    assert budget["kind"] == "PodDisruptionBudget"


def test_a_component_without_changes_names_nothing() -> None:
    (component,) = documents("kustomize", SOUND)

    assert component.keys() == {"apiVersion", "kind"}


def test_istios_chart_is_given_its_values_and_what_it_has_none_for_is_named() -> None:
    values, left = DOCUMENTS["helm"](harden(ground(filled_in=True)))

    assert values.value == {
        "podAnnotations": {"proxy.istio.io/config": "terminationDrainDuration: 20s\n"},
        "minReadySeconds": 15,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "podDisruptionBudget": {"minAvailable": 2},
    }
    assert (left.use, left.as_comment) == (say("form.no-value", places=("startupProbe",)), True)


def test_istios_chart_takes_a_variable_where_the_agent_reads_one() -> None:
    rows = [{"name": "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "value": "true"}]
    (values,) = documents("helm", ground(workload(container={"env": rows})))

    assert values["env"] == {"MINIMUM_DRAIN_DURATION": "20s"}


def test_the_chart_of_ingress_nginx_is_given_flags_and_probes() -> None:
    (values,) = documents("helm", ground(NGINX, INGRESS_NGINX))

    controller = values["controller"]
    assert controller["extraArgs"] == {"shutdown-grace-period": "20"}
    assert (controller["terminationGracePeriodSeconds"], controller["minAvailable"]) == (35, 2)
    assert controller["startupProbe"]["httpGet"]["path"] == "/healthz"


def test_contours_chart_is_given_the_hook_of_its_shutdown_manager() -> None:
    (values,) = documents("helm", ground(workload(manager("contour", "envoy", "shutdown")), CONTOUR))

    hook = values["envoy"]["lifecycleHooks"]["preStop"]["exec"]["command"]
    assert hook == ["contour", "envoy", "shutdown", "--check-delay=20s"]


@pytest.mark.parametrize(("kind", "key"), [("Deployment", "envoyDeployment"), ("DaemonSet", "envoyDaemonSet")])
def test_envoy_gateway_is_told_by_an_envoy_proxy(kind: str, key: str) -> None:
    made = {**EG, "kind": kind}
    (proxy,) = documents("helm", ground(made, ENVOY_GATEWAY))

    assert proxy["spec"]["shutdown"] == {"minDrainDuration": "20s", "drainTimeout": "80s"}
    kubernetes = proxy["spec"]["provider"]["kubernetes"]
    assert kubernetes["envoyPDB"] == {"minAvailable": 2}
    assert kubernetes[key]["patch"]["type"] == "StrategicMerge"


def test_an_envoy_proxy_without_changes_is_empty() -> None:
    (proxy,) = documents("helm", Hardening(ground(EG, ENVOY_GATEWAY), ()))

    assert proxy["spec"] == {}


def test_a_chart_that_nobody_knows_has_only_the_patch_as_a_comment() -> None:
    made = DOCUMENTS["helm"](harden(ground(product=PLAIN_ENVOY)))

    assert [document.as_comment for document in made] == [True]


@pytest.mark.parametrize("product", [CONTOUR, PLAIN_ENVOY])
def test_a_workload_that_is_sound_has_no_values(product: Product) -> None:
    assert DOCUMENTS["helm"](Hardening(ground(product=product), ())) == ()
