"""Whatever stands in a stored value instead of what was written, it is read, or refused as a store's error with a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.messages.errors import StoreError
from migrator.store.codec.codec import decode, decode_route, encode
from migrator.store.codec.tags import ACTIONS, KINDS
from migrator.wording import render
from tests.store.codec.golden import files
from tests.store.values import sample
from tests.wounds import ODD, PLACES, TEXTS, hurt, outcome

SOUND = {kind: [json.loads(file.read_text()) for file in files(kind)] for kind in KINDS}


@settings(max_examples=250, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), which=st.integers(0, 3), wounds=PLACES)
def test_a_stored_value_with_wounds_is_read_or_refused_as_a_stores_error(kind: str, which: int, wounds: Any) -> None:
    known = SOUND[kind]
    text = json.dumps(hurt(known[which % len(known)], wounds))
    found = outcome(lambda: decode(text, KINDS[kind]), (StoreError,))

    if isinstance(found, KINDS[kind]):  # what was read can be kept
        assert outcome(lambda: encode(found), (StoreError,))


@pytest.mark.parametrize("odd", ODD[1:], ids=repr)
def test_nothing_odd_in_the_place_of_any_field_of_an_action_comes_out_as_a_defect(odd: Any) -> None:
    """Every field of the actions, which are what a killed run reads again, once with every odd value."""
    for action in ACTIONS:
        (kind,) = [tag for tag, cls in KINDS.items() if cls is action][:1]
        sound = json.loads(encode(sample(action)))
        for name in sound.keys() - {"kind"}:
            outcome(lambda data=sound | {name: odd}, kind=kind: decode(json.dumps(data), KINDS[kind]), (StoreError,))


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_none_is_refused_as_a_stores_error(name: str) -> None:
    text = TEXTS[name].decode("utf-8", "surrogateescape")
    for read in (lambda: decode(text, *ACTIONS), lambda: decode_route(text)):
        try:
            assert read() == ()
        except StoreError as error:
            said = render(error.message)
            assert said
            assert len(said) < 1000  # it quotes no megabyte
