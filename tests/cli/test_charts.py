"""The charts of a report: what was measured on one axis of time, with gaps, colours by meaning, and words for the blind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from click.testing import CliRunner

from migrator.app.inspect.report import report as read_report
from migrator.cli.main import cli
from migrator.cli.views.page import html, markdown
from migrator.cli.views.page.axis import LEFT, RIGHT, WIDTH, Axis, Scale, rounded
from migrator.cli.views.page.chart import Charts, charts
from migrator.cli.views.page.events import MEANINGS, Mark, Span, meaning, watched
from migrator.cli.views.page.filed import Filed, filed
from migrator.cli.views.page.measured import BLANK, CHARTS, blocks, number, percent, table, time
from migrator.cli.views.page.weights import FEW, LONGEST
from migrator.cli.views.style import RULINGS
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Ruling
from migrator.domain.showing.series import Sample
from migrator.store import Store
from migrator.wording.zh.views.labels import LABELS
from tests.cli.measured import measured
from tests.fakes.clock import FakeClock
from tests.golden.saved import FROM_THE_LAB
from tests.store.world import START

END = START + timedelta(seconds=55)
HURT = "<b onload=x>&"


def report(samples: tuple[Sample, ...] = measured(START), **more: Any) -> Filed:
    values: dict[str, Any] = {
        "title": "t",
        "state": "s",
        "tables": (),
        "points": ((START, 0.0), (START + timedelta(seconds=20), 50.0)),
        "marks": (Mark(START + timedelta(seconds=20), f"no answer {HURT}", "bad"),),
        "until": END,
        "samples": samples,
        "steps": (Span(START, END, f"Shift {HURT}"),),
        "verdicts": (Span(START, END, f"too few {HURT}", "busy"),),
        "written": (START + timedelta(seconds=20),),
    }
    return Filed(**{**values, **more})


def drawn(samples: tuple[Sample, ...] = measured(START), **more: Any) -> Charts:
    found = charts(report(samples, **more))
    assert found is not None
    return found


def svgs(page: str) -> list[Element]:
    return [fromstring(text) for text in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def test_there_is_a_chart_of_everything_that_was_measured_and_none_of_what_was_not() -> None:
    assert [chart.id for chart in drawn().drawn] == ["share", "requests", "errors", "wrong", "latency", "connections"]
    assert [chart.id for chart in drawn(()).drawn] == ["share"]


def test_a_run_whose_weights_never_changed_has_what_was_measured() -> None:
    assert [chart.id for chart in drawn(points=()).drawn][:2] == ["share", "requests"]


def test_a_line_is_broken_where_nobody_looked_or_nobody_knew() -> None:
    found = {chart.id: chart for chart in drawn().drawn}
    requests, share = ({curve.kind: curve.path for curve in found[name].curves} for name in ("requests", "share"))

    assert requests["old"].count("M") == 2
    assert share["seen"].count("M") == 2
    assert float(share["seen"][1:].split()[0]) > LEFT


def test_a_value_that_is_unknown_in_the_middle_is_a_gap_and_never_0() -> None:
    samples = measured(START, count=5)
    hidden = (*samples[:2], replace(samples[2], old=replace(samples[2].old, connections=None)), *samples[3:])
    (chart,) = [chart for chart in drawn(hidden).drawn if chart.id == "connections"]
    old = next(curve.path for curve in chart.curves if curve.kind == "old")

    assert old.count("M") == 2
    assert len(re.findall(r"[ML]", old)) == 4


def test_a_single_sample_can_be_seen() -> None:
    (one, *_) = measured(START)

    assert "h1" in next(curve.path for chart in drawn((one,)).drawn for curve in chart.curves if curve.kind == "old")


def test_all_charts_have_one_axis_of_time_and_all_that_happened() -> None:
    pictures = svgs(html.page(report()))

    assert len(pictures) == 7
    for picture in pictures:
        assert len([part for part in picture.iter("rect") if str(part.get("class")).startswith("step")]) == 1
        assert len([part for part in picture.iter("rect") if part.get("class") == "busy"]) == 1
        assert len([part for part in picture.iter("g") if part.get("class") == "mark bad"]) == 1
        assert len([part for part in picture.iter("line") if part.get("class") == "write"]) == 1


def test_what_lies_upon_each_other_is_drawn_once_and_told_each_time() -> None:
    moments = [START + timedelta(seconds=50 * number / 5000) for number in range(5000)]
    flapping = [("bad", "worry")[number % 2] for number in range(5000)]
    marks = tuple(Mark(at, f"verdict {number}", flapping[number]) for number, at in enumerate(moments))
    spans = tuple(Span(at, END, "v", kind) for at, kind in zip(moments, flapping, strict=True))
    found = drawn(marks=marks, verdicts=spans, written=tuple(moments))

    room = int(WIDTH - LEFT - RIGHT) + 1
    assert len(found.dots) <= 2 * room
    assert len(found.verdicts) <= 2 * room
    assert len(found.writes) <= room
    assert "(+" in found.dots[0].text
    assert len(found.happened) == 5001


def test_what_happened_is_told_in_the_order_in_which_it_came() -> None:
    later = START + timedelta(seconds=30)
    happened = drawn(
        steps=(Span(START, later, "first"), Span(later, END, "second")),
        marks=(Mark(START + timedelta(seconds=20), "between", "bad"), Mark(later, "with it", "worry")),
    ).happened

    assert [each.text.split(" ", 1)[1] for each in happened] == ["1 first", "between", "2 second", "with it"]
    assert [each.kind for each in happened] == ["", "bad", "", "worry"]


def test_each_chart_has_a_name_and_a_sentence_for_who_cannot_see_it() -> None:
    for picture in svgs(html.page(report())):
        named = str(picture.get("aria-labelledby")).split()
        words = {part.get("id"): part.text for part in picture if part.get("id")}

        assert picture.get("role") == "img"
        assert all(words[name] for name in named)


def test_the_numbers_stand_in_a_table_beside_the_charts() -> None:
    rows = {row[:2]: row[2:] for row in table(measured(START)).rows}

    assert rows["Answers per second", "old"] == ("0", "100", "0")
    assert rows["Live connections", "old"] == ("1", "12", "1")
    assert ("Answers 4xx of all answers", "new") not in rows
    assert rows["Errors (5xx) of all answers", "new"][1] == "1.83 %"
    assert rows["Time to answer", "old p99"] == ("40 ms", "40 ms", "40 ms")


def test_without_charts_the_numbers_have_a_line_of_blocks() -> None:
    found = table(measured(START), sparks=True)

    assert len(found.columns) == 6
    assert all(len(row) == 6 for row in found.rows)
    assert BLANK not in found.rows[-2][5]
    assert blocks([0.0, None, 50.0, 100.0], 100.0) == f"▁{BLANK}▅█"


def test_of_nothing_there_is_no_table() -> None:
    assert table(()).rows == ()


def test_what_others_wrote_makes_no_markup_in_a_chart() -> None:
    page = html.page(report())

    assert "<b onload" not in page
    assert "style=" not in page
    assert "<script" not in page


@pytest.mark.parametrize("ruling", list(Ruling))
def test_a_ruling_has_the_colour_that_it_has_on_a_terminal(ruling: Ruling) -> None:
    assert meaning(ruling.value) == MEANINGS[RULINGS[ruling]]


def test_too_few_is_not_drawn_as_an_abort() -> None:
    assert meaning("too-few") != meaning("abort") == "bad"
    assert meaning("a ruling of next year") == "busy"


def test_each_backend_has_a_lane_as_high_as_its_weight() -> None:
    lanes = drawn().lanes

    assert lanes is not None
    assert [lane.kind for lane in lanes.rows] == ["old", "old", "new", "new"]
    assert [lane.name for lane in lanes.rows][:2] == ["10.0.0.0:80", "10.0.0.1:80"]
    assert [bool(lane.sick) for lane in lanes.rows] == [False, False, True, False]
    assert lanes.most == 100
    assert all(lane.area.count("M") == 2 for lane in lanes.rows)
    assert "unhealthy" in lanes.rows[2].words


def test_many_backends_stand_on_one_page() -> None:
    few, many = drawn(measured(START, backends=2)).lanes, drawn(measured(START, backends=25)).lanes

    assert few is not None
    assert many is not None
    assert len(many.rows) == 50 > FEW
    assert many.height < 900
    assert all(len(lane.name) <= LONGEST for lane in many.rows)
    assert [lane.name for lane in many.rows[9:11]] == ["10.0.0.9:80", "10.0.0.10:80"]


def test_a_backend_that_was_taken_off_has_no_lane_meanwhile_and_a_stranger_is_one() -> None:
    samples = measured(START, count=5)
    rows = samples[0].backends
    gone = tuple(replace(row, weight=None) if row.side is Side.OLD else replace(row, side=None) for row in rows)
    lanes = drawn((*samples[:2], replace(samples[2], backends=gone, others=3), *samples[3:])).lanes

    assert lanes is not None
    assert [lane.area.count("M") for lane in lanes.rows if lane.kind == "old"] == [2, 2]
    assert [lane.kind for lane in lanes.rows][-2:] == ["foreign", "foreign"]
    assert lanes.others == 3
    assert "backends not shown: 3" in html.page(report((*samples[:2], replace(samples[2], others=3))))


def test_a_long_name_of_a_backend_is_whole_where_one_points_at_it() -> None:
    (one,) = measured(START, count=2)[:1]
    long = replace(one.backends[0].backend, address="2001:db8:1234:5678:9abc:def0:1234:5678")
    other = replace(one.backends[1].backend, listener="lbl-443")
    rows = (replace(one.backends[0], backend=long), replace(one.backends[1], backend=other))
    lanes = drawn((replace(one, backends=rows),)).lanes

    assert lanes is not None
    assert [lane.name.endswith("…") for lane in lanes.rows] == [True, False]
    assert str(long) in lanes.rows[0].words


def test_an_axis_keeps_everything_within_its_edges() -> None:
    axis = Axis(START, END)

    assert axis.x(START - timedelta(days=1)) == LEFT
    assert axis.x(END + timedelta(days=1)) == WIDTH - RIGHT
    assert Axis(START, START).span == 1.0
    assert Scale(10.0, 100.0).y(99) == Scale(10.0, 100.0).y(10)


@pytest.mark.parametrize(("most", "least", "top"), [(0, 1, 1), (1, 1, 1), (1.1, 1, 2), (33, 1, 50), (0.2, 0.01, 0.2)])
def test_a_scale_ends_at_a_number_that_is_easy_to_read(most: float, least: float, top: float) -> None:
    assert rounded(most, least) == pytest.approx(top)


def test_nothing_is_said_of_a_time_in_which_nobody_watched() -> None:
    at = [START + timedelta(hours=hour) for hour in range(6)]

    assert watched(at[0], at[5], [(at[1], at[2]), (at[3], at[4])]) == [(at[0], at[1]), (at[2], at[3]), (at[4], at[5])]
    assert watched(at[1], at[3], [(at[0], at[2])]) == [(at[2], at[3])]
    assert watched(at[1], at[2], [(at[0], at[5])]) == []
    assert watched(at[1], at[2], [(at[2], at[5]), (at[0], at[1])]) == [(at[1], at[2])]


def test_the_share_by_weight_is_broken_while_no_process_looked(tmp_path: Path) -> None:
    away = (START + timedelta(seconds=30), START + timedelta(seconds=40))
    (share, *_) = drawn((), unwatched=(away,)).drawn

    assert share.curves[0].path.count("M") == 2
    assert drawn((), unwatched=((START, END),)).drawn == ()


def test_the_verdict_of_a_process_that_is_gone_does_not_stand_for_the_time_after_it(tmp_path: Path) -> None:
    with Store.open(stored(tmp_path), FakeClock()) as store:
        found = read_report(store, store.run(FROM_THE_LAB.run))
        later = found.run.updated_at + timedelta(days=2)
        page = filed(found, "9.9", later)

    assert page.unwatched[-1][1] == later
    assert max(span.until for span in page.verdicts) <= page.unwatched[-1][0]


def test_an_axis_of_days_has_their_dates() -> None:
    assert Axis(START, START + timedelta(days=3)).ticks()[1].label.startswith("03-0")


def test_numbers_are_short() -> None:
    assert [percent(value) for value in (0.0, 0.1234, 99.96, 100.0)] == ["0 %", "0.123 %", "100 %", "100 %"]
    assert [number(value) for value in (0.0, 3.0, 2.345, 1234.6)] == ["0", "3", "2.35", "1235"]
    assert [time(value) for value in (0.0123, 1.5)] == ["12.3 ms", "1.5 s"]


def test_every_name_in_a_chart_has_a_chinese_word() -> None:
    names = {each.title for each in CHARTS} | {series.name for each in CHARTS for series in each.series}

    assert names <= LABELS.keys()


def stored(tmp_path: Path) -> Path:
    file = FROM_THE_LAB.put(tmp_path)
    with Store.open(file, FakeClock()) as store:
        since = store.events(FROM_THE_LAB.run)[0].at
        store.replace_samples(FROM_THE_LAB.run, measured(since))
    return file


def shown(tmp_path: Path, form: str, columns: str = "140") -> str:
    words = ["report", str(FROM_THE_LAB.run), "--output", form]
    env = {"MIGRATOR_STORE": str(stored(tmp_path)), "COLUMNS": columns}
    done = CliRunner().invoke(cli, words, env=env)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_form_of_a_report_has_what_was_measured(tmp_path: Path) -> None:
    assert shown(tmp_path, "html").count("<svg") == 7
    assert "Measured over time" in shown(tmp_path, "markdown")
    assert "Live connections" in shown(tmp_path, "human")
    assert "▅" in shown(tmp_path, "markdown")


def test_a_narrow_terminal_has_the_numbers_without_their_course(tmp_path: Path) -> None:
    assert "▅" in shown(tmp_path, "human", "140")
    assert "▅" not in shown(tmp_path, "human", "80")


def test_programs_get_columns_of_one_length_with_null_for_the_unknown(tmp_path: Path) -> None:
    series = json.loads(shown(tmp_path, "json"))["run"]["series"]
    count = len(series["at"])

    assert count == 12
    assert series["observed"][:3] == [None, None, pytest.approx(19.1818)]
    for side in ("old", "new"):
        assert {len(column) for column in series[side].values()} == {count}
    assert {len(row[name]) for row in series["backends"] for name in ("weight", "health", "connections")} == {count}
    assert len(series["backends"]) == 4


def test_markdown_of_a_report_with_measurements_draws_nothing() -> None:
    assert "svg" not in markdown.page(report())
