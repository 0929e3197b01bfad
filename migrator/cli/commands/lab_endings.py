"""`migrator lab endings`: what clients lose when others end a gateway's pods. Imported only when it runs."""

from __future__ import annotations

from pathlib import Path

import click

from migrator.cli.commands.lab_showing import console_of, write


@click.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path), default=Path("build/endings"), show_default=True)
@click.option("--net", default="auto", show_default=True, help="Loopback prefix 127.N, or auto for a free one.")
@click.option("--only", multiple=True, help="These ways alone, by the name of their folder below --dir.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/endings.json"), show_default=True)
def endings(folder: Path, net: str, only: tuple[str, ...], out: Path) -> None:
    """Count what is lost when others end a gateway's pods, before and after `migrator harden`.

    A rolling restart, an eviction and a node drain under load, in each way, in labs of their own; minutes each. Exit code 1
    if a hardened way lost a request, or the unhardened one lost none.
    """
    from migrator.lab.endings import carry_out, view, way

    named = {each.name: each for each in way.WAYS}
    if unknown := sorted(set(only) - set(named)):
        raise click.UsageError(f"--only {', '.join(unknown)}: the ways are {', '.join(named)}")
    console = console_of(piped=130)
    wanted = [named[name] for name in only] or list(way.WAYS)
    results = carry_out.prove(net, folder, wanted, lambda text: console.print(text, highlight=False))
    write(out, way.as_json(results))
    view.show(results, console)
    raise SystemExit(0 if way.as_expected(results) else 1)
