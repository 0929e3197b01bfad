"""Whether what proves who we are lasts as long as the plan may, or is renewed without a person. It asks nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.observation.logins import Login, instant


def logins_last(logins: Iterable[Login], worst: float, now: datetime) -> Iterable[Finding]:
    """A login that ends in the middle of a run stops what it is for: writes of weights, also those of the way back, where it
    is the balancer's; looks at pods and changes of objects where it is the cluster's. `worst` are the plan's seconds."""
    for login in logins:
        end, subject = login.until, "spec.loadBalancer" if login.balancer else "spec.cluster"
        if end is None and not login.renewed and login.temporary:
            yield info("login.end-unknown", subject, to=login.to)
        if end is None or end - now >= timedelta(seconds=worst):
            continue
        left = max(0.0, (end - now).total_seconds())
        if login.balancer:
            yield block("login.balancer-ends", subject, to=login.to, at=instant(end), left=left, worst=worst)
        else:
            yield warn("login.cluster-ends", subject, to=login.to, at=instant(end), left=left, worst=worst)
