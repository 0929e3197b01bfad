"""What is stored can be read again: by this version, and by every later one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.gateways import PROFILES
from migrator.domain.messages.errors import StoreError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.actions import Op, Register, SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.samples import Ruling, Verdict
from migrator.domain.model.spec import AccessSpec, JudgeSpec, PrometheusSpec, SecretRef, SigningSpec
from migrator.domain.planning.plan import Plan
from migrator.store.codec.codec import decode, encode, from_data, to_data
from migrator.store.codec.dataclass_json import Malformed, dump, load, parts, word
from migrator.store.codec.tags import ACTIONS, KINDS, LAYOUTS, OLD_WORDS, STEPS, Layout
from migrator.store.values import Kind
from tests.store.codec.golden import FOLDER, files, said
from tests.store.values import hints_of, sample, values
from tests.store.world import NEW, make_plan
from tests.words import refused

TAGS_EVER = {
    *("preflight", "guard", "deploy", "await-ready", "verify-config", "attach", "rehearse-up", "rehearse-back"),
    *("shift", "keep", "drain", "gate", "detach", "retire", "confirm", "point-back", "tell-to-stay", "remove", "undo"),
    *("follow", "restore", "lead", "lead-back", "compare-answers", "call-hook"),
    *("rewrite", "renew", "write-back", "shed", "swap", "keep-others"),
    *("set-aside", "empty", "let-go", "take-over", "put-back", "bring", "end-pod", "take-off", "unmark"),
    *("register", "set-weights", "deregister", "apply-object", "patch-object", "delete-object", "tell"),
    *("plan", "spec", "derived", "kept", "op", "verdict", "finding", "backend", "borrowed", "calibration", "last-look"),
}
"""Every tag that any version ever stored. One is added with its class, and none is ever taken out."""
WORDS_EVER: tuple[set[str], ...] = (
    {"old", "new"},
    {"hold", "cut"},
    {"http/1.1", "h2", "websocket", "grpc"},
    {"routes", "list", "har", "accessLog"},
    {"status", "headers", "redirect", "certificate", "body", "protocol", "unproved", "inside"},
    {"manual", "auto"},
    {"loses-requests"},
    {"keep", "drain"},
    {"go", "stay"},
    {"host", "hostPort", "pod"},
    {"nodes", "ports", "nodePort"},
    {"istio", "envoy", "contour", "nginx", "none"},
    {"canary", "blue-green", "in-place"},
    {"hold"},
    {"controller", "migrator", "manual"},
    {"backend", "pool"},
    {"block", "warn", "info"},
    {"pass", "hold", "abort", "shared", "too-few", "no-data"},
    {"own-listener", "one-unit"},
    {"planned", "running", "paused", "waiting", "halted", "completed", "rolled-back", "cancelled"},
    {"forward", "back"},
    {"pause", "resume", "rollback", "approve", "set"},
    {
        "intended",
        "accepted",
        "settled",
        "failed",
        "asked",
        "approved",
        "moved",
        "verdict",
        "noted",
        "requested",
        "obeyed",
        "set",
    },
)
"""The words of every enumeration that any version ever stored. Words are added, and none is ever taken out."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A class of which the layout on disk is told."""

    size: int


class Colour(StrEnum):
    """An enumeration of which a word was renamed."""

    RED = "red"


Laid = Callable[[type[Any], Layout], None]


@pytest.fixture
def laid() -> Iterator[Laid]:
    """Give a way to tell the layout of a class until the test ends."""
    told: list[type[Any]] = []

    def tell(cls: type[Any], layout: Layout) -> None:
        told.append(cls)
        LAYOUTS[cls] = layout
        parts.cache_clear()

    yield tell
    for cls in told:
        del LAYOUTS[cls]
    parts.cache_clear()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_value_of_every_kind_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    value = data.draw(values(KINDS[kind]))

    assert decode(encode(value), KINDS[kind]) == value


