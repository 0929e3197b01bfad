"""The comparison judges by the clients' account, and counts a way that could not be tried as a failure."""

import json

import pytest

from migrator.lab.rivals import compare
from migrator.lab.rivals.compare import Result


def result(*, loses: bool, lost: int = 0, bad: int = 0, problem: str = "") -> Result:
    return Result("x", "x", loses, 1.0, sent=100, lost=lost, bad=bad, problem=problem)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(result(loses=True, lost=1), True, id="a naive way that lost"),
        pytest.param(result(loses=True), False, id="a naive way that lost nothing proves nothing"),
        pytest.param(result(loses=False), True, id="migrator lost nothing"),
        pytest.param(result(loses=False, lost=1), False, id="migrator lost a request"),
        pytest.param(result(loses=False, bad=1), False, id="migrator answered a 5xx"),
        pytest.param(result(loses=False, problem="NotReady"), False, id="no account"),
    ],
)
def test_only_what_was_seen_counts(given: Result, expected: bool) -> None:
    assert given.as_expected is expected


def test_the_written_account_says_what_was_shortened() -> None:
    written = json.loads(json.dumps(compare.as_json([result(loses=True, lost=2)])))

    assert written["terms"]["step_seconds_of_the_document"] == 60
    assert written["ways"][0]["lost"] == 2
    assert written["ways"][0]["as_expected"] is True


@pytest.mark.lab
@pytest.mark.matrix
@pytest.mark.timeout(150)
def test_deleting_and_applying_is_seen_to_lose_requests(tmp_path) -> None:
    [found] = compare.compare("auto", tmp_path, "delete-and-apply", lambda _: None)

    assert found.problem == ""
    assert found.lost > 0
