"""Makes sentences for people of the codes and values that the domain gives. One folder per language, and all of it is data.

Only who shows something (the command line, a report, a page) calls it; nobody reads a sentence back.
"""

from __future__ import annotations

from migrator.wording.render import evidence, heading, label, labelled, labels, problem, remedy, render, subject

__all__ = ["evidence", "heading", "label", "labelled", "labels", "problem", "remedy", "render", "subject"]
