"""A hardening as YAML: the documents of its form, after comments that give each change its numbers and its reason."""

from __future__ import annotations

import yaml

from migrator.cli.views.as_yaml import Blocks
from migrator.domain.hardening import Hardening
from migrator.domain.hardening.forms import DOCUMENTS, Document
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.wording import render


def printed(found: Hardening, form: str) -> str:
    """Return the text. Everything in it that is no document is a comment, so that the whole can be piped."""
    documents = DOCUMENTS[form](found)
    body = "---\n".join(_document(document) for document in documents)
    return "".join(f"# {line}\n" if line else "#\n" for line in _comments(found)) + body


def _comments(found: Hardening) -> list[str]:
    ground = found.ground
    where = f"{ground.kind} {namespace_of(ground.workload)}/{name_of(ground.workload)} ({ground.product.title})"
    lines = [where if found.measures else f"{where}: nothing is to be changed."]
    for measure in found.measures:
        lines += [f"{measure.place}: {render(measure.numbers)}", f"  {render(measure.reason)}"]
    lines += [f"! {render(remark)}" for remark in found.remarks]
    return [line for text in lines for line in text.splitlines()]


def _document(document: Document) -> str:
    head = f"# {render(document.use)}\n"
    text = (
        yaml.dump(document.value, Dumper=Blocks, sort_keys=False, allow_unicode=True, width=128)
        if document.value
        else ""
    )
    return head + ("".join(f"# {line}\n" for line in text.splitlines()) if document.as_comment else text)
