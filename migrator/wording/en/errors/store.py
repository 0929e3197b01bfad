"""English: why the store cannot be used, what it does not have, and who else may write for a run."""

from __future__ import annotations

_STAYS = (
    "The run and its traffic are untouched: weights stay where they are until a process can write again. To go on: "
)

MESSAGES: dict[str, str] = {
    # The database.
    "store.locked": f"The store {{file}} is locked by another process. {_STAYS}see who has it open with `fuser {{file}}`, let "
    "it finish or stop it, then repeat the command.",
    "store.locked-inside": f"The store {{file}} is locked inside this process. {_STAYS}repeat the command.",
    "store.read-only": f"The store {{file}} cannot be written. {_STAYS}make the file and its directory writable for this user, "
    "or name another database with --store.",
    "store.forbidden": f"The store {{file}} may not be used by this user. {_STAYS}make the file and its directory writable for "
    "this user.",
    "store.not-opened": f"The store {{file}} cannot be opened. {_STAYS}check that the directory exists and that this user may "
    "read and write the file.",
    "store.no-database": f"The store {{file}} is not a database of migrator. {_STAYS}name the right file with --store; if this "
    "is the right one, restore it from a backup.",
    "store.damaged": f"The store {{file}} is damaged. {_STAYS}keep a copy, then `sqlite3 {{file}} .recover`, or restore it "
    "from a backup.",
    "store.damaged-value": f"The store {{file}} is damaged: a stored value is not what migrator writes ({{why}}). "
    f"{_STAYS}keep a copy and restore the store from a backup; without one nothing of this run can be trusted.",
    "store.chain-broken": f"The journal of run {{run}} in {{file}} was changed or damaged at row {{row}}, so what it "
    f"says was done cannot be trusted. {_STAYS}restore the store from a backup, or `migrator rollback {{run}}`: the way back "
    "sets the weights that the plan recorded.",
    "lease.run-out": "the cluster's Lease has not been renewed[ for {silent:seconds}], so somebody else may have it",
    "lease.fenced": "the cluster's Lease has not been renewed[ for {silent:seconds}]: nothing more is written for the new "
    "side, for a guard or another run may have the gateway by now",
    "lease.gateway-gone": "This process could not renew the cluster's Lease for a while, and now it is gone: somebody else has "
    "taken the run over meanwhile and ended it, or has deleted the Lease. This process writes nothing any more. `migrator "
    "rollback` in this store finds what is true, and ends the run here too.",
    "lease.gateway-lost": "This process could not renew the cluster's Lease for a while, and somebody else[ ({holder})] has "
    "it now and has taken the run over. This process writes nothing any more; traffic stays as the other one leaves it.",
    "store.disk-full": f"The store {{file}} has no room: the disk is full. {_STAYS}free some space, then repeat the command.",
    "store.disk-full-with-room": "The store {file} has no room: the disk is full. The run and its traffic are untouched: "
    "weights stay where they are until a process can write again. The room that was kept for the way back has just been "
    "freed, so `migrator rollback` works now. To go on instead: free some space, then `migrator resume`.",
    "store.no-room": "The disk of the store {file} has no room for what the way back would write ({size} MiB), so the run does "
    "not go forward. Traffic stays as it is and nobody watches it. Free some space, then `migrator resume {run}`; "
    "`migrator rollback {run}` works without.",
    "store.disk-fails": f"The store {{file}} could not be read or written by the disk. {_STAYS}check the disk, then repeat the "
    "command.",
    "store.unusable": f"The store {{file}} could not be used: {{why}}. {_STAYS}look at the cause, then repeat the command.",
    "store.no-lock-file": f"The lock file {{file}} of the store cannot be created: {{why}}. {_STAYS}make the directory of the "
    "store writable for this user.",
    "store.not-created": f"The store {{file}} cannot be created: {{why}}. {_STAYS}check the path and the rights of this user, "
    "or name another database with --store.",
    "store.of-another-program": f"The store {{file}} is a database of another program. {_STAYS}name the right file with "
    "--store.",
    "store.empty": f"The store {{file}} is an empty file: if it ever held runs, everything in it is gone. {_STAYS}restore it "
    "from a backup. If it never held any, `migrator plan` begins it.",
    "store.older": f"The store {{file}} has the older schema {{found}}, ours is {{ours}}. {_STAYS}run `migrator plan` or "
    "`migrator resume` once: a command that writes brings it up to date.",
    "store.newer": f"The store {{file}} was written by a newer migrator (schema {{found}}, ours is {{ours}}). {_STAYS}install "
    "the newer migrator again, or name another database with --store.",
    "store.other-database": "--store names a {scheme} database, and this version keeps its runs in SQLite files only. Nothing "
    "was changed. Give a path, or sqlite:///path.",
    "store.none-yet": "There is no store at {file} yet, so there is no plan and no run. `migrator plan` makes it.",
    "store.no-migrations": "migrator was installed without its migrations; install it again. Nothing was changed.",
    # Its values.
    "store.not-storable": "A value ({kind}) cannot be stored: {why}. Nothing was written.",
    "store.unreadable-value": "A stored value cannot be read: {why}. The run and traffic are untouched. To go on: use the "
    "version of migrator that wrote it (`migrator --version` tells yours).",
    "store.no-json": "A stored text is no JSON ({why}): the store is damaged. The run and traffic are untouched. To go on: "
    "restore the store from a backup.",
    "store.another-plan": "Another plan is stored as {plan}. Nothing was changed. Plan again to get a new id.",
    # What is not there.
    "run.unknown": "There is no run {run} in this store. `migrator list` shows the runs there are.",
    "run.no-route": "Run {run} has no route {heading}. `migrator status {run}` shows where it is heading.",
    "plan.unknown": "There is no plan[ {plan}] in this store. `migrator list` shows the plans there are.",
    "plan.not-unique": "{prefix} is the beginning of {plans:count plan}: {plans}. Give more of the id.",
    # Who may write for a run.
    "lease.held": "Run {run} is carried out by another process[: {by}, since {since}]. Nothing was changed. `migrator status "
    "{run}` shows it; `migrator pause {run}` and `migrator rollback {run}` are obeyed by it.",
    "lease.run-moved": "Run {run} is not where this process left it ({state:word state}, step {step}), so this process wrote "
    "nothing and stops. Traffic stays as it is. `migrator status {run}` shows where the run is.",
    "lease.not-renewed": "Run {run} could not renew its lease for {silent:number .0f} s, so this process writes nothing more. "
    "Traffic stays as it is. `migrator resume {run}` goes on when the store can be written again.",
    "lease.taken-over": "This process does not hold run {run} any more[: {by} carries it out now]. It wrote nothing and stops. "
    "`migrator status {run}` shows who looks after traffic.",
}
