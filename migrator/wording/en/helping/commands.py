"""English: what the commands say that help to begin."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "view.plans-alike": "Plans {plan} and {other} want the same, saw the same, and take the same steps.",
    "view.versions": "migrator {migrator}, Python {python}\n"
    "store: schema {store}; reads and brings up to date {stores}\n"
    "plan file: {plan_file}; a plan saved by `plan -o`: format {saved_plan}",
}
