"""The selector audit as people and programs get it: one-sided rows first, each with the command that lets both have it."""

from __future__ import annotations

import io
import json
import shlex

import pytest
from rich.console import Console

from migrator.cli.views.audit.table import show
from migrator.cli.views.view import JSON, chosen
from migrator.domain.planning.matrix import Audit
from tests.cli.samples import AUDIT

COMMAND = [
    *("kubectl", "patch", "gateway.networking.istio.io", "public", "-n", "edge", "--type", "merge", "-p"),
    '{"spec":{"selector":{"version":null}}}',
]


def printed(audit: Audit, width: int = 110) -> list[str]:
    out = io.StringIO()
    show(audit, Console(file=out, width=width, force_terminal=False))
    return out.getvalue().splitlines()


def test_people_see_one_sided_resources_first_and_those_of_nobody_as_a_number() -> None:
    said = printed(AUDIT)
    rows = [line.split() for line in said[1:7]]

    assert [(row[0], row[-2:] if row[0] == "RESOURCE" else row[2:4]) for row in rows] == [
        ("RESOURCE", ["NEW", "BY"]),
        ("Gateway", ["yes", "no"]),
        ("PodDisruptionBudget", ["yes", "no"]),
        ("EnvoyFilter", ["no", "yes"]),
        ("Service", ["yes", "yes"]),
        ("Sidecar", ["-", "-"]),
    ]
    assert "1 more were looked at and reach neither side." in said
    assert not any("orders" in line for line in said)


@pytest.mark.parametrize("width", [60, 200])
def test_a_command_is_printed_whole_and_can_be_copied(width: int) -> None:
    (line,) = [line for line in printed(AUDIT, width) if "kubectl" in line]

    assert shlex.split(line) == COMMAND


def test_what_no_patch_mends_and_what_is_missing_from_the_matrix_is_said() -> None:
    said = " ".join(printed(AUDIT))

    assert "EnvoyFilter edge/one-pod: no patch of it does that" in said
    assert "may not list them: EnvoyFilter." in said
    assert "does not know these kinds: Novelty.networking.istio.io." in said


def test_an_empty_audit_says_so_and_offers_nothing() -> None:
    assert printed(Audit()) == ["", "No resource chooses the pods of either side; 0 were looked at."]
    assert not any("kubectl" in line or "no patch" in line for line in printed(Audit(AUDIT.rows[2:])))


def test_one_side_alone_is_said_to_be_right_where_it_is() -> None:
    (line,) = [line for line in printed(AUDIT, 150) if "PodDisruptionBudget" in line]

    assert line.endswith("(as it should be until step Retire)")


def test_programs_get_every_row_with_its_change(capsys: pytest.CaptureFixture[str]) -> None:
    chosen(JSON).findings((), (), AUDIT)
    found = json.loads(capsys.readouterr().out)["matrix"]

    assert [(row["kind"], row["old"], row["new"]) for row in found["rows"]] == [
        ("Gateway", True, False),
        ("EnvoyFilter", False, True),
        ("PodDisruptionBudget", True, False),
        ("Service", True, True),
        ("Sidecar", False, False),
        ("AuthorizationPolicy", False, False),
    ]
    assert found["rows"][0]["select_both"]["patch"] == {"spec": {"selector": {"version": None}}}
    assert shlex.split(found["rows"][0]["select_both"]["command"]) == COMMAND
    assert found["rows"][1]["select_both"] is None
    assert (found["unseen"], found["unknown_kinds"]) == (["EnvoyFilter"], ["Novelty.networking.istio.io"])


def test_without_the_flag_there_is_no_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    chosen(JSON).findings((), ())

    assert "matrix" not in json.loads(capsys.readouterr().out)
