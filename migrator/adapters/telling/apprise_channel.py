"""A channel of apprise (Slack, Teams, Feishu, DingTalk, WeCom, mail, webhooks and more). It never says its address.

apprise asks once, with time limits of its own (`cto` and `rto` of an address, 4 s each by default). What it logs may hold an
address, so its logger is silenced; it keeps nothing on disk and loads no plug-ins of the machine.
"""

from __future__ import annotations

import logging

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.spec import ChannelSpec, Moment
from migrator.domain.ports.telling import Letter

TYPES = {
    Moment.HALTED: NotifyType.FAILURE,
    Moment.TURNED_BACK: NotifyType.FAILURE,
    Moment.UNWATCHED: NotifyType.FAILURE,
    Moment.WAITS: NotifyType.WARNING,
    Moment.HELD: NotifyType.WARNING,
    Moment.ENDED: NotifyType.SUCCESS,
}


class AppriseChannel:
    """One address. `send` takes as long as apprise does: it belongs into a thread of its own."""

    def __init__(self, wanted: ChannelSpec, there: Apprise) -> None:
        self._name, self._moments, self._there = wanted.name, frozenset(wanted.moments), there

    @classmethod
    def of(cls, wanted: ChannelSpec, address: str) -> AppriseChannel | None:
        """Give the channel; None for an address that apprise does not know, or that is several."""
        logger = logging.getLogger("apprise")
        logger.propagate, logger.disabled = False, True
        asset = AppriseAsset(
            app_id="migrator",
            app_desc="migrator",
            async_mode=False,
            secure_logging=True,
            storage_mode=PersistentStoreMode.MEMORY,
            plugin_paths=[],
        )
        there = Apprise(asset=asset)
        return cls(wanted, there) if there.add(address) and len(there) == 1 else None

    @property
    def name(self) -> str:
        """Give its name in the plan."""
        return self._name

    @property
    def moments(self) -> frozenset[Moment]:
        """Give the moments that the plan tells it."""
        return self._moments

    def send(self, letter: Letter) -> None:
        """Send one letter. Unreachable whenever it was not taken: apprise does not say whether another try would help."""
        kind = TYPES.get(letter.moment, NotifyType.INFO)
        try:
            taken = self._there.notify(
                title=letter.title, body=letter.text, notify_type=kind, body_format=NotifyFormat.TEXT
            )
        except Exception as error:  # noqa: BLE001 - of any of a hundred plug-ins; its text may hold the address
            raise Unreachable(say("notify.broken", channel=self._name, error=type(error).__name__)) from None
        if not taken:
            raise Unreachable(say("notify.not-taken", channel=self._name))
