"""English: why a command cannot be carried out as it was typed."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "follow.not-begun": "Nobody has begun to look after the nodes of run {run}. Nothing was changed.",
    "option.no-address": "{usage} is needed, not '{given}'. Nothing was changed.",
    "option.no-duration": "{option}: {why}. Nothing was changed.",
    "option.not-together": "--listener goes with two --backend, --fail with --heal and --listener. Nothing was changed.",
    "plan.none-to-run": "There is no plan that was never run. Nothing was changed. Make one: `migrator plan FILE`.",
    "plan.of-nodes": "Plan {plan} looks after the nodes of a run that has completed. Nothing was changed. `migrator {command}` "
    "carries it out.",
    "run.not-taken": "The process for run {run} did not take it. Traffic stays as it is and nobody watches the run. Its log is "
    "{file}; `migrator resume {run}` carries it out here.",
}
