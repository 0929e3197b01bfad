"""English: the sentences that views for people put around the facts of a run and of a plan."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # Small parts of many views.
    "shown.length": "{seconds:seconds}",
    "shown.ago": "{lasted} ago",
    "shown.rate": "{bad} of {requests} ({share:number .2f} %)[, {slow} slow][, {client} 4xx]",
    "shown.requested": "requested: {request} by {by}[ ({note})], not applied yet",
    "shown.share-unseen": "New side: nobody has seen the balancer's weights in this run",
    "shown.share-none": "New side: no backend had any weight ({seen})",
    "shown.share": "New side: {share:number .1f} % of new connections ({seen})",
    "shown.seen-at-end": "seen at {at}, at the end",
    "shown.seen-ago": "seen {ago}",
    "shown.place": "({at} of {of})",
    "shown.you-can": "you can: {commands:list}",
    "shown.way-back": "way back: {words}",
    # A report.
    "shown.interrupted": "(interrupted for {rested:seconds} of it) ",
    "shown.waived": "Waived: {code} ({problem})",
    "shown.afterwards": "Afterwards: `migrator follow {run}` looks after the nodes; keep it running",
    "shown.chain-broken": "The journal's chain of hashes is broken: it was changed from outside.",
    "shown.set": "{at}: {key} was set to {value:seconds} by {by}",
    "shown.turned": "Turned back at {at}: {why}",
    "shown.differ": "The configurations differ:",
    "shown.judge": "Judge, last: {ruling:word ruling}[ since {since}]: {reason} ({source}, at {at})",
    "shown.witness": "Witness: {tries:count new connection} to the balancer, answered by old {old}, by new {new}, side unknown "
    "{neither}; not answered {failed}",
    "shown.drained": "Drained: no connection was left on the {side} side",
    "shown.cut": "Cut: {connections:count connection} on the {side} side",
    "shown.prometheus": "Prometheus: asked {asked:count time}, {answered:count answer}[, {empty} without data of the new side]"
    "[, {silent:count time} no answer at all (last: {why})]",
    # Lists.
    "shown.no-run": "No run yet.",
    "shown.no-findings": "No findings.",
    "shown.blocked-by": "blocked by {findings:count finding}",
    # A journal's rows.
    "shown.event-of": " of {row}",
    "shown.event-moved": "[{was} -> ]{state} at step {step} {heading}[: {why:parts}]",
    "shown.event-by": "{what} by {by}[: {note}]",
    "shown.event-verdict": "{ruling:word ruling}: {reason} ({source})",
    "shown.writes": "{intended} intended, {settled} read back, {failed} failed",
    # A plan.
    "shown.times": "{expected} expected, {worst} at worst",
    "shown.made": "{at} by {by}",
    "shown.plan": "Plan {plan}: {name}",
    "shown.plan-of": "{where}, {strategy}, network {network}",
    "shown.where": "{source} -> {target} in {namespace}",
    "shown.counts": "{blocked} block, {warned} warn, {told} info[, {waived} waived]",
    "shown.climb": "Shares of new connections: {shares:list}; {soak} of watching at each",
    "shown.time": "Time: {expected} expected, {worst} at worst",
    "shown.time-and-person": "Time: {expected} expected, {worst} at worst, and the time that people take to answer",
    "load.aimed": "{rate} requests a second for {seconds:seconds}, at most {most:count request} in all, to {url} (Host "
    "{host}). They are "
    "real requests to whoever serves there; each names migrator-load and you in its User-Agent. It stops by itself, and Ctrl-C "
    "stops it at once.",
    "load.ask": "Send them?",
    "load.counted": "{sent:count request} sent, {answered} answered, {lost} lost, {bad} bad (5xx).",
    "load.besides": "{other} other answers than a success; {cut:count idle connection} cut; {took}.",
    "load.sides": "By the side that answered: old {old}, new {new}, unknown {unknown}.",
    "load.errors": "Lost by: {errors:list}.",
    "shown.no-return": "Point of no return: {step}; until then it can go back",
    "shown.replicas": "{replicas} replicas, wherever there is room",
    "shown.on-nodes": "on {nodes} nodes",
    "shown.new": "New: {placed}",
    "shown.and-more": " and {more} more",
    "shown.more-lines": "... {lines} more lines: `migrator show {plan} --diff` has all",
    "shown.undone": "undone by the route back[; with the old side gone: {after}][; at the very end: {last}]",
    "shown.returning": "Going back, until Retire: all new connections on the old side within {traffic} from any step, "
    "everything undone within {whole}.",
    "shown.after-retire": "After Retire it cannot be rolled back; the exact old manifests stay in this plan.",
    "shown.reverse": "Once the run has completed, `migrator plan --reverse RUN` plans the way back from them.",
    "shown.saved": " is saved: ",
    "shown.next": "Next: migrator run {plan}",
    "shown.cannot-run": "{findings:count finding} {findings:choose blocks|block}: this plan cannot be run.",
    "shown.fix-first": "Next: fix what blocks ({codes}) and plan again, or waive a code with its reason.",
    "shown.more-backends": "{side} and {more} more (--output json has all)",
    "shown.no-forecast": "No forecast: the old or the new side has no backend yet.",
    "shown.people-too": "to the worst case add the time that people take to answer",
    "shown.way-out": "Way out, {way}: {title}",
    "shown.way-out-not": "not possible here: {why}",
    "shown.way-out-creates": "creates {object} (--output json has the manifest)",
    # While a run goes on.
    "shown.line-share": "new {share:number .1f} %[, seen {seen:number .1f} %]",
    "shown.run-now": "Run plan {plan} now?",
    "shown.stopped-watching": "Stopped watching; the run is not affected.",
    "shown.done": "done: {words}",
    "shown.leaves": "Ctrl-C leaves the run as it is",
    "shown.leaves-watching": "Ctrl-C ends the watching, not the run",
    "shown.more-rows": "and {rows} more, none of them worse than these",
    "shown.more-differences": "and {more} more: `migrator status {run}`",
    "shown.until": "{at}, in {seconds:seconds}, if nothing speaks against it",
}
