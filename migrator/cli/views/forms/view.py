"""The view of `--output patch|kustomize|helm`: what to change as YAML on stdout, everything else as for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.echo import echo
from migrator.cli.views.human.view import HumanView

if TYPE_CHECKING:
    from migrator.domain.hardening import Hardening


class FormView(HumanView):
    """Prints a change in one form."""

    def __init__(self, form: str) -> None:
        self._form = form

    def hardening(self, found: Hardening) -> None:
        from migrator.cli.views.forms.printed import printed

        echo(printed(found, self._form), nl=False)
