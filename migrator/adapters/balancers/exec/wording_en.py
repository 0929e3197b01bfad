"""English: what the exec driver says of the operator's command and its replies."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "exec.no-command": "loadBalancer.options.command is needed: the program that speaks docs/exec-driver.md. Nothing was "
    "changed.",
    "exec.not-the-protocol": "{command} answered {verb} with what docs/exec-driver.md does not know: {why}. After a write, the "
    "run looks again before it decides.",
    "exec.refused": "{command} refuses {verb}[: {words}]. Weights stay as they are.",
    "exec.not-now": "{command} cannot do {verb} now[: {words}]. Nothing was done.[ {then}]",
    "exec.no-reply": "{command}: {verb}: it ended with {ended} and no reply that could be read. A write may have taken "
    "effect; the run looks again before it decides. Run the command by hand to see what it prints.",
    "exec.no-list": "`{name}` is not a list of objects",
    "exec.no-object": "`{name}` is not an object",
    "exec.unknown-capability": "capability `{name}` is not known",
    "exec.no-text": "`{name}` is not a text",
    "exec.no-whole-number": "`{name}` is not a whole number from {least} to {most}",
    "exec.no-flag": "`{name}` is not true, false or null",
    "exec.no-seconds": "`{name}` is not a number of seconds from 0 to {most}",
}
FINDINGS: dict[str, tuple[str, ...]] = {}
