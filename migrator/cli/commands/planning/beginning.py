"""The questions of `init`, one after the other: first what is cheap, then the cluster, then the balancer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from migrator.adapters.balancers import DRIVERS, require_known
from migrator.adapters.cluster import connect
from migrator.adapters.cluster.contexts import current_context
from migrator.app.begin import registered, surroundings
from migrator.app.begin.draft import Balancer, Draft
from migrator.app.begin.surroundings import Candidate, Named, Surroundings
from migrator.app.harden.hardened import KINDS
from migrator.app.plan.planning import only_looking
from migrator.cli.asking import Questions
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.outside.reading import whole_number
from migrator.domain.model.spec import After, ClusterSpec

Pairs = tuple[tuple[str, str], ...]
BY_PEOPLE = After.MANUAL.value
MOST = 12
"""Candidates that are shown; who has more names one."""


def drafted(questions: Questions, given: dict[str, Any]) -> Draft:
    """Return the plan file to be. UsageError names every option that is missing."""
    options = pairs(given["options"], "--option KEY=VALUE")
    if given["provider"]:
        require_known(given["provider"])
    context = given["context"] or current_context(given["kubeconfig"])
    with only_looking():
        around = _around(questions, given, context)
    decided = _decided(questions, given, around)
    wanted = _balancer(questions, given, surroundings.named_balancers(around.services), options)
    questions.require_all()
    wanted, told = _asked(questions, wanted)
    return Draft(
        namespace=around.candidate.ref.namespace,
        source=around.candidate.ref.name,
        source_kind=around.candidate.ref.kind,
        target_namespace=""
        if given["target_namespace"] == around.candidate.ref.namespace
        else given["target_namespace"],
        kind=around.candidate.kind,
        balancer=wanted,
        context=context or "",
        kubeconfig=given["kubeconfig"] or "",
        found=_found(around, decided["nodes"], told),
        **decided,
    )


def _decided(questions: Questions, given: dict[str, Any], around: Surroundings) -> dict[str, Any]:
    """Return what people decide of the new side, as the draft calls it."""
    nodes = _nodes(questions, given, around)
    usual = BY_PEOPLE if questions.people else ""  # a script that does not say it has decided nothing: `plan` asks then
    return {
        "nodes": nodes,
        "tolerations": surroundings.tolerations(around.chosen(nodes)),
        "target": questions.text("--target", given["target"], say("init.ask-target"), around.free_name),
        "ports": questions.until("--port", " ".join(given["ports"]), say("init.ask-ports"), _ports, needed=False) or (),
        "probe_host": questions.text("--probe-host", given["probe_host"], say("init.ask-probe-host"), needed=False),
        "after": questions.text("--after", given["after"], say("init.ask-after"), usual, needed=False),
    }


def pairs(words: tuple[str, ...], usage: str) -> Pairs:
    """Return KEY=VALUE words as pairs. UsageError for one that is none."""
    split = [(word, *word.partition("=")) for word in words]
    if bad := [word for word, key, _, value in split if not key or not value]:
        raise UsageError(say("init.no-pair", usage=usage, given=bad[0]))
    return tuple((key.strip(), value.strip()) for _, key, _, value in split)


def _around(questions: Questions, given: dict[str, Any], context: str | None) -> Surroundings:
    reader = connect(ClusterSpec("default", context, given["kubeconfig"])).reader
    to = given["target_namespace"]
    if given["source"]:
        return surroundings.look(reader, surroundings.found_as(reader, *_source(given["source"])), to)
    reader.version()
    found = surroundings.candidates(reader)
    for each in found[:MOST] if len(found) > 1 else ():
        questions.tell(_candidate(each))
    if len(found) > 1 and not questions.people:
        raise UsageError(say("init.which-source", found=tuple(each.name for each in found[:MOST])))
    usual = f"{found[0].ref.kind}/{found[0].name}" if found else ""
    chosen = questions.until("--source", "", say("init.ask-source"), _source, usual)
    questions.require_all()
    assert chosen is not None
    return surroundings.look(reader, surroundings.found_as(reader, *chosen), to)


def _source(words: str) -> tuple[str, str, str]:
    """Return namespace, name and kind ("": whichever there is)."""
    first, _, rest = words.partition("/")
    kind = KINDS.get(first.lower(), "") if "/" in rest else ""
    namespace, _, name = (rest if kind else words).partition("/")
    if not namespace or not name or "/" in name:
        raise UsageError(say("init.no-pair", usage="--source [KIND/]NAMESPACE/NAME", given=words))
    return namespace, name, kind


def _nodes(questions: Questions, given: dict[str, Any], around: Surroundings) -> Pairs:
    if given["nodes"]:
        return pairs(given["nodes"], "--node-label KEY=VALUE")
    usual = ",".join("=".join(pair) for pair in surroundings.suggested_labels(around.nodes))
    if not questions.people:
        return ()
    question = say("init.ask-nodes", nodes=len(around.nodes))
    words = questions.text("--node-label", "", question, usual, needed=False)
    return pairs(tuple(filter(None, words.split(","))), "--node-label KEY=VALUE")


def _balancer(questions: Questions, given: dict[str, Any], named: tuple[Named, ...], options: Pairs) -> Balancer:
    fitting = [each for each in named if given["provider"] in ("", each.provider)]
    for each in fitting:
        questions.tell(say("init.named", provider=each.provider, id=each.id, service=each.service))
    one = fitting[0] if len(fitting) == 1 else None
    ask = say("init.ask-provider", known=tuple(DRIVERS))
    provider = questions.until("--provider", given["provider"], ask, _provider, one.provider if one else "") or ""
    own = [each.id for each in named if each.provider == provider]
    usual = own[0] if len(set(own)) == 1 else ""
    balancer = questions.text("--balancer", given["balancer"], say("init.ask-balancer"), usual)
    region = questions.text("--region", given["region"], say("init.ask-region"), needed=False)
    listeners = questions.until("--listener", " ".join(given["listeners"]), say("init.ask-listeners"), _listeners)
    endpoint = questions.text("--endpoint", given["endpoint"], say("init.ask-endpoint"), needed=False)
    return Balancer(provider, balancer, listeners or (), region, endpoint, given["address"], options)


def _provider(words: str) -> str:
    require_known(words)
    return words


def _listeners(words: str, usage: str = "--listener ID=PORT") -> tuple[tuple[str, int], ...]:
    found = []
    for name, port in pairs(tuple(words.replace(",", " ").split()), usage):
        number = _port(port)
        if number is None:
            raise UsageError(say("init.no-pair", usage=usage, given=f"{name}={port}"))
        found.append((name, number))
    return tuple(found)


def _ports(words: str) -> tuple[tuple[str, int], ...]:
    """Return listening ports of the old side and those of the new."""
    usage = "--port OLD=NEW"
    found = _listeners(words, usage)
    if bad := [f"{old}={new}" for old, new in found if _port(old) is None]:
        raise UsageError(say("init.no-pair", usage=usage, given=bad[0]))
    return found


def _port(words: str) -> int | None:
    number = whole_number(words)
    return number if number is not None and 1 <= number <= 65535 else None


def _asked(questions: Questions, wanted: Balancer) -> tuple[Balancer, registered.Registered]:
    """Ask the balancer; for settings that its driver misses a person is asked, a few at most."""
    for left in range(MOST, -1, -1):
        try:
            reader = registered.reader_of(wanted)
            break
        except UsageError as error:
            if not questions.people or not left:
                raise
            questions.tell(error.message)
            more = questions.until("--option", "", say("init.ask-option"), lambda words: pairs((words,), "KEY=VALUE"))
            wanted = replace(wanted, options=(*wanted.options, *(more or ())))
    told = registered.ask(reader, wanted)
    if told.address or wanted.address or told.trouble is not None:
        return wanted, told
    address = questions.text("--address", "", say("init.ask-address"), needed=False)
    return replace(wanted, address=address), told


def _candidate(each: Candidate) -> Message:
    return say("init.candidate", name=f"{each.ref.kind} {each.name}", kind=each.kind, ready=each.ready)


def _found(around: Surroundings, wanted: Pairs, told: registered.Registered) -> dict[str, Message]:
    each, nodes, chosen = around.candidate, len(around.nodes), len(around.chosen(wanted))
    return {
        "spec.source": say("init.found-source", ready=each.ready, kind=each.kind),
        "spec.target.nodeSelector" if wanted else "spec.target": say("init.found-nodes", chosen=chosen, nodes=nodes),
        "spec.loadBalancer.listeners": registered.found(told),
    }
