"""The `migrator` command. Its commands are loaded only when they run, so that `--help` answers at once."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from typing import NoReturn

import click

from migrator.cli.options import VIEW
from migrator.cli.views.view import HUMAN, JSON, View, chosen

COMMANDS = {
    "plan": ("migrator.cli.commands.plan", "plan", "Look at the world and save a plan; changes nothing."),
    "run": ("migrator.cli.commands.run", "run", "Carry out a saved plan."),
    "resume": ("migrator.cli.commands.run", "resume", "Go on with a paused, halted or crashed run."),
    "follow": ("migrator.cli.commands.follow", "follow", "Look after the nodes of a completed run, indefinitely."),
    "pause": ("migrator.cli.commands.control", "pause", "Stop a run from advancing; it stays protected."),
    "rollback": ("migrator.cli.commands.control", "rollback", "Send a run back to the old side now."),
    "approve": ("migrator.cli.commands.control", "approve", "Answer the question of a run with yes."),
    "cancel": ("migrator.cli.commands.control", "cancel", "End a run that never began."),
    "status": ("migrator.cli.commands.inspect", "status", "Show where a run stands."),
    "list": ("migrator.cli.commands.inspect", "list_", "List runs and plans."),
    "events": ("migrator.cli.commands.inspect", "events", "Show a run's journal."),
    "report": ("migrator.cli.commands.inspect", "report", "Show what a run did: steps, shares, verdicts."),
    "manifests": ("migrator.cli.commands.manifests", "manifests", "Print the old workload as it was, for kubectl."),
    "verify": ("migrator.cli.commands.plan", "verify", "Run every preflight check of a plan file; saves nothing."),
    "lint": ("migrator.cli.commands.lint", "lint", "Check a plan file without a cluster."),
    "rbac": ("migrator.cli.commands.rbac", "rbac", "Print the minimal roles and cloud policy of a plan."),
    "advise": ("migrator.cli.commands.advise", "advise", "Say which way of exposing the gateway fits."),
    "calibrate": (
        "migrator.cli.commands.calibrate",
        "calibrate",
        "Measure how long the balancer takes to apply a weight.",
    ),
    "schema": ("migrator.cli.commands.plan", "schema", "Print the plan file's JSON Schema."),
    "lab": ("migrator.cli.commands.lab", "lab", "Run the built-in test world on this machine."),
}


class Lazy(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which people use them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; one of our errors becomes a message on stderr (or a JSON value as well) and its exit code."""
        from migrator.domain.messages.errors import MigratorError

        try:
            return super().invoke(ctx)
        except MigratorError as error:
            from migrator.cli.views.failure import of_error

            (ctx.meta.get(VIEW) or chosen(HUMAN)).failure(of_error(error))
            ctx.exit(error.exit_code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])


GARBAGE = (20_000, 20, 20)
"""When Python looks for garbage. By default it does so some hundred times while our modules are loaded, and finds none."""


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="migrator", message="%(version)s")
def cli() -> None:
    """Move a live HTTP gateway from a Deployment to a DaemonSet without losing a request.

    \b
    migrator plan FILE     what would happen, and what stands in the way
    migrator run           do it, step by step; it turns back by itself when the new side is bad
    """


def main() -> None:
    """Run the command line. Nothing that goes wrong in it becomes a traceback."""
    gc.set_threshold(*GARBAGE)
    atexit.register(gc.freeze)  # or the process would look for garbage in all that it is about to leave
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.exceptions.Abort:
        words = "Nothing was done and nothing was changed. In a script, `--yes` answers the question."
        _end("not-done", words, 1, words)
    except click.ClickException as error:
        error.show()
        _end("usage-error", error.format_message(), error.exit_code)
    except BrokenPipeError:  # `migrator events | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a defect of ours, shown without a traceback
        from migrator.cli.views.failure import of_defect

        _asked_for().failure(of_defect(error))
        sys.exit(1)


def _end(kind: str, message: str, code: int, words: str = "") -> NoReturn:
    from migrator.cli.views.failure import Failure

    _asked_for().failure(Failure(kind, message, code, words))
    sys.exit(code)


def _asked_for() -> View:
    """Return the view that the command line names: no context of click's is left to tell."""
    is_json = JSON in (word.removeprefix("--output=") for word in sys.argv[1:])
    return chosen(JSON if is_json else HUMAN)
