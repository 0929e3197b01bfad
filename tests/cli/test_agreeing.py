"""A yes or a no, as people type it in either language."""

import click
import pytest
from click.testing import CliRunner

from migrator.cli.asking import TRIES, agree, agrees


def answered(typed: str) -> tuple[bool | None, str]:
    """Give what was understood (None: nothing, the command ended), and what stood on the terminal."""
    understood: list[bool] = []

    @click.command()
    def command() -> None:
        understood.append(agrees("Go on?"))

    output = CliRunner().invoke(command, input=typed).output
    return (understood[0] if understood else None), output


@pytest.mark.parametrize("typed", ["y", "Y", "yes", " 是 "])
def test_a_yes_is_a_yes(typed: str) -> None:
    assert answered(f"{typed}\n") == (True, f"Go on? [y/N]: {typed}\n")


@pytest.mark.parametrize("typed", ["", "n", "NO", "否"])
def test_a_no_or_nothing_is_a_no(typed: str) -> None:
    assert answered(f"{typed}\n")[0] is False


def test_what_is_neither_is_asked_again_and_never_taken_for_a_yes() -> None:
    understood, said = answered("maybe\n是\n")

    assert understood is True
    assert "Answer y (yes) or n (no)." in said
    assert answered("maybe\n" * TRIES)[0] is False


def test_a_no_ends_the_command() -> None:
    @click.command()
    def command() -> None:
        agree("Go on?")
        click.echo("went on")

    assert CliRunner().invoke(command, input="n\n").exit_code == 1
    assert "went on" in CliRunner().invoke(command, input="y\n").output
