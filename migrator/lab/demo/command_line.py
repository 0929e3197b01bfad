"""The migrator as an operator meets it: its command line, run as a process. Nothing of it is ever imported here."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.ground.kubeconfig import CONTEXT
from migrator.lab.ground.layout import SECRETS
from migrator.lab.ground.manifests import Json
from migrator.lab.process import spawn

_ANSWERS_WITHIN = 60.0


class Unexpected(RuntimeError):
    """The command line said something other than what it should; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Production:
    """The command line with a store of its own and the lab's secrets in its environment."""

    store: Path
    log: Path

    @property
    def journal(self) -> Path:
        """Where `follow` puts the run's journal, a JSON value on each line."""
        return self.log.with_suffix(".jsonl")

    @property
    def made(self) -> Path:
        """Where the id of the newest plan that was made here is kept."""
        return self.log.with_suffix(".plan")

    def plan(self, file: Path) -> Json:
        """Plan `file` and return the plan; the exit code must be 0."""
        return self._planned(str(file))

    def reverse(self) -> Json:
        """Plan the way back from the newest run, which is completed, and return the plan."""
        return self._planned("--reverse", str(self.read("status")["run"]["id"]))

    def ask(self, word: str) -> None:
        """Ask the newest run for something by a command of that name: approve, pause, resume, rollback."""
        argv = self._argv(word, "--output", "json")
        subprocess.run(argv, env=self._env(), capture_output=True, timeout=_ANSWERS_WITHIN, check=False)

    def _planned(self, *what: str) -> Json:
        argv = self._argv("plan", *what, "--output", "json")
        done = subprocess.run(argv, env=self._env(), capture_output=True, timeout=_ANSWERS_WITHIN, check=False)
        if done.returncode != 0:
            text = done.stdout.decode() + done.stderr.decode()
            raise Unexpected(f"`migrator plan` ended with exit code {done.returncode}:\n{text}")
        plan: Json = json.loads(done.stdout)["plan"]
        self.made.write_text(plan["id"], encoding="utf-8")
        return plan

    def run(self) -> "subprocess.Popen[bytes]":
        """Execute the newest plan, by its id, in a process of its own; what it prints goes to the log.

        Without an id it would say which plan it takes before it begins, and `has_begun` would be true too early.
        """
        self.journal.unlink(missing_ok=True)  # an earlier run's in the same folder would be read as this one's
        named = [self.made.read_text(encoding="utf-8")] if self.made.exists() else []
        with self.log.open("wb") as out:
            return spawn(self._argv("run", *named, "--yes"), env=self._env(), stdout=out, stderr=out)

    def begin(self, *command: str) -> "subprocess.Popen[bytes]":
        """Begin a command that stays, in a process of its own; what it prints goes to the log."""
        with self.log.open("ab") as out:
            return spawn(self._argv(*command), env=self._env(), stdout=out, stderr=out)

    def follow(self) -> "subprocess.Popen[bytes]":
        """Follow the newest run's journal in a process of its own, which ends with the run; the run must have begun."""
        with self.journal.open("wb") as out, self.log.open("ab") as log:
            return spawn(self._argv("events", "--follow", "--output", "json"), env=self._env(), stdout=out, stderr=log)

    @property
    def has_begun(self) -> bool:
        """Whether the run is there to be followed: it reports progress."""
        return self.log.exists() and self.log.stat().st_size > 0

    def rows(self, after: int) -> tuple[list[Json], int]:
        """Return the journal's rows behind byte `after` of the file, and where the next look begins."""
        if not self.journal.exists():
            return [], after
        with self.journal.open("rb") as journal:
            journal.seek(after)
            complete, newline, _ = journal.read().rpartition(b"\n")
        return [json.loads(line) for line in complete.splitlines()], after + len(complete) + len(newline)

    def read(self, *command: str) -> Json:
        """Return the JSON answer of a reading command, whatever its exit code; an empty one if there is none."""
        argv = self._argv(*command, "--output", "json")
        done = subprocess.run(argv, env=self._env(), capture_output=True, timeout=_ANSWERS_WITHIN, check=False)
        try:
            answer = json.loads(done.stdout)
        except ValueError as error:
            text = f"`migrator {' '.join(command)}` gave no JSON: {done.stdout[-500:]!r} {done.stderr[-2000:].decode()}"
            raise Unexpected(text) from error
        return answer if isinstance(answer, dict) else {"rows": answer}

    def tried(self, *command: str, within: float) -> tuple[int, Json]:
        """Return the exit code and the JSON answer of a command that may fail; `Unexpected`: it ended in no such way."""
        argv = self._argv(*command, "--output", "json")
        try:
            done = subprocess.run(argv, env=self._env(), capture_output=True, timeout=within, check=False)
            answer: Json = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            raise Unexpected(f"`migrator {' '.join(command)}` had not ended after {within:g} s") from None
        except ValueError as error:
            raise Unexpected(f"{done.stdout[-500:]!r} {done.stderr[-2000:].decode(errors='replace')}") from error
        return done.returncode, answer

    def _argv(self, *command: str) -> list[str]:
        return [sys.executable, "-P", "-m", "migrator", *command]

    def _env(self) -> Mapping[str, str]:
        return {**os.environ, **SECRETS, "MIGRATOR_STORE": str(self.store)}


def fresh_store(path: Path) -> Path:
    """Return `path` with nothing there: a store of an earlier demonstration, and what SQLite keeps beside it, is removed."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    return path


def plan_for(net: str, kubeconfig: Path, template: Path, into: Path, context: str = CONTEXT) -> Path:
    """Return a plan file for a lab at `net`: the template itself where it fits, else a copy with the addresses changed.

    `context` is the kubeconfig's current one, which is another on a control plane of strangers."""
    text = template.read_text(encoding="utf-8")
    fitted = text.replace("127.77.", f"{net}.").replace("build/lab/kubeconfig", str(kubeconfig))
    if context != CONTEXT:
        fitted = re.sub(rf"\bcontext: {CONTEXT}\b", lambda _: f"context: {json.dumps(context)}", fitted)
    if fitted == text:
        return template
    into.write_text(fitted, encoding="utf-8")
    return into


def with_prometheus(template: Path, url: str | None, into: Path) -> Path:
    """Return a plan file that names a Prometheus as second opinion; the template itself without a URL."""
    if url is None:
        return template
    text = template.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("scrape:"))
    indent = line[: len(line) - len(line.lstrip())]
    second = f"{indent}prometheus: {{url: '{url}', interval: 1s, window: 5s}}"
    into.write_text(text.replace(line, f"{line}\n{second}", 1), encoding="utf-8")
    return into
