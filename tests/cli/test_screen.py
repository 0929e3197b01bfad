"""The one screen of a run: every fact at every width, nothing cut, the worst backend first, colours for light and dark."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.color import Color
from rich.console import Console

from migrator.app.inspect.ahead import Ahead
from migrator.app.inspect.status import Status
from migrator.app.inspect.turning import Turning
from migrator.cli.views import style
from migrator.cli.views.can import can
from migrator.cli.views.human.status import drawn, titled
from migrator.cli.views.live.screen import Shown, screen
from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Wait
from migrator.domain.model.runs import Heading, State
from migrator.domain.model.spec import Approval
from migrator.domain.observation.sides import WayBack
from migrator.domain.observation.sighting import JournalFacts, Sighting
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.steps import Gate, Shift
from migrator.domain.turn.journeys import FOLLOW, ISOLATE, RESTART, Journey
from migrator.workflow.progress import Progress
from tests.cli.samples import planned
from tests.cli.screens import asking, standing
from tests.store.world import START
from tests.words import text

WIDTHS = (80, 120, 200)
FACTS = (
    "about 6 min 12 s are left",
    "50.0 % of new connections",
    "49.7 % of 1003",
    "connections open: new 35, old 31",
    "new 0 of 1753",
    "p50 11 ms, p99 205 ms",
    "210 of 210",
    "soaking at 50 %",
    "09:30:33",
    "carried out by ann@ops pid 4711",
    "100>50",
    "unhealthy",
)


@pytest.fixture(name="going", scope="module")
def _going(tmp_path_factory: pytest.TempPathFactory) -> Status:
    return standing(tmp_path_factory.mktemp("store"), 20, 3)


def shown(status: Status, width: int, height: int = 40, leaves: bool = True) -> list[str]:
    """Give the lines of a screen without its frame."""
    console = Console(width=width, height=height, file=io.StringIO(), record=True, force_terminal=True)
    console.print(screen(status, console, leaves))
    return [line.strip("│╭╰╮╯─ ") for line in console.export_text().splitlines()]


def test_what_a_person_is_to_do_at_the_hand_over_stands_there_once(going: Status) -> None:
    values = {"object": "Gateway edge/public", "command": "kubectl delete it", "proof": "Deployment edge/gw"}
    waiting = say("hand-over.waiting", orders=(say("hand-over.delete", **values),))
    assert going.newest is not None
    told = replace(going, newest=replace(going.newest, says=waiting))

    assert " ".join(shown(told, 200)).count("`kubectl delete it`") == 1


@pytest.mark.parametrize("height", [24, 20, 12])
def test_keys_and_what_they_ask_are_there_on_a_low_terminal_whatever_does_not_fit(going: Status, height: int) -> None:
    console = Console(width=80, height=height, file=io.StringIO(), record=True, force_terminal=True)
    asked = say("keys.about-rollback")
    console.print(screen(going, console, True, (asked,)))
    lines = console.export_text().splitlines()

    assert len(lines) <= height
    assert any(text(asked)[:20] in line for line in lines)
    assert any("lines more: a taller terminal or `migrator status 2` has them" in line for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_screen_has_every_fact_and_no_line_is_wider_than_the_terminal(going: Status, width: int) -> None:
    console = Console(width=width, height=40, file=io.StringIO(), record=True, force_terminal=True)
    console.print(screen(going, console, leaves=True))
    lines = console.export_text().splitlines()
    words = " ".join(" ".join(shown(going, width)).split())

    assert {len(line) for line in lines} == {width}
    assert [fact for fact in FACTS if fact not in words] == []
    assert "…" not in words


@pytest.mark.parametrize("width", WIDTHS)
def test_plain_status_has_the_same_facts(going: Status, width: int) -> None:
    plain = [line.plain.strip() for line in drawn(going, Console(width=width, force_terminal=True), width - 4)]
    on_screen = [line for line in shown(going, width, height=90) if line]

    assert on_screen[1:-1] == plain


def test_the_worst_backend_is_first_and_those_without_room_are_counted(going: Status) -> None:
    low, high = shown(going, 120, height=24), shown(going, 120, height=60)

    rows = [line for line in high if re.match(r"(new|old) ", line)]
    assert rows[0].startswith("new   ip-10-0-9-9.eu-central-1.compute.internal")
    assert len(rows) == 20
    assert "and 3 more, none of them worse than these" in high
    left = next(int(line.split()[1]) for line in low if line.startswith("and "))
    assert left == 3 + 20 - sum(bool(re.match(r"(new|old) ", line)) for line in low)
    assert len(low) <= 24


def test_a_name_of_a_node_goes_on_in_the_next_line_and_is_never_cut(going: Status) -> None:
    lines = shown(going, 80)
    at = next(number for number, line in enumerate(lines) if "ip-10-0-9-9" in line)

    assert [lines[at].split()[1], *lines[at + 1 : at + 3]] == ["ip-10-0-9-9.", "eu-central-1.", "compute.internal"]


@pytest.mark.parametrize(("holder", "needed"), [("ann@ops pid 1", False), (None, True)])
def test_a_question_stands_with_the_command_that_answers_it(tmp_path: Path, holder: str | None, needed: bool) -> None:
    words = " ".join(" ".join(shown(asking(tmp_path, holder), 80)).split())

    assert "Remove its backends and cut them?" in words
    assert "migrator approve 2" in words
    assert ("and then migrator resume 2" in words) is needed


def test_leaving_a_run_and_ending_the_watching_are_told_apart(going: Status) -> None:
    assert "Ctrl-C leaves the run as it is" in shown(going, 80)
    assert "Ctrl-C ends the watching, not the run" in shown(going, 80, leaves=False)


def test_a_turn_is_shown_as_status_shows_it_and_one_that_saw_nothing_keeps_what_the_journal_said(going: Status) -> None:
    plan = planned()
    turning, run = Turning(plan, "ann@ops pid 1"), replace(going.run, cursor=0)
    titles, words = (
        tuple(step.title for step in plan.steps),
        say("soak.going-on", share=1.0, soaked=1.0, soak=2.0, judge=""),
    )
    back, look = WayBack(8, 8, 1.0), replace(going.newest or Snapshot(), way_back=None)
    past = JournalFacts(entered_at=START, soaked=7.0)
    looked = Progress(run, titles, Wait(words), Sighting(past), words, back, look, plan.steps)
    first = turning(looked, START + timedelta(seconds=5))
    blind = turning(replace(looked, seen=None, route=()), START + timedelta(seconds=6))

    assert (first.holder, first.past, first.look) == ("ann@ops pid 1", past, replace(look, way_back=back))
    assert first.left is not None
    assert first.left > 0
    assert (blind.past, blind.left) == (past, None)


@pytest.mark.parametrize("name", ["GOOD", "WORRY", "BUSY", "BAD"])
def test_a_colour_can_be_read_on_black_and_on_white(name: str) -> None:
    found = Color.parse(getattr(style, name)).get_truecolor()
    parts = [(each / 255 / 12.92 if each / 255 <= 0.04045 else ((each / 255 + 0.055) / 1.055) ** 2.4) for each in found]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    assert 1.05 / (light + 0.05) >= 3.0  # WCAG: text that is large, and what is not text alone
    assert (light + 0.05) / 0.05 >= 3.0


def test_no_view_names_a_colour_of_its_own() -> None:
    views = Path(style.__file__).parent
    named = re.compile(r'"(?:bold )?(?:yellow|red|green|cyan|blue|magenta|white|black)"')

    assert [file.name for file in views.rglob("*.py") if named.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_name_and_a_long_step_are_wrapped_and_not_cut(going: Status, width: int) -> None:
    name = "the-gateway-of-a-team-with-a-very-long-name-in-production-in-guangzhou"
    titles = tuple(
        say(
            "step.hook",
            hook="a-hook-with-a-name-of-many-many-words-for-its-team",
            after=True,
            point="attach",
            share=None,
        )
        for _ in going.titles
    )
    run = replace(going.run, name=name)

    lines = shown(replace(going, run=run, titles=titles), width)

    assert not [line for line in lines if "…" in line]
    assert name in "".join(lines)
    assert "a-hook-with-a-name-of-many-many-words-for-its-team" in "".join(lines)


def flat(status: Status, width: int = 200, height: int = 60) -> str:
    return " ".join(" ".join(shown(status, width, height)).split())


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (say("soak.going-on", share=1.0, soaked=1.0, soak=2.0, judge=""), "the run goes on at 09:30:33"),
        (say("ready.waiting", ready=1, wanted=2, reasons=()), "the run halts at 09:30:33"),
        (say("way-back.waiting", fit=1, slots=2, why=()), "a person is asked at 09:30:33"),
        (say("drain.waiting", connections=3, side="old"), "until 09:30:33"),
    ],
)
def test_what_happens_when_a_wait_is_over_is_said_where_it_is_known(going: Status, says: Message, words: str) -> None:
    assert going.newest is not None
    assert words in flat(replace(going, newest=replace(going.newest, says=says)))


def test_the_time_that_is_left_counts_no_person_and_says_so(going: Status) -> None:
    assert "and the time that people take" in flat(replace(going, asks_ahead=True))
    assert "and the time that people take" not in flat(replace(going, asks_ahead=False))


def test_connections_that_the_judge_has_not_renewed_are_shown_with_their_age(going: Status) -> None:
    assert going.look is not None
    old = replace(going, look=replace(going.look, ruled_at=going.now - timedelta(seconds=40)))

    assert "connections open: new 35, old 31 (seen 40 s ago)" in flat(old)
    assert "old 31 (seen" not in flat(going)


def test_a_run_that_nobody_watches_says_so_in_its_title(going: Status) -> None:
    assert titled(replace(going, holder=None)).plain.endswith("NOBODY WATCHES IT")
    assert "NOBODY" not in titled(going).plain
    assert "NOBODY" not in titled(replace(going, holder=None, run=replace(going.run, state=State.COMPLETED))).plain


@pytest.mark.parametrize("state", [State.PAUSED, State.WAITING])
def test_what_protects_a_run_that_rests_stands_there_once(going: Status, state: State) -> None:
    assert going.newest is not None
    assert going.newest.protection is not None
    rests = say("rests", state=state, what=going.newest.protection.watched)
    words = flat(replace(going, run=replace(going.run, state=state), newest=replace(going.newest, says=rests)))

    assert words.count(text(going.newest.protection.watched)) == 1


@pytest.mark.parametrize("height", [24, 20, 16])
def test_what_can_be_typed_is_there_on_a_low_terminal(going: Status, height: int) -> None:
    lines = shown(going, 80, height)

    assert len(lines) <= height
    assert sum("you can:" in line for line in lines) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_worst_backend_is_there_on_a_usual_terminal_and_what_matters_less_makes_room(
    going: Status, width: int
) -> None:
    lines = shown(going, width, 24)
    at = next(number for number, line in enumerate(lines) if line.startswith("side "))
    words = " ".join(lines)

    assert len(lines) <= 24
    assert lines[at + 1].startswith("new   ip-10-0-9-9.")
    assert "unhealthy" in lines[at + 1]
    assert ("Checklists" in words) == (width > 80)
    assert [
        word for word in ("judge: pass", "turns back by itself", "you can:", "New side: 50.0 %") if word not in words
    ] == []


def test_lines_that_were_left_out_are_counted(going: Status) -> None:
    whole = [line for line in shown(going, 80, 90) if line]
    lines = shown(going, 80, 24)
    at = next(number for number, line in enumerate(lines) if "more: a taller terminal" in line)
    heading = next(number for number, line in enumerate(whole) if line.startswith("side "))

    assert int(lines[at].split()[1]) == heading - at


def test_a_question_is_there_before_any_backend_on_a_terminal_of_a_few_lines(tmp_path: Path) -> None:
    words = " ".join(shown(asking(tmp_path, "ann@ops pid 1"), 80, 14))

    assert "side  node" not in words
    assert "you can: migrator approve 2" in words


@pytest.mark.parametrize(("way", "command"), [(RESTART, "resume"), (ISOLATE, "resume"), (FOLLOW, "follow")])
def test_what_nobody_carries_out_goes_on_by_a_command_that_takes_its_number(
    going: Status, way: Journey, command: str
) -> None:
    left = replace(going, holder=None, journey=way, run=replace(going.run, heading=Heading.FORWARD, state=State.PAUSED))

    assert command in can(left)


def test_a_screen_that_has_seen_nothing_yet_says_that_it_looks(going: Status) -> None:
    assert "looking" in str(Shown(Console(file=io.StringIO()), False, None).drawn())


def test_a_person_is_certainly_asked_on_the_way_where_a_gate_or_a_held_share_is_still_ahead(going: Status) -> None:
    plan = planned()
    run = replace(going.run, heading=Heading.FORWARD, cursor=0)
    shares = tuple(step.share for step in plan.steps if isinstance(step, Shift))
    held = replace(plan, spec=replace(plan.spec, gates=replace(plan.spec.gates, hold=shares[:1])))
    manual, automatic = (
        (Gate(say("detach.ask", connections=0, side="old"), each),) for each in (Approval.MANUAL, Approval.AUTO)
    )

    assert Ahead(plan).asks(run, manual)
    assert not Ahead(plan).asks(run, automatic)
    assert not Ahead(plan).asks(replace(run, cursor=1), manual)
    assert Ahead(held).asks(run, plan.steps)
