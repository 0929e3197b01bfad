"""`calibrate`: measure how long the balancer takes to apply a weight, on backends without real users."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

import click

from migrator.cli.options import shared
from migrator.cli.views.echo import echo

if TYPE_CHECKING:
    from migrator.app.calibrate.session import Request
    from migrator.cli.views.view import View
    from migrator.domain.messages.message import Message


@click.command()
@click.argument("file", type=click.Path())
@click.option("--listener", metavar="ID:PORT", help="A separate listener, not one of the plan's, and its port.")
@click.option(
    "--backend", "backends", multiple=True, metavar="ADDRESS:PORT", help="A test backend of that listener; give two."
)
@click.option("--header", default="x-gateway", show_default=True, help="Response header that says who answers.")
@click.option("--rate", type=click.FloatRange(1, 500), default=50.0, show_default=True, help="Connections a second.")
@click.option(
    "--rounds", type=click.IntRange(1, 100), default=5, show_default=True, help="How many times a weight is set to 0."
)
@click.option("--within", default="60s", show_default=True, metavar="TIME", help="The longest time that it may take.")
@click.option(
    "--fail", default="", metavar="COMMAND", help="Makes the first test backend fail its health check; needs --heal."
)
@click.option(
    "--heal", default="", metavar="COMMAND", help="Makes the health check pass again; it is always run after --fail."
)
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@shared
def calibrate(file: str, yes: bool, view: View, store: str | None, **options: object) -> None:
    """Measure how long the balancer of FILE takes from a changed weight to the last new connection.

    With --listener and two --backend it gives all the weight to one and then to the other, again and again. Without
    them it raises one idle backend (weight 0) of the plan's listeners by one unit and sets it back. The weights are
    restored whatever happens, and the next `migrator plan` uses what was measured.
    """
    from migrator.adapters.planfile.read import read_file
    from migrator.app.calibrate import session as use
    from migrator.app.wiring import open_store
    from migrator.cli.diagnostics import be_quiet
    from migrator.domain.messages.message import say
    from migrator.wording import render

    be_quiet()
    spec, request = read_file(file), _request(options)
    with open_store(store) as memory, use.alone(memory, spec):
        if left := use.left_over(memory, spec):
            view.leftover(left)
            _agree(say("calibrate.ask-restore"), yes)
            use.restore(memory, spec)
        offer = use.offer(spec, request)
        view.offer(offer)
        _agree(say("calibrate.ask"), yes)
        with _told() as leave:
            calibration, kept = use.carry_out(memory, offer, leave, lambda words: echo(render(words), err=True))
    view.calibration(calibration, kept)
    if not kept:
        raise SystemExit(1)


def _agree(question: Message, yes: bool) -> None:
    if not yes:
        from migrator.cli.asking import agree
        from migrator.wording import render

        agree(render(question))


def _request(options: dict[str, object]) -> Request:
    from migrator.app.calibrate.measurement import Limits
    from migrator.app.calibrate.session import Request
    from migrator.domain.messages.durations import seconds_of
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say
    from migrator.domain.model.spec import ListenerSpec

    listener, backends, fail, heal = (
        options["listener"],
        options["backends"],
        str(options["fail"]),
        str(options["heal"]),
    )
    if bool(listener) != bool(backends) or bool(fail) != bool(heal) or (fail and not listener):
        raise UsageError(say("option.not-together"))
    try:
        within = seconds_of(options["within"])
    except ValueError as error:
        raise UsageError(say("option.no-duration", option="--within", given=str(options["within"]))) from error
    assert isinstance(backends, tuple)
    return Request(
        ListenerSpec(*_at(str(listener), "--listener ID:PORT")) if listener else None,
        tuple(_at(backend, "--backend ADDRESS:PORT") for backend in backends),
        str(options["header"]),
        Limits(int(str(options["rounds"])), float(str(options["rate"])), within),
        fail,
        heal,
    )


def _at(text: str, usage: str) -> tuple[str, int]:
    from migrator.domain.messages.errors import UsageError
    from migrator.domain.messages.message import say
    from migrator.domain.model.outside.reading import whole_number

    name, _, digits = text.rpartition(":")
    port = whole_number(digits)
    if not name or port is None:
        raise UsageError(say("option.no-address", usage=usage, given=text))
    return name.strip("[]"), port


@contextmanager
def _told() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, SIGTERM and SIGHUP end the measurement; the weights are restored all the same."""
    leave_asked = Event()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: leave_asked.set()) for number in numbers}
    try:
        yield leave_asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
