"""English: the texts of every code. Short sentences that name their subject; what it means for traffic; what to do next."""

from __future__ import annotations

from migrator.wording.catalogue import merged, merged_findings
from migrator.wording.en import (
    balancers,
    checks_balancer,
    checks_cluster,
    checks_judging,
    checks_nodes,
    checks_termination,
    checks_workloads,
    errors_app,
    errors_cli,
    errors_outside,
    errors_store,
    estimates,
    following,
    halts,
    judging,
    planfile,
    planning,
    running,
    steps,
    subjects,
)
from migrator.wording.en.words import WORDS

__all__ = ["FINDINGS", "MESSAGES", "WORDS"]

MESSAGES = merged(
    errors_app.MESSAGES,
    errors_cli.MESSAGES,
    errors_outside.MESSAGES,
    errors_store.MESSAGES,
    steps.MESSAGES,
    estimates.MESSAGES,
    running.MESSAGES,
    judging.MESSAGES,
    following.MESSAGES,
    subjects.MESSAGES,
    balancers.MESSAGES,
    planfile.MESSAGES,
    planning.MESSAGES,
    checks_balancer.MESSAGES,
    checks_cluster.MESSAGES,
    checks_nodes.MESSAGES,
    checks_workloads.MESSAGES,
)
FINDINGS = merged_findings(
    halts.FINDINGS,
    planfile.FINDINGS,
    planning.FINDINGS,
    balancers.FINDINGS,
    checks_balancer.FINDINGS,
    checks_cluster.FINDINGS,
    checks_judging.FINDINGS,
    checks_nodes.FINDINGS,
    checks_termination.FINDINGS,
    checks_workloads.FINDINGS,
)
