"""English: single keys on the one screen."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "keys.row": "Keys: {keys:list}",
    "keys.help": "? help",
    "keys.pause": "p pause",
    "keys.resume": "r resume",
    "keys.approve": "a approve",
    "keys.rollback": "b roll back",
    "keys.leave": "q leave",
    "keys.about-pause": "p: nothing advances; the run stays watched and turns back by itself if the new side turns bad",
    "keys.about-resume": "r: the run goes on (asks first)",
    "keys.about-approve": "a: answers the question above with yes (asks first)",
    "keys.about-rollback": "b: sends the traffic back to the old side (asks first)",
    "keys.about-leave": "q: ends this process; nobody watches the run then (asks first)",
    "keys.about-leave-watching": "q: ends the watching, not the run",
    "keys.sure-resume": "Go on with run {run}? y within {within:seconds}: yes, any other key: no",
    "keys.sure-approve": "Answer with yes: {question} y within {within:seconds}: yes, any other key: no",
    "keys.sure-rollback": "Send run {run} back to the old side? y within {within:seconds}: yes, any other key: no",
    "keys.sure-leave": "Leave run {run}? It stays as it is, and nobody watches it then. "
    "y within {within:seconds}: yes, any other key: no",
    "keys.nothing-done": "Not done.",
    "keys.unanswered": "NOT DONE: nobody answered within {within:seconds}. Where it is still wanted, press {key} again.",
    "keys.moved-on": "NOT REQUESTED: {request}. Run {run} is somewhere else by now[. Where it is still wanted: {command}]",
    "keys.asked": "Requested: {request}; it is applied within about a second.",
}
