"""English: the texts of every code. Short sentences that name their subject; what it means for traffic; what to do next."""

from __future__ import annotations

from migrator.wording.catalogue import merged, merged_findings
from migrator.wording.en import (
    balancers,
    drift,
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
from migrator.wording.en.checks import answers as checks_answers
from migrator.wording.en.checks import audit as checks_audit
from migrator.wording.en.checks import balancer as checks_balancer
from migrator.wording.en.checks import cluster as checks_cluster
from migrator.wording.en.checks import hardening as checks_hardening
from migrator.wording.en.checks import judging as checks_judging
from migrator.wording.en.checks import nodes as checks_nodes
from migrator.wording.en.checks import standing as checks_standing
from migrator.wording.en.checks import termination as checks_termination
from migrator.wording.en.checks import workloads as checks_workloads
from migrator.wording.en.errors import app as errors_app
from migrator.wording.en.errors import cli as errors_cli
from migrator.wording.en.errors import outside as errors_outside
from migrator.wording.en.errors import store as errors_store
from migrator.wording.en.helping import commands as helping_commands
from migrator.wording.en.telling import notices as telling_notices
from migrator.wording.en.telling import serving as telling_serving
from migrator.wording.en.views import shown as views_shown
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
    drift.MESSAGES,
    planfile.MESSAGES,
    planning.MESSAGES,
    telling_notices.MESSAGES,
    telling_serving.MESSAGES,
    views_shown.MESSAGES,
    helping_commands.MESSAGES,
    checks_hardening.MESSAGES,
    checks_audit.MESSAGES,
    checks_balancer.MESSAGES,
    checks_cluster.MESSAGES,
    checks_nodes.MESSAGES,
    checks_workloads.MESSAGES,
    checks_answers.MESSAGES,
)
FINDINGS = merged_findings(
    halts.FINDINGS,
    drift.FINDINGS,
    planfile.FINDINGS,
    planning.FINDINGS,
    balancers.FINDINGS,
    checks_audit.FINDINGS,
    checks_balancer.FINDINGS,
    checks_cluster.FINDINGS,
    checks_judging.FINDINGS,
    checks_nodes.FINDINGS,
    checks_standing.FINDINGS,
    checks_termination.FINDINGS,
    checks_workloads.FINDINGS,
    checks_answers.FINDINGS,
)
