"""kill -9 of a run between the intent to delete the old workload and the deletion: its successor finishes."""

import pytest

from tests.scenarios.ground import Ground
from tests.scenarios.operator import SHORT, Operator
from tests.scenarios.test_back_from_retire import OLD

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(300)]


def test_a_run_killed_before_the_delete_came_true_is_finished_by_its_successor(
    stage: Ground, operator: Operator
) -> None:
    operator.plan(**SHORT)
    stage.break_api(match={"method": "DELETE", "path_prefix": OLD.format(stage.namespace)}, status=503)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("the delete intended", lambda eye: eye.intends("delete-object", "Retire"))
        operator.kill(running)
        stage.mend_api()
        code = operator.ends(operator.begin("resume"))
        summary = load.end()

    assert (code, operator.report()["state"]) == (0, "completed"), operator.said()[-3000:]
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
    assert operator.report()["journal_whole"]
