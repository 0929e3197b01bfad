"""The account of a demonstration as tables for a terminal."""

from rich.console import Console
from rich.table import Table

from migrator.lab.demo.account import Account
from migrator.lab.ground.manifests import Json

_IDLE = "idle clients keep silent; every second one asks once whenever it has connected"
_KIND_COLUMNS = ("clients", "sent", "answered", "lost", "bad", "wrong", "cut", "reconnects")


def show(account: Account, console: Console) -> None:
    """Print the timeline, the shares, the ledger, the fault's times, and the last word."""
    console.print(_timeline(account))
    console.print(_shares(account))
    console.print(_ledger(account.summary))
    if account.fault:
        console.print(_times(account))
    if account.question:
        console.print(f"[bold yellow]the run waits for somebody:[/] {account.question}", highlight=False)
    problems = account.problems()
    totals = account.totals
    if problems:
        console.print("\n".join(f"[bold red]not as promised:[/] {problem}" for problem in problems))
    else:
        style = "yellow" if totals["lost"] else "green"
        console.print(f"[bold {style}]{account.state}[/]: {last_word(totals)}")
        if totals["lost"]:
            console.print(f"[yellow]the {totals['lost']} lost requests were inside gateways that were killed[/]")


def last_word(totals: Json) -> str:
    """Return the whole account in one line: what was answered badly counts as answered, and is named."""
    sent, answered, bad = totals["sent"], totals["answered"], totals["bad"]
    harmed = f"{bad} of them bad (5xx), {totals['wrong']} wrong"
    answers = f"{sent} requests sent, {answered} answered, {harmed}, {totals['lost']} lost"
    return f"{answers}, {totals['cut']} idle connections cut at the deadline"


def _table(title: str) -> Table:
    """Give a table that fits a terminal of 80 columns: it has no frame."""
    return Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0), pad_edge=False)


def _timeline(account: Account) -> Table:
    table = _table("the run")
    table.add_column("step")
    table.add_column("seconds", justify="right")
    table.add_column("what came of it", overflow="fold")
    for step in account.run.get("steps", []):
        back = "[yellow]back:[/] " if step["heading"] == "back" else ""
        table.add_row(f"{back}{step['title']}", f"{step['seconds']:.1f}", step["note"])
    if turned := account.run.get("turned_back"):
        early = account.before_turning_back
        harmed = f"{early['wrong']} wrong, {early['bad']} bad and {early['lost']} lost requests before that"
        table.caption = f"turned back because {turned['why']}" + (f"; {harmed}" if account.fault else "")
    return table


def _shares(account: Account) -> Table:
    table = _table("new side's share of connections")
    for name in ("since", "asked", "got", "connections"):
        table.add_column(name, justify="right")
    for row in account.achieved:
        got = "no connection" if row.got is None else f"{row.got:.1f} %"
        since = f"{row.since - account.began:+.1f} s"
        table.add_row(since, f"{row.asked:.1f} %", got, str(row.connections))
    return table


def _ledger(summary: Json) -> Table:
    table = _table("every request, by kind of client")
    table.caption, table.caption_justify = _IDLE, "left"
    table.add_column("kind")
    for name in (*_KIND_COLUMNS, "p50 ms", "p99 ms"):
        table.add_column(name, justify="right")
    for kind, row in [*summary["kinds"].items(), ("all", {**summary["totals"], "reconnects": ""})]:
        lost = f"[red]{row['lost']}[/]" if row["lost"] else "0"
        cells = [lost if name == "lost" else str(row.get(name, "")) for name in _KIND_COLUMNS]
        table.add_row(kind, *cells, _ms(row["p50_ms"]), _ms(row["p99_ms"]), end_section=kind == "idle")
    return table


def _times(account: Account) -> Table:
    table = _table(f"seconds since the fault `{account.fault}` struck")
    table.add_column("what")
    table.add_column("seconds", justify="right")
    for key, value in account.fault_times().items():
        name = key.replace("bad_answer", "bad, wrong or slow answer")
        table.add_row(
            name.replace("_", " "),
            "never" if value is None else f"{value:.2f}",
        )
    return table


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
