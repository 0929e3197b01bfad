"""Faults on demand."""

import http.client
import time

import pytest

from tests.lab.kube.world import config_map

PATH = "/api/v1/namespaces/default/configmaps"


@pytest.fixture
def faulty(start):
    """A server of its own: faults would hit other tests."""
    return start()


def fault(server, status, **more):
    body = {"match": {"method": "POST", "path_prefix": PATH}, "status": status, **more}
    assert server.send("POST", "/lab/faults", body)[0] == 200


def test_a_status_is_answered_as_often_as_asked_and_only_to_what_matches(faulty):
    fault(faulty, 503, count=2)
    codes = [faulty.send("POST", PATH, config_map(f"a{n}"))[0] for n in range(3)]

    assert codes == [503, 503, 201]
    assert faulty.send("GET", "/lab/faults")[1] == {"faults": []}


def test_a_dropped_request_did_nothing(faulty):
    fault(faulty, "drop", count=1)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        faulty.send("POST", PATH, config_map("a"))

    assert faulty.send("GET", f"{PATH}/a")[0] == 404


def test_a_lost_answer_hides_a_write_that_was_made(faulty):
    fault(faulty, "lost", count=1)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        faulty.send("POST", PATH, config_map("a"))

    assert faulty.send("GET", f"{PATH}/a")[0] == 200


def test_a_delay_is_only_a_delay(faulty):
    fault(faulty, "delay", seconds=0.3, count=1)
    before = time.monotonic()
    code, _ = faulty.send("POST", PATH, config_map("a"))

    assert code == 201
    assert time.monotonic() - before >= 0.3


def test_faults_can_be_cleared_and_nonsense_is_refused(faulty):
    fault(faulty, 500)
    assert faulty.send("DELETE", "/lab/faults")[1] == {"faults": []}
    assert faulty.send("POST", PATH, config_map("a"))[0] == 201
    assert faulty.send("POST", "/lab/faults", {"status": "explode"})[0] == 400


@pytest.mark.parametrize(("agents", "code"), [(["tester"], 401), (["Other", ""], 200), ([], 401)], ids=str)
def test_a_fault_may_concern_some_agents_alone(faulty, agents, code):
    fault(faulty, 401, match={"agents": agents, "path_prefix": "/"})

    assert faulty.send("GET", PATH)[0] == code
