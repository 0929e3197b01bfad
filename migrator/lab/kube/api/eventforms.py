"""The two spellings of an Event: core v1, in which it is stored, and events.k8s.io/v1. It loses nothing either way."""

from migrator.lab.kube.api.documents import Doc

_NEW_NAMES = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_CORE_NAMES = {new: core for core, new in _NEW_NAMES.items()}


def to_core(event: Doc) -> Doc:
    """Return an events.k8s.io/v1 event in core words."""
    return {_CORE_NAMES.get(name, name): value for name, value in event.items()}


def from_core(event: Doc) -> Doc:
    """Return a core event in the words of events.k8s.io/v1."""
    return {_NEW_NAMES.get(name, name): value for name, value in event.items()}
