"""The steps of a route: frozen values, each with its needs and its pure decision. The union is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from migrator.domain.steps.asking.hook import CallHook
from migrator.domain.steps.asking.people import Gate
from migrator.domain.steps.attach import Attach
from migrator.domain.steps.detour.doors import CloseDoors, OpenDoors
from migrator.domain.steps.detour.exchange import Exchange
from migrator.domain.steps.detour.in_turn import Clear, LeadSome
from migrator.domain.steps.detour.pods import EndOthers, StartBeside
from migrator.domain.steps.detour.rows import LeadOver, Vacate
from migrator.domain.steps.following.follow import Follow
from migrator.domain.steps.handing.hand_over import HandOver
from migrator.domain.steps.handing.stand import Stand
from migrator.domain.steps.inplace.keep_others import KeepOthers
from migrator.domain.steps.inplace.swap import Swap
from migrator.domain.steps.isolating.bring import Bring, TakeOff, TakeOver, Unmark
from migrator.domain.steps.isolating.keep_apart import KeepApart
from migrator.domain.steps.isolating.let_go import EndPod, LetGo, PutBack
from migrator.domain.steps.isolating.set_aside import Empty, SetAside
from migrator.domain.steps.leave import Detach, Drain, TellToStay
from migrator.domain.steps.prepare import Deploy, Guard, Lead, Preflight, Restore
from migrator.domain.steps.proving.answers import CompareAnswers
from migrator.domain.steps.readiness import AwaitReady
from migrator.domain.steps.rehearse import Keep, RehearseBack, RehearseUp
from migrator.domain.steps.restarting.renew import Renew
from migrator.domain.steps.restarting.rewrite import Rewrite, WriteBack
from migrator.domain.steps.restarting.shed import Shed
from migrator.domain.steps.retire import Confirm, Retire
from migrator.domain.steps.traffic import Shift
from migrator.domain.steps.undo import LeadBack, PointBack, PointBackAfterAll, Remove, Undo
from migrator.domain.steps.verification import VerifyConfig

__all__ = [
    "Attach",
    "AwaitReady",
    "Bring",
    "CallHook",
    "Clear",
    "CloseDoors",
    "CompareAnswers",
    "Confirm",
    "Deploy",
    "Detach",
    "Drain",
    "Empty",
    "EndOthers",
    "EndPod",
    "Exchange",
    "Follow",
    "Gate",
    "Guard",
    "HandOver",
    "Keep",
    "KeepApart",
    "KeepOthers",
    "Lead",
    "LeadBack",
    "LeadOver",
    "LeadSome",
    "LetGo",
    "OpenDoors",
    "PointBack",
    "PointBackAfterAll",
    "Preflight",
    "PutBack",
    "RehearseBack",
    "RehearseUp",
    "Remove",
    "Renew",
    "Restore",
    "Retire",
    "Rewrite",
    "SetAside",
    "Shed",
    "Shift",
    "Stand",
    "StartBeside",
    "Step",
    "Swap",
    "TakeOff",
    "TakeOver",
    "TellToStay",
    "Undo",
    "Unmark",
    "Vacate",
    "VerifyConfig",
    "WriteBack",
]

Step: TypeAlias = (
    Preflight
    | Guard
    | Deploy
    | AwaitReady
    | VerifyConfig
    | CompareAnswers
    | Attach
    | RehearseUp
    | RehearseBack
    | Shift
    | Keep
    | Drain
    | Gate
    | Detach
    | Retire
    | Confirm
    | PointBack
    | PointBackAfterAll
    | TellToStay
    | Remove
    | Undo
    | Follow
    | Restore
    | Lead
    | LeadBack
    | Stand
    | HandOver
    | CallHook
    | OpenDoors
    | StartBeside
    | LeadOver
    | Vacate
    | Clear
    | Exchange
    | LeadSome
    | EndOthers
    | CloseDoors
    | SetAside
    | Empty
    | LetGo
    | TakeOver
    | PutBack
    | Bring
    | EndPod
    | TakeOff
    | Unmark
    | KeepApart
    | Rewrite
    | Renew
    | WriteBack
    | Shed
    | Swap
    | KeepOthers
)

if TYPE_CHECKING:
    from migrator.domain.steps.step import StepLike

    def _is_whole(step: Step) -> StepLike:
        """Refuse, by its type, a step that lacks a part of what every step has."""
        return step