@pytest.mark.parametrize(("kind", "file"), [(kind, file) for kind in KINDS for file in files(kind)], ids=str)
def test_every_kind_that_was_ever_stored_can_still_be_read_with_all_that_it_said(kind: str, file: Path) -> None:
    golden = json.loads(file.read_text())
    value = from_data(golden, KINDS[kind])

    assert said(golden, to_data(value)), "a stored field was lost"
    # A field that is left out while it says nothing new is not to be seen in the value that was read, but in a sample of today.
    assert (
        value == sample(KINDS[kind])
        or kind_grew(golden, to_data(value))
        or kind_grew(golden, to_data(sample(KINDS[kind])))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_of_every_kind_is_stored_with_all_that_it_says(kind: str) -> None:
    """What the test above lets pass, a field that is left out, may be left out only where reading gives the same value."""
    value = sample(KINDS[kind])

    assert from_data(to_data(value), KINDS[kind]) == value


def kind_grew(stored: Any, now: Any) -> bool:
    """Say whether the kind has fields now that it had not when the golden file was written."""
    return json.dumps(stored) != json.dumps(now)


def test_every_tag_that_was_ever_stored_is_known_for_ever() -> None:
    assert set(KINDS) >= TAGS_EVER, (
        "a class was renamed and its tag with it: keep the tag, or put the old one in OLD_TAGS"
    )


def test_every_word_that_was_ever_stored_is_known_for_ever() -> None:
    enums = {enum for cls in KINDS.values() for enum in words_in(cls, set())} | {State, Heading, Kind, RequestKind}
    known = [{member.value for member in enum} | set(OLD_WORDS.get(enum, {})) for enum in enums]
    known.append(set(PROFILES))  # the gateway kinds are the names in a table

    for words in WORDS_EVER:
        assert any(words <= each for each in known), f"{words}: put a word that was renamed in OLD_WORDS"


def words_in(hint: Any, seen: set[Any]) -> set[type[StrEnum]]:
    """Return the enumerations in an annotation, and in the fields of its classes."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {hint}
    inner = tuple(hints_of(hint).values()) if is_dataclass(hint) and hint not in seen else get_args(hint)
    seen.add(hint if is_dataclass(hint) else None)
    return {enum for each in inner for enum in words_in(each, seen)}


def test_a_field_that_was_renamed_keeps_its_name_on_disk(laid: Laid) -> None:
    laid(Renamed, Layout({"size": "weight"}, frozenset({"colour"})))

    assert dump(Renamed(3)) == {"weight": 3}
    assert load(Renamed, {"weight": 3, "colour": "red"}) == Renamed(3)
    with pytest.raises(Malformed, match="unknown field size"):
        load(Renamed, {"weight": 3, "size": 4})


def test_a_class_that_was_cut_differently_keeps_its_layout_on_disk(laid: Laid) -> None:
    laid(Renamed, Layout({}, to_disk=lambda now: {"in": now}, from_disk=lambda stored: dict(stored["in"])))

    assert dump(Renamed(3)) == {"in": {"size": 3}}
    assert load(Renamed, dump(Renamed(3))) == Renamed(3)


def test_a_word_that_was_renamed_is_read_as_the_word_of_today() -> None:
    OLD_WORDS[Colour] = {"crimson": "red"}
    try:
        shape = word(Colour)
        assert (shape.load("crimson"), shape.dump(Colour.RED)) == (Colour.RED, "red")
    finally:
        del OLD_WORDS[Colour]


def test_no_golden_file_is_left_of_a_kind_that_was_renamed() -> None:
    assert {file.name.partition(".")[0] for file in FOLDER.glob("*.json")} == set(KINDS)


def test_a_kind_that_is_not_known_is_a_store_error_that_says_what_to_do() -> None:
    with refused(StoreError, "store.unreadable-value", why="the kind 'teleport' is not known"):
        decode('{"kind":"teleport","to":"mars"}', *ACTIONS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"kind":"op","system":"tencent"', id="no JSON"),
        pytest.param('{"system":"tencent"}', id="no kind"),
        pytest.param("[]", id="a list"),
        pytest.param('{"kind":["op"],"system":"tencent"}', id="a kind that is no text"),
        pytest.param('{"kind":"op"}', id="a field is missing"),
        pytest.param('{"kind":"op","system":"tencent","colour":"red"}', id="a field from the future"),
        pytest.param('{"kind":"op","system":7}', id="a number for a text"),
        pytest.param('{"kind":"register","backends":[]}', id="another kind than expected"),
    ],
)
def test_what_is_not_a_stored_op_is_refused(text: str) -> None:
    with pytest.raises(StoreError):
        decode(text, Op)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"weight": True}, id="a boolean for a weight"),
        pytest.param({"weight": 1.5}, id="half a unit of weight"),
        pytest.param({"backend": None}, id="no backend"),
    ],
)
def test_a_weight_that_is_no_whole_number_of_a_backend_is_refused(data: dict[str, Any]) -> None:
    row = {"backend": {"listener": "l", "address": "a", "port": 1, "ref": ""}, "weight": 1, **data}
    with pytest.raises(StoreError):
        from_data({"kind": "set-weights", "rows": [row]}, SetWeights)


def test_a_field_with_a_default_may_be_missing_in_what_an_older_version_wrote() -> None:
    assert decode('{"kind":"op","system":"tencent"}', Op) == Op("tencent")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(object(), id="no dataclass"),
        pytest.param(Weighted(NEW, 1), id="a class without a kind"),
        pytest.param(Verdict(Ruling.PASS, verbatim(""), "", interval=float("nan")), id="NaN"),
        pytest.param(replace(make_plan(), created_at=datetime(2026, 1, 1)), id="a time without a zone"),  # noqa: DTZ001
        pytest.param(replace(make_plan(), manifests=({"a": float("inf")},)), id="infinity in a manifest"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(value: object) -> None:
    with refused(StoreError, "store.not-storable"):
        encode(value)


def test_every_step_and_action_is_registered_and_no_field_hides_the_kind() -> None:
    assert len(STEPS) + len(ACTIONS) >= 20
    for cls in KINDS.values():
        assert "kind" not in cls.__dataclass_fields__


def test_a_mapping_keeps_keys_of_any_kind() -> None:
    @dataclass(frozen=True, slots=True)
    class Held:
        by: dict[tuple[int, str], float]

    # A class inside a function has no module-level name, so its annotations are given as types.
    Held.__annotations__["by"] = dict[tuple[int, str], float]
    held = Held({(1, "a"): 2.0})

    assert load(Held, json.loads(json.dumps(dump(held)))) == held


def test_how_a_prometheus_is_asked_comes_back_equal_and_was_nothing_before() -> None:
    headers = (("X-Scope-OrgID", SecretRef("TENANT")),)
    access = AccessSpec(SecretRef("TOKEN"), None, SigningSpec("eu-west-1"), headers, "/ca")
    asked = PrometheusSpec("https://p", access=access)
    plan = make_plan("abc")
    with_access = replace(plan, spec=replace(plan.spec, judge=JudgeSpec(prometheus=asked)))

    assert decode(encode(with_access), Plan) == with_access
    assert load(PrometheusSpec, {key: value for key, value in dump(asked).items() if key != "access"}).access is None


def test_a_whole_plan_is_told_by_equal_text_and_comes_back_equal() -> None:
    plan = make_plan("abc")

    assert decode(encode(plan), Plan) == plan
    assert encode(decode(encode(plan), Plan)) == encode(plan)
    assert encode(Register((NEW,))) == (
        '{"kind":"register","backends":[{"listener":"lbl-80","address":"10.1.0.1","port":80,"ref":"ins-2"}],'
        '"standing":false}'
    )
