"""The options every command shares, from one decorator each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from migrator.cli import completing
from migrator.cli.helping.language import SPOKEN, WANTED
from migrator.cli.views.view import FORMS, HTML, HUMAN, LOGS, MARKDOWN, PROGRAMS, TEXT, View, chosen

F = TypeVar("F", bound=Callable[..., Any])

VIEW = "migrator.view"
"""Where a command's view is remembered, for the message of an error."""

IMAGE = "registry.example.com/migrator:0.1.0"
"""The image in manifests that are printed, until somebody says which: `.ci/Containerfile` builds it."""


def _choose(ctx: click.Context, parameter: click.Parameter, name: str) -> View:
    view = chosen(name)
    ctx.meta[VIEW] = view
    return view


def _speak(ctx: click.Context, parameter: click.Parameter, name: str | None) -> None:
    """Speak what was asked for; without a word it stays as the whole command line and the environment have it."""
    language = ctx.meta.get(WANTED) if name is None else name
    if language is not None and (name is not None or ctx.parent is None):
        from migrator.wording.language import speak

        speak(language)


spoken = click.option(
    "--lang",
    type=click.Choice(SPOKEN),
    expose_value=False,
    callback=_speak,
    help="The language of messages and findings [default: MIGRATOR_LANG, else the locale's].",
)
"""Give the group, or a command, the choice of a language."""


def _chosen(names: Iterable[str], words: str) -> Callable[[F], F]:
    shown = click.option(
        "--output",
        "view",
        type=click.Choice(list(names)),
        default=HUMAN,
        show_default=True,
        is_eager=True,
        callback=_choose,
        help=words,
    )
    return lambda command: shown(spoken(command))


output = _chosen((HUMAN, *PROGRAMS), "`human` is for people; `json` and `yaml` are exact and versioned, for programs.")
"""Give a command its view, chosen once."""

filed = _chosen(
    (HUMAN, TEXT, MARKDOWN, HTML, *PROGRAMS),
    "`human` or `text` is for the terminal, `markdown` for a ticket, `html` is one file to keep, `json` and `yaml` are for "
    "programs.",
)
"""Give a command that reports its view."""

formed = _chosen(
    (HUMAN, *FORMS, *PROGRAMS),
    "`patch` is for `kubectl patch --patch-file`, `kustomize` a component, `helm` values of the gateway's own chart; "
    "`json` and `yaml` are for programs.",
)
"""Give a command that prints a change its view."""

shown = _chosen(
    (HUMAN, MARKDOWN, *PROGRAMS),
    "`human` is for the terminal, `markdown` for a pull request, `json` and `yaml` for programs.",
)
"""Give a command that shows a plan its view."""


def stored(command: F) -> F:
    """Add --store."""
    return click.option(
        "--store",
        metavar="PATH",
        envvar="MIGRATOR_STORE",
        help="The database of plans and runs [default: under the XDG state home].",
    )(command)


def clustered(command: F) -> F:
    """Add --context and --kubeconfig, for a command that has no plan to read them from."""
    config = "The kubeconfig [default: KUBECONFIG, or the user's own]."
    command = click.option("--kubeconfig", metavar="FILE", help=config)(command)
    return click.option("--context", metavar="NAME", help="The kubeconfig's context [default: its current one].")(
        command
    )


def shared(command: F) -> F:
    """Add --output and --store."""
    return stored(output(command))


@dataclass(frozen=True, slots=True)
class Aside:
    """What a process that carries a run out shows besides: where its measures are, and in which form it logs."""

    metrics: str | None = None
    metrics_file: str | None = None
    log: str | None = None

    def words(self) -> list[str]:
        """Give the options that say so, for a process of its own."""
        given = (("--metrics", self.metrics), ("--metrics-file", self.metrics_file), ("--log", self.log))
        return [word for name, value in given if value for word in (name, value)]


def observed(command: F) -> F:
    """Add --metrics, --metrics-file and --log; `aside` gives what was chosen."""
    for name, form, words in _ASIDE:
        kind = click.Choice(LOGS) if name == "--log" else None
        envvar = f"MIGRATOR_{name.lstrip('-').upper().replace('-', '_')}"
        command = click.option(
            name, type=kind, metavar=form, envvar=envvar, expose_value=False, callback=_kept, help=words
        )(command)
    return command


_ASIDE = (
    ("--log", None, "`json`: the journal and the log on stderr, a JSON value a line, in place of the live view."),
    ("--metrics-file", "PATH", "Keep the run's measures in this file, for node_exporter's textfile collector."),
    ("--metrics", "HOST:PORT", "Serve the run's measures to Prometheus there; a port alone is on 127.0.0.1."),
)


def _kept(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    ctx.meta[f"migrator.{parameter.name}"] = value


def aside() -> Aside:
    """Give what the command that runs was told to show besides; nothing where it has no such options."""
    ctx = click.get_current_context(silent=True)
    meta = ctx.meta if ctx is not None else {}
    return Aside(*(meta.get(f"migrator.{name}") for name in ("metrics", "metrics_file", "log")))


def waivers(command: F) -> F:
    """Add --waive CODE and --reason TEXT, which come in pairs."""
    why = "Why they are accepted, one for each --waive; the plan keeps it."
    command = click.option("--reason", multiple=True, metavar="TEXT", help=why)(command)
    what = "Accept the findings with this code (docs/checks.md); can be repeated."
    return click.option("--waive", multiple=True, metavar="CODE", help=what, shell_complete=completing.codes)(command)


def run_argument(command: F) -> F:
    """Add the optional RUN argument: an id or a name; without it the newest run that goes on."""
    return click.argument("run", required=False, shell_complete=completing.runs)(command)
