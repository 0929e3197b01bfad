"""What proves a gateway that was made anew: it is Ready, the balancer and our own request say so, and it is like its peers.

Pure. Forward, one that is not proved by the deadline turns the run back; on the way back it is waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.domain.answers.parity import AnswerParity, AskedOfBoth
from migrator.domain.messages.findings import Waiver, block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PodRef, Word
from migrator.domain.model.balancer import Row, Side
from migrator.domain.model.decisions import Decision, TurnBack, Wait
from migrator.domain.model.workload import Pod
from migrator.domain.observation.sighting import Configs, ConnectionCounts, GatewaySignals, Sighting, Workloads
from migrator.domain.sides.fitness import why_called_sick, why_mute
from migrator.domain.steps.proving.answers import doubts, is_of_this_step
from migrator.domain.steps.restarting.place import NodeRows, Place
from migrator.domain.steps.step import since, standing


@dataclass(frozen=True, slots=True)
class Proof:
    """Seconds that a gateway may take to be Ready, and to be proved once it is; whether its configuration is compared, and
    whether it can be told to go (then it must have been asked whether it was). `grace` is how long its predecessor may take
    to end: until then none can be there. `asks`: both revisions are asked the same questions, and may answer differently
    only where `waivers` say so.
    """

    ready: float
    patience: float
    compares: bool
    tells: bool
    grace: float = 30.0
    asks: bool = False
    waivers: tuple[Waiver, ...] = ()

    def lacking(self, at: Place, seen: Sighting, forward: bool) -> Decision:
        """Say what a node without a proved gateway waits for; forward it turns the run back in the end."""
        why, left = self._why(at, seen)
        if forward and left <= 0:
            return TurnBack((block("renew.unfit", at.node.name, why=why),))
        return Wait(say("renew.proving", node=at.node.name, why=why), max(left, 0.0) if forward else None)

    def _why(self, at: Place, seen: Sighting) -> tuple[Message, float]:
        """Give the reason, and the seconds until it is final."""
        if not at.right:
            return say("renew.no-pod", ending=len(at.ending) or None), self.grace + self.ready - standing(seen)
        if not at.ready:
            pod = at.right[0]
            left = 0.0 if pod.hopeless else self.ready - since(seen, pod.made_at)
            return say("renew.not-ready", pod=pod.ref.name, trouble=pod.trouble), left
        reasons = (why_not(at, row, self, seen) for row in at.behind)
        why = next(filter(None, reasons), say("renew.next"))
        return why, self.patience - min(since(seen, pod.ready_since) for pod in at.ready)


def why_not(at: Place, row: Row, proof: Proof, seen: Sighting) -> Message | None:
    """Say why a row may not be given its weight yet."""
    pods = tuple(pod.ref for pod in at.ready)
    if proof.tells and seen[ConnectionCounts].uncounted(pods):
        return say("renew.not-asked")
    sick = None if at.has_left(row) else why_called_sick(row, seen)
    unlike = _why_unlike(pods, seen) if proof.compares else None
    return sick or unlike or why_mute(row.backend, seen) or (_why_otherwise(proof, seen) if proof.asks else None)


def is_asked(seen: Sighting) -> bool:
    """Say whether there is anybody of both revisions to ask: with the last node the former one is gone."""
    return all(any(pod.ready for pod in seen[Workloads].of(side).live) for side in Side)


def _why_otherwise(proof: Proof, seen: Sighting) -> Message | None:
    """Say why the new revision's answers are not known to be the former one's. Where the bound of requests is used up, its
    configuration has to do."""
    if not is_asked(seen):
        return None
    if not is_of_this_step(seen):
        return None if seen[AskedOfBoth].used_up else say("answers.asking", asked=seen[AnswerParity].asked)
    against = doubts(seen[AnswerParity], proof.waivers)
    return told_of(against[:1]) if against else None


def is_told(pod: Pod, seen: Sighting) -> bool:
    """Say whether a gateway acts on the word to go."""
    return seen[GatewaySignals].word(pod.ref) is Word.GO


def peer(nodes: Sequence[NodeRows], seen: Sighting) -> tuple[PodRef, ...]:
    """Give the gateway that the others are compared with: one that serves elsewhere, of the former revision if there is any."""
    mine = {node.name for node in nodes}
    ready = (pod for side in Side for pod in seen[Workloads].of(side).live if pod.ready and pod.ref.node not in mine)
    return tuple(pod.ref for pod in ready if not is_told(pod, seen))[:1]


def _why_unlike(pods: Sequence[PodRef], seen: Sighting) -> Message | None:
    configs, names = seen[Configs], [pod.name for pod in pods]
    different = next((lines for name, lines in configs.differences if name in names and lines), ())
    if different:
        return say("peers.differ", first=different[0])
    if all(name in configs.compared for name in names):
        return None
    warming = next((why for name, why in configs.unready if name in names), None)
    return say("peers.warming", why=warming) if warming else say("peers.not-compared")
