"""`init`: a first plan file from what the cluster and the balancer say. It changes neither, and writes no credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from migrator.cli.options import clustered, output

if TYPE_CHECKING:
    from migrator.cli.views.view import View

PAIR = "KEY=VALUE"


@click.command()
@click.option("-o", "--out", metavar="FILE", default="", help="The plan file to write [default: the workload's name].")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--source",
    default="",
    metavar="NAMESPACE/NAME",
    help="The Deployment or DaemonSet that serves today; KIND/NAMESPACE/NAME where there are both.",
)
@click.option("--target", default="", metavar="NAME", help="The DaemonSet to be [default: a free name].")
@click.option("--target-namespace", default="", metavar="NAME", help="Where it is to be [default: the old one's].")
@click.option("--node-label", "nodes", multiple=True, metavar=PAIR, help="Of the nodes that get a gateway; repeatable.")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="OLD=NEW",
    help="A listening port, old and new, where they differ; repeatable.",
)
@click.option("--probe-host", default="", metavar="HOST", help="A host whose answer comes from a route.")
@click.option("--after", default="", help="Who looks after nodes that come later: controller, migrator or manual.")
@click.option("--provider", default="", help="Whose balancer it is, such as tencent, aws, haproxy.")
@click.option("--balancer", default="", metavar="ID", help="The balancer's id at its provider.")
@click.option("--region", default="", help="For providers that have regions.")
@click.option("--endpoint", default="", metavar="URL", help="The provider's API, if it is not the public one.")
@click.option("--address", default="", help="What clients dial, where the balancer cannot say it.")
@click.option(
    "--listener", "listeners", multiple=True, metavar="ID=PORT", help="With the port that clients dial; repeatable."
)
@click.option(
    "--option", "options", multiple=True, metavar=PAIR, help="A setting of the provider's driver; repeatable."
)
@click.option("--ask/--no-ask", default=None, help="Ask for what is missing [default: on a terminal].")
@clustered
@output
def init(out: str, force: bool, ask: bool | None, view: View, **given: Any) -> None:
    """Write a commented plan file from what the cluster and the balancer say.

    It asks for what they cannot say; in a script, options answer. Credentials are never written: drivers find them in the
    environment and in the usual files. Beside the file its schema is written, for editors.
    """
    from migrator.app.begin.begun import Begun
    from migrator.app.begin.writing import require_free, write, write_schema
    from migrator.cli.asking import Questions
    from migrator.cli.commands.planning.beginning import drafted
    from migrator.cli.diagnostics import be_quiet
    from migrator.cli.views.forms.planfile import text

    be_quiet()
    if out:
        require_free(out, force)
    draft = drafted(Questions.of(ask), given)
    path = out or f"{draft.source}.yaml"
    write(path, _checked(text(draft), path), force)
    view.begun(Begun(path, write_schema(path), tuple(draft.found.values())))


def _checked(text: str, path: str) -> str:
    """Return a text that is a plan file: what was answered may be none, and is refused before anything is written."""
    from migrator.adapters.planfile.read import read

    read(text, path)
    return text
