"""English: what people are told of a run that they do not watch, and why they cannot be told."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "notify.title": "Run {run} ({name}): {moment:word moment}",
    "notify.where": "{source} to {target}, [context {context}, ]namespace {namespace}, balancer {provider} {balancer}",
    "notify.end": "[What to type: {command}\n]{at:instant}, notice {id}",
    "notify.began": "The run has begun.",
    "notify.share": "The new side has carried {share:number g} % of new connections for as long as the plan wants[, observed: "
    "{observed:number .1f} %][ of {connections:count connection}].",
    "notify.waits": "The run waits for a person: {question} Traffic stays as it is until then.",
    "notify.held": "The run does not advance: {why} It goes on by itself once that is over; traffic stays as it is.",
    "notify.kept": "{pod}, the worst gateway, is kept for a look: it is off the balancer and no controller owns it. "
    "Delete it when you have seen enough.",
    "notify.turned-back": "The run has turned back: it brings all new connections to the old side again[. Why: {why}].",
    "notify.halted": "The run has halted; a person has to decide[: {why}]",
    "notify.ended": "The run has ended: {state:word state}[ ({why})].",
    "notify.unwatched": "Nobody has watched the run since {since:instant}: {by} has gone. Traffic stays as it is, and "
    "nothing turns it back by itself.",
    "notify.was-unwatched": "Nobody watched the run for {seconds:seconds} from {since:instant} on: {by} had gone. It is "
    "watched again.",
    "notify.test": "This is a test of the channel {channel}. No run is concerned.",
    "notify.test-title": "migrator: a test of the channel {channel}",
    "view.told": "[Run {run}, ][channel {channel}: ]{sent:count letter} sent[; {trouble}]",
    "view.told-nothing": "There was nothing that a channel had not been told.",
    # Why a channel cannot be told.
    "notify.no-address": "The plan tells the channel {channel}, and the environment variable {variable} is not set. It has the "
    "channel's address, as apprise writes it.",
    "notify.not-installed": "The plan tells the channel {channel}, and the package apprise is not installed: install "
    "`migrator[[notify]]`.",
    "notify.address-unknown": "The address of the channel {channel} in {variable} is none that apprise knows. It is not shown "
    "here, since it holds secrets.",
    "notify.cannot": "{troubles:lines}\nNothing was changed, and the run has not begun. Set what is missing, or take the "
    "channel out of the plan file and plan again.",
    "notify.broken": "The channel {channel} broke off ({error}).",
    "notify.hangs": "The channel {channel} has not answered yet.",
    "notify.not-taken": "The channel {channel} did not take it.",
    "notify.no-channel": "The plan names no channel under `spec.notify`. Nothing was sent.",
}
