"""Looking for a freeze: every place counts, and one that is silent is as it was."""

from __future__ import annotations

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import ApplyObject
from migrator.domain.model.freeze import Freeze, manifest_of
from migrator.domain.observation.gating import Frozen
from migrator.workflow.gating.freezing import Freezing, Place, in_cluster
from migrator.workflow.watching.board import Board
from tests.fakes.clusters import THERE
from tests.fakes.two_worlds import TwoWorlds
from tests.fakes.world import FakeWorld

ANN = Freeze("", "ann@ops", "now", "why")


def frozen(board: Board) -> Frozen:
    (found,) = (facet for facet in board.facets() if isinstance(facet, Frozen))
    return found


def test_any_place_freezes_and_one_that_is_silent_is_as_it_was() -> None:
    board, answers = Board(), list[Freeze | Refused | None]([None, ANN, Refused(verbatim("no")), None])

    def read() -> Freeze | None:
        answer = answers.pop(0)
        if isinstance(answer, Refused):
            raise answer
        return answer

    look = Freezing((Place("there", read), Place("here", lambda: None)), board)
    seen = []
    while answers:
        look()
        seen.append((frozen(board).by, [(said["frozen"], said["place"]) for said in frozen(board).unread]))

    assert seen == [((), []), ((ANN,), []), ((ANN,), [(True, "there")]), ((), [])]


def test_a_place_that_was_never_read_freezes_nothing_and_is_told() -> None:
    board = Board()

    def read() -> Freeze | None:
        raise Refused(verbatim("no"))

    Freezing((Place("there", read),), board)()

    assert frozen(board).by == ()
    assert [said["frozen"] for said in frozen(board).unread] == [False]


def test_the_namespace_of_a_run_can_be_frozen() -> None:
    world, board = FakeWorld(), Board()
    look = Freezing((in_cluster(world.cluster, "edge"),), board)
    look()
    assert frozen(board).by == ()

    world.cluster.apply(ApplyObject(manifest_of(Freeze("edge", "ann@ops"))))
    look()

    assert [freeze.by for freeze in frozen(board).by] == ["ann@ops"]


def test_the_namespace_can_be_frozen_in_the_other_cluster_of_a_run_too() -> None:
    world, board = TwoWorlds(), Board()
    cluster = world.readers.cluster
    look = Freezing((in_cluster(cluster, "edge"), in_cluster(cluster, "edge", THERE)), board)
    world.other.apply(ApplyObject(manifest_of(Freeze("edge", "ann@ops"))))

    look()

    assert [(freeze.where, freeze.cluster) for freeze in frozen(board).by] == [("edge", THERE)]
