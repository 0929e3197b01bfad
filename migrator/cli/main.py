"""The `migrator` command. Its commands are loaded only when they run, so that `--help` answers at once."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from migrator.cli.guided import Guided
from migrator.cli.helping.language import ENGLISH, WANTED, asked_in, wanted
from migrator.cli.helping.usage import in_a_line
from migrator.cli.options import VIEW, spoken
from migrator.cli.views.view import HUMAN, View, asked_for, chosen

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": ("migrator.cli.commands.planning.init", "init", "Write a first plan file from what is there."),
    "plan": ("migrator.cli.commands.planning.plan", "plan", "Look at the world and save a plan; changes nothing."),
    "show": ("migrator.cli.commands.planning.show", "show", "Show a saved plan again, or only what it changes."),
    "run": ("migrator.cli.commands.running.run", "run", "Carry out a saved plan."),
    "resume": ("migrator.cli.commands.running.run", "resume", "Go on with a paused, halted or crashed run."),
    "follow": (
        "migrator.cli.commands.running.follow",
        "follow",
        "Look after the nodes of a completed run, indefinitely.",
    ),
    "restart": (
        "migrator.cli.commands.running.restart",
        "restart",
        "Restart a gateway's DaemonSet, or change its image, node by node.",
    ),
    "pause": ("migrator.cli.commands.running.control", "pause", "Stop a run from advancing; it stays protected."),
    "rollback": ("migrator.cli.commands.running.control", "rollback", "Send a run back to the old side now."),
    "adopt": ("migrator.cli.commands.running.adopt", "adopt", "Take over a run whose store is lost."),
    "guard": ("migrator.cli.commands.running.guard", "guard", "Take a run back when nobody carries it out any more."),
    "approve": ("migrator.cli.commands.running.control", "approve", "Answer the question of a run with yes."),
    "set": ("migrator.cli.commands.running.control", "set_", "Set a value for the rest of a run."),
    "tick": ("migrator.cli.commands.running.tick", "tick", "Say that a line of the checklists is so."),
    "freeze": ("migrator.cli.commands.running.freeze", "freeze", "Let nothing go forward for now; ways back go on."),
    "unfreeze": ("migrator.cli.commands.running.freeze", "unfreeze", "Take a freeze back."),
    "cancel": ("migrator.cli.commands.running.control", "cancel", "End a run that never began."),
    "status": ("migrator.cli.commands.inspect", "status", "Show where a run stands."),
    "list": ("migrator.cli.commands.inspect", "list_", "List runs and plans."),
    "events": ("migrator.cli.commands.inspect", "events", "Show a run's journal."),
    "report": ("migrator.cli.commands.inspect", "report", "Show what a run did: steps, shares, verdicts."),
    "manifests": ("migrator.cli.commands.manifests", "manifests", "Print the old workload as it was, for kubectl."),
    "notify": (
        "migrator.cli.commands.telling.notify",
        "notify",
        "Tell a run's channels what they were not told yet.",
    ),
    "serve": ("migrator.cli.commands.telling.serve", "serve", "Serve read-only pages of the runs on this machine."),
    "verify": (
        "migrator.cli.commands.planning.plan",
        "verify",
        "Run every preflight check of a plan file; saves nothing.",
    ),
    "lint": ("migrator.cli.commands.planning.lint", "lint", "Check a plan file without a cluster."),
    "parity": ("migrator.cli.commands.proving.parity", "parity", "Compare the configurations of two gateways."),
    "rbac": ("migrator.cli.commands.planning.rbac", "rbac", "Print the minimal roles and cloud policy of a plan."),
    "compare-answers": (
        "migrator.cli.commands.proving.answers",
        "compare_answers",
        "Ask both sides the same questions and compare the answers.",
    ),
    "load": (
        "migrator.cli.commands.proving.load",
        "load",
        "Send counted requests through the balancer, and say whether one was lost.",
    ),
    "judge": (
        "migrator.cli.commands.proving.judge",
        "judge",
        "Judge the past by a plan's limits and by others, to tune them.",
    ),
    "harden": (
        "migrator.cli.commands.workloads.harden",
        "harden",
        "Print what makes a gateway's pods end without losing a request.",
    ),
    "isolate": (
        "migrator.cli.commands.workloads.isolate",
        "isolate",
        "Set one gateway apart from its workload, without traffic, for a look.",
    ),
    "release": (
        "migrator.cli.commands.workloads.isolate",
        "release",
        "Put a gateway back that was set apart, or delete it.",
    ),
    "farewell": (
        "migrator.cli.commands.workloads.farewell",
        "farewell",
        "In a gateway's pod: take it off the balancer when the pod ends.",
    ),
    "advise": ("migrator.cli.commands.planning.advise", "advise", "Say which way of exposing the gateway fits."),
    "calibrate": (
        "migrator.cli.commands.proving.calibrate",
        "calibrate",
        "Measure how long the balancer takes to apply a weight.",
    ),
    "explain": (
        "migrator.cli.commands.planning.explain",
        "explain",
        "Say what a key of the plan file means, or a code.",
    ),
    "schema": ("migrator.cli.commands.planning.plan", "schema", "Print the plan file's JSON Schema."),
    "completion": ("migrator.cli.commands.completion", "completion", "Print the completion script of a shell."),
    "version": (
        "migrator.cli.commands.version",
        "version",
        "Say which versions speak here: migrator, store, plan file.",
    ),
    "lab": ("migrator.cli.commands.lab", "lab", "Run the built-in test world on this machine."),
}


class Lazy(Guided):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which people use them."""
        return list(COMMANDS)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse a command line, in the language that it asks for: what is wrong with it is said in that, too."""
        ctx.meta[WANTED] = wanted(asked_in(args), os.environ)
        return super().parse_args(ctx, args)

    def loaded(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands from the table: a shell that asks loads none of them."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=words) for name, (_, _, words) in COMMANDS.items() if name.startswith(incomplete)
        ]

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
            language = ctx.meta.get(WANTED, ENGLISH)
            formatter.write_dl([(name, in_a_line(name, words, language)) for name, (_, _, words) in COMMANDS.items()])


GARBAGE = (20_000, 20, 20)
"""When Python looks for garbage. By default it does so some hundred times while our modules are loaded, and finds none."""


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="migrator", message="%(version)s")
@spoken
def cli() -> None:
    """Move a live HTTP gateway from a Deployment to a DaemonSet without losing a request.

    \b
    migrator plan FILE     what would happen, and what stands in the way
    migrator run           do it, step by step; it turns back by itself when the new side is bad
    """


def kubectl() -> None:
    """Run the command line as a plugin of kubectl: `kubectl migrator …` starts the program `kubectl-migrator`."""
    main("kubectl migrator")


def main(called: str | None = None) -> None:
    """Run the command line. Nothing that goes wrong in it becomes a traceback. `called` is how help calls the program."""
    gc.set_threshold(*GARBAGE)
    atexit.register(gc.freeze)  # or the process would look for garbage in all that it is about to leave
    try:
        sys.exit(cli.main(prog_name=called, standalone_mode=False))
    except click.exceptions.Abort:
        from migrator.domain.messages.message import say
        from migrator.wording import render

        words = render(say("failure.not-done"))
        _end("not-done", words, 1, words)
    except click.ClickException as error:
        from migrator.cli.helping.usage import told, why

        click.echo(told(error), err=True)
        _end("usage-error", why(error), error.exit_code)
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
    return chosen(asked_for(sys.argv[1:]))
