"""Lines of Chinese break between signs, never inside a word or before a comma, and lose nothing."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from migrator.cli.views.wrap import in_lines, whole

CONSOLE = Console(file=io.StringIO(), width=80)


def broken(words: str, width: int) -> list[str]:
    return [line.plain for line in in_lines(Text(words), CONSOLE, width)]


def test_chinese_is_broken_between_its_signs_and_not_only_at_spaces() -> None:
    assert broken("5 个新后端已正常应答我们的请求；没有差异", 20) == ["5 个新后端已正常应答", "我们的请求；没有差异"]


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        pytest.param("权重设为零，再移除", 10, ["权重设为", "零，再移除"], id="no line begins with a comma"),
        pytest.param("已退回（超时）", 8, ["已退回", "（超时）"], id="no line ends with an opening bracket"),
        pytest.param("先 migrator resume 再看", 12, ["先 migrator", "resume 再看"], id="words stay whole"),
        pytest.param("见 abcdefghijkl", 6, ["见", "abcdef", "ghijkl"], id="a word without room is broken"),
        pytest.param("一行\n\n二行", 20, ["一行", "", "二行"], id="its own lines"),
        pytest.param("only words here", 10, ["only words", "here"], id="Latin letters alone"),
    ],
)
def test_a_line_is_broken_where_a_reader_expects_it(words: str, width: int, lines: list[str]) -> None:
    assert broken(words, width) == lines
    assert max(map(cell_len, lines)) <= width


def test_styles_stay_with_their_words() -> None:
    first, second = in_lines(Text.assemble("新侧的判定是：", ("通过", "green")), CONSOLE, 14)

    assert (first.plain, second.plain) == ("新侧的判定是：", "通过")
    assert [span.style for span in second.spans] == ["green"]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        pytest.param("请查 loadBalancer.endpoint 再试", ["请查", "loadBalancer.endpoint", "再试"], id="a path stays whole"),
        pytest.param("无法读取计划文件，未改动。", ["无法读取计划文件，", "未改动。"], id="Chinese breaks between signs"),
        pytest.param("  no route leads there", ["  no route leads", "  there"], id="words, with their indent"),
    ],
)  # fmt: skip
def test_an_error_is_wrapped_and_what_is_to_be_copied_stays_whole(
    words: str, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "19")

    assert whole(words).splitlines() == lines
