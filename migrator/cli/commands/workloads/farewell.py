"""`farewell`: the process beside a gateway that takes it off the balancer when its pod ends. It keeps no store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from migrator.cli.options import spoken

if TYPE_CHECKING:
    from migrator.app.farewell.words import Word
    from migrator.domain.messages.message import Message


@click.command()
@click.option("--within", type=float, required=True, help="Seconds after which the gateway may end, whatever is said.")
@click.option(
    "--after", type=float, default=0.0, show_default=True, help="Seconds for requests under way, once it is off."
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:15099", show_default=True, help="For hook and probe.")
@click.option(
    "--address", envvar="MIGRATOR_FAREWELL_ADDRESS", required=True, help="The gateway's, as the balancer has it."
)
@click.option("--port", "ports", multiple=True, type=int, help="That the balancer dials there; can be repeated.")
@click.option(
    "--serves", metavar="PORT/PATH", help="Where the gateway answers once it serves, such as 15021/healthz/ready."
)
@click.option("--balancer", envvar="MIGRATOR_FAREWELL_BALANCER", metavar="JSON", help="A plan file's loadBalancer.")
@click.option(
    "--lease",
    default="",
    metavar="NAMESPACE/NAME",
    help="With --balancer: the gateway's Lease. While a run or a follower holds it, no weight is set here.",
)
@click.option("--follower", metavar="URL", help="Wait for the word of `migrator follow` instead; it needs --metrics.")
@click.option(
    "--tell", metavar="URL", help="Asked by POST once, so that clients with a connection leave (Envoy's admin port)."
)
@spoken
def farewell(within: float, after: float, listen: str, **options: Any) -> None:
    """Take a gateway off the balancer when its pod ends, and say when it may. `migrator harden --image` prints it.

    It runs in the gateway's pod. SIGTERM, which a kubelet sends when the pod is told to end, begins it; GET /leave is answered
    when the gateway may end, and changes nothing. With --balancer it sets the weight of this gateway's own rows to 0, and for a
    pod that has come to what their peers have, unless a run or a follower holds the --lease; with --follower it writes nothing.
    """
    import logging
    import signal
    import threading

    from migrator.adapters.clock import SystemClock
    from migrator.app.farewell.asking import asked_to_leave
    from migrator.app.farewell.staying import Staying
    from migrator.cli.serving.listening import address
    from migrator.cli.serving.waiting import PORT, waiting
    from migrator.cli.views.echo import echo
    from migrator.domain.farewell import Terms
    from migrator.wording import render

    def said(why: Message) -> None:
        echo(render(why), err=True)

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    word, settle = _word(options)
    terms, tell = Terms(within, settle, after), asked_to_leave(options["tell"])
    staying = Staying(word, terms, SystemClock(), told.is_set, said, tell)
    with waiting(*address(listen, "--listen", PORT), staying, within):
        staying.until_over()


def _word(options: dict[str, Any]) -> tuple[Word, float]:
    """Give who is asked, and the seconds that a weight needs until new connections follow it. UsageError without one."""
    from migrator.app.farewell.asking import by_balancer, by_follower
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say

    follower, given = options["follower"], options["balancer"]
    if bool(follower) == bool(given):
        raise UsageError(say("farewell.one-word"))
    if follower:
        return by_follower(follower, options["address"])
    return by_balancer(given, options["address"], options["ports"], options["serves"] or "", options["lease"])
