"""English: what the commands say that help to begin."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "view.versions": "migrator {migrator}, Python {python}\n"
    "store: schema {store}; reads and brings up to date {stores}\n"
    "plan file: {plan_file}; a plan saved by `plan -o`: format {saved_plan}",
}
