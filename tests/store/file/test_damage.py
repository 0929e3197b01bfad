"""Damage to a store is always told as damage, or harmless: whatever bits were flipped, nobody is told of a defect."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from migrator.app.inspect.report import report
from migrator.app.inspect.status import listed, status
from migrator.domain.messages.errors import MigratorError, StoreError
from migrator.store import Store, StoreReader
from tests.store.world import FakeClock
from tests.words import text

GOLDEN = gzip.decompress((Path(__file__).parents[2] / "golden" / "0730ce6" / "store.db.gz").read_bytes())


def damaged(seed: int) -> bytes:
    """Give the golden store with 1 to 64 flipped bits."""
    dice = random.Random(seed)
    raw = bytearray(GOLDEN)
    for _ in range(dice.choice([1, 2, 4, 8, 16, 32, 64])):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(raw)


def read_all(file: Path) -> None:
    with closing(StoreReader.opened(file, FakeClock())) as store:
        listed(store)
        for run in store.runs():
            status(store, run)
            report(store, run)


def fold(file: Path) -> None:
    with closing(Store.open(file, FakeClock())) as store:
        run = store.run(1)
        store.past(run, store.plan(run.plan_id))


def outcome(use: Callable[[Path], None], file: Path) -> str:
    """Use a store; any error that is not ours goes on to the test."""
    try:
        use(file)
    except MigratorError as error:
        return "refused" if text(error.message) else "refused without a word"
    return "harmless"


@pytest.mark.parametrize("use", [read_all, fold])
def test_flipped_bits_are_told_as_damage_or_harm_nobody(tmp_path: Path, use: Callable[[Path], None]) -> None:
    outcomes = {"refused": 0, "harmless": 0}
    for seed in range(60):
        file = tmp_path / f"{seed}.db"
        file.write_bytes(damaged(seed))
        outcomes[outcome(use, file)] += 1

    assert outcomes["refused"] > 20
    assert outcomes["harmless"] > 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"forward", b"fnrward", id="a heading"),
        pytest.param(b"settled", b"settned", id="a kind of row"),
        pytest.param(b"2026-11-29 1", b"2026-11-29 9", id="a time"),
        pytest.param(b'"state"', b'"stbte"', id="a key"),
        pytest.param(b"planned", b"pl\xe9nned", id="a byte that is no text"),
    ],
)
def test_a_stored_value_that_is_none_is_told_as_damage(tmp_path: Path, before: bytes, after: bytes) -> None:
    assert before in GOLDEN
    file = tmp_path / "store.db"
    file.write_bytes(GOLDEN.replace(before, after))

    with pytest.raises(StoreError) as caught:
        read_all(file)
    assert "damaged" in text(caught.value.message)


def test_an_empty_file_is_said_to_have_lost_everything_it_held(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"")

    with pytest.raises(StoreError) as caught:
        read_all(tmp_path / "store.db")
    assert "everything in it is gone" in text(caught.value.message)
