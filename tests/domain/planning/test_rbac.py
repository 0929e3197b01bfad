"""The least roles: every permission of a plan is granted, in its namespace, and nothing besides."""

from __future__ import annotations

import itertools

import pytest

from migrator.domain.balancers.profile import UNDECLARED
from migrator.domain.model.manifests import Manifest, items, text
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.rbac import plural, roles
from tests.domain.planning.derive.gateways import NAMESPACE, spec

NEEDED = permissions(spec(kind="istio"), UNDECLARED)


def granted(manifests: tuple[Manifest, ...]) -> set[tuple[str, str, str, str]]:
    return {
        (verb, group, resource, text(role, "metadata", "namespace"))
        for role in manifests
        for rule in items(role, "rules")
        for verb, group, resource in itertools.product(rule["verbs"], rule["apiGroups"], rule["resources"])
    }


def test_what_is_granted_is_exactly_what_is_needed():
    wanted = {(verb, api.rpartition("/")[0], plural(kind), where) for verb, api, kind, where in NEEDED}

    assert granted(roles("m", "ann", NEEDED)) == wanted


def test_each_role_is_bound_to_the_user():
    made = roles("m", "ann", NEEDED)

    assert [row["kind"] for row in made] == ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]
    assert [text(row, "metadata", "namespace") for row in made] == ["", "", NAMESPACE, NAMESPACE]
    assert {row["subjects"][0]["name"] for row in made if "Binding" in row["kind"]} == {"ann"}


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Pod", "pods"),
        ("NetworkPolicy", "networkpolicies"),
        ("Gateway", "gateways"),
        ("Ingress", "ingresses"),
        ("pods/portforward", "pods/portforward"),
    ],
)
def test_kinds_have_their_plurals(kind, resource):
    assert plural(kind) == resource
