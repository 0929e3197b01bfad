"""YAML composed into plain values plus where each of them stands: path to (line, column). Duplicate keys are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json

Path: TypeAlias = "tuple[str | int, ...]"
DEEPEST = 50
LARGEST = 1 << 20
MOST_VALUES = 20_000
"""Keys and items of a plan file, each alias counted as often as it is used: nine levels of aliases are a billion of them."""

_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the file; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the text itself."""

    path: Path
    problem: Message
    place: Place


@dataclass(slots=True)
class Composed:
    """The value of a document, the place of every key and item in it, and what was wrong with the text.

    `count` is how many values have been read, `within` the nodes that are being read: one that stands in itself has no end.
    """

    value: Json = None
    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    within: set[int] = field(default_factory=set)

    def place(self, path: Path) -> Place:
        """Give where `path` stands, or the nearest thing above it that stands anywhere."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


def compose(text: str) -> Composed:
    """Read one YAML document. Never raises: what cannot be read is a fault."""
    composed = Composed()
    if len(text) > LARGEST:
        composed.faults.append(Fault((), say("fault.too-large", limit=LARGEST >> 20), Place(1, 1)))
        return composed
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        composed.faults.append(Fault((), _not_yaml(error), _mark(error.problem_mark)))
        return composed
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        composed.faults.append(Fault((), say("fault.not-yaml", error=str(error).partition("\n")[0]), Place(1, 1)))
        return composed
    if node is not None:
        composed.value = _value(node, (), composed)
    return composed


def _not_yaml(error: yaml.MarkedYAMLError) -> Message:
    """Return what is wrong. That there is more than one document is an error of composing, told by its context alone."""
    if isinstance(error, yaml.composer.ComposerError) and "single document" in str(error.context):
        return say("fault.several-documents")
    return say("fault.not-yaml", error=str(error.problem or error.context))


def _mark(mark: yaml.Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _value(node: yaml.Node, path: Path, composed: Composed) -> Json:
    composed.places.setdefault(path, _mark(node.start_mark))
    composed.count += 1
    if endless := _endless(node, path, composed):
        composed.faults.append(Fault(path, endless, _mark(node.start_mark)))
        return None
    if composed.count > MOST_VALUES:
        return None
    composed.within.add(id(node))
    try:
        return _read(node, path, composed)
    finally:
        composed.within.discard(id(node))


def _endless(node: yaml.Node, path: Path, composed: Composed) -> Message | None:
    """Return why a value is not read on: it stands in itself, or there are too many or too deep ones. Too many is told once."""
    if id(node) in composed.within:
        return say("fault.alias-in-itself")
    if composed.count == MOST_VALUES + 1:
        return say("fault.too-many", most=MOST_VALUES)
    return say("fault.too-deep", levels=DEEPEST) if len(path) > DEEPEST else None


def _read(node: yaml.Node, path: Path, composed: Composed) -> Json:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, composed)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), composed) for index, item in enumerate(node.value)]
    return _scalar(node, path, composed)


def _mapping(node: yaml.MappingNode, path: Path, composed: Composed) -> Json:
    value: dict[str, Json] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            composed.faults.append(Fault(path, say("fault.key-not-text"), _mark(key_node.start_mark)))
            continue
        if key_node.tag == _MERGE:
            composed.faults.append(Fault(path, say("fault.merge-key"), _mark(key_node.start_mark)))
            continue
        at = (*path, key)
        if key in value:
            first = composed.place(at).line
            composed.faults.append(Fault(at, say("fault.key-twice", line=first), _mark(key_node.start_mark)))
            continue
        composed.places[at] = _mark(key_node.start_mark)
        value[key] = _value(value_node, at, composed)
    return value


def _scalar(node: yaml.Node, path: Path, composed: Composed) -> Json:
    """Resolve a scalar as YAML does, but keep what is no JSON value (dates, binaries) as the text it was written as."""
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        composed.faults.append(
            Fault(path, say("fault.unreadable", type=node.tag.rsplit(":", 1)[-1]), _mark(node.start_mark))
        )
        return None
    finally:
        loader.dispose()
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(node.value)
