"""Whatever is wrong with a plan file: a message with the line, the key and what is allowed, and never another exception."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.adapters.planfile.read import read
from migrator.domain.messages.errors import PlanFileInvalid
from migrator.domain.model.spec import Spec
from migrator.wording import render
from tests.adapters.planfile.broken import LAB, Broken, files

FILES = list(files())
JARGON = re.compile(
    r"Input should|Value error|pydantic|type=|valid (string|integer|dictionary|list)|instance of|\bNone\b"
)


def refusal(content: str) -> str:
    """Give the message that refuses a text."""
    with pytest.raises(PlanFileInvalid) as caught:
        read(content, "my.yaml")
    assert caught.value.exit_code == 2
    return render(caught.value.message)


def test_there_are_more_than_two_hundred_broken_files() -> None:
    assert len(FILES) > 200


@pytest.mark.parametrize("broken", [pytest.param(broken, id=broken.done) for broken in FILES])
def test_a_broken_file_is_refused_with_its_line_its_key_and_what_is_allowed(broken: Broken) -> None:
    text = broken.text
    said = refusal(text)

    assert "Nothing was changed" in said
    assert not JARGON.search(said)
    line = next(line for line in said.splitlines() if f": {broken.key}" in line)
    number = re.match(r"  my\.yaml:(\d+): ", line)
    assert number is not None
    assert 1 <= int(number[1]) <= text.count("\n") + 1
    assert "allowed: " in line or " must " in line


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(
            "shares: [10,", "shares: [130,", "spec.traffic.shares[0]: 130 is not allowed", id="a share of 130"
        ),
        pytest.param("soak: 3s", "soak: 5", "5 is not allowed (allowed: a duration with units, like 30s", id="no unit"),
        pytest.param("hold: 0.1%", "hold: 0.1", "0.1 is not allowed (allowed: a percentage with its sign", id="no %"),
        pytest.param("soak: 3s", "soak: 5 s", "5 s is not allowed", id="a blank before the unit"),
        pytest.param("soak: 3s", "soack: 5s", "unknown key (did you mean soak? allowed: shares, soak,", id="misspelt"),
        pytest.param("  drain:\n", "  drain: {}\n  drain:\n", "stands twice (first in line", id="twice"),
        pytest.param("[10, 50, 90, 100]", "[10, 50]", "the last share must be 100", id="a climb that stops"),
        pytest.param("[10, 50, 90, 100]", "[50, 10, 100]", "must rise from each to the next", id="a climb that falls"),
        pytest.param(
            "app: istio-ingressgateway-ds",
            "app: 2",
            "2 is not allowed (allowed: text; write it in quotes)",
            id="quotes",
        ),
        pytest.param('"8080": 18080', '"99999": 1', "99999 is not a port (1 to 65535)", id="a port that is none"),
        pytest.param('"8080": 18080', "http: 1", "allowed: a port in quotes", id="a port by name"),
        pytest.param("  drain:\n", "  drain\n", "not YAML", id="no YAML"),
    ],
)
def test_a_message_says_what_to_write_instead(before: str, after: str, said: str) -> None:
    assert before in LAB

    assert said in refusal(LAB.replace(before, after))


def test_the_line_is_the_one_in_the_operators_own_file() -> None:
    line = next(n for n, text in enumerate(LAB.splitlines(), 1) if "soak: 3s" in text)

    assert f"my.yaml:{line}: spec.traffic.soak: " in refusal(LAB.replace("soak: 3s", "soak: 5"))


def test_all_faults_are_told_at_once() -> None:
    said = refusal(
        LAB.replace("soak: 3s", "soak: 5").replace("kind: istio ", "kind: apache ").replace("id: lb-lab", "")
    )

    assert "my.yaml has 3 faults" in said
    assert [key in said for key in ("spec.traffic.soak", "spec.gateway.kind", "spec.loadBalancer.id")] == [True] * 3


def test_a_password_in_a_url_is_not_repeated() -> None:
    said = refusal(LAB.replace("endpoint: http://", "endpoint: http://me:canary@"))

    assert "canary" not in said
    assert "without user or password" in said


@pytest.mark.parametrize(
    "text", ["", "\n", "[]", "5", "a: &a [*a]", "\x00", "- - -", "? {}\n: 1", "!!python/name:os.x 1"]
)
def test_what_is_no_plan_file_at_all_is_refused(text: str) -> None:
    assert "Nothing was changed" in refusal(text)


def test_a_nest_of_lists_is_refused() -> None:
    assert "Nothing was changed" in refusal("[" * 3000 + "]" * 3000)


NINE_LEVELS = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
MAPS = "a0: &a0 {k: 1}\n" + "".join(
    f"a{n}: &a{n} {{{', '.join(f'k{i}: *a{n - 1}' for i in range(9))}}}\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("spec: &a [*a, *a, *a]", "stands inside the value that it names", id="a list in itself"),
        pytest.param("spec: &a {one: *a, two: *a}", "stands inside the value that it names", id="a map in itself"),
        pytest.param("spec: &a [{x: [*a]}]", "stands inside the value that it names", id="in itself, levels down"),
        pytest.param(NINE_LEVELS, "more than 20000 values", id="nine levels of lists"),
        pytest.param(MAPS, "more than 20000 values", id="nine levels of maps"),
        pytest.param("[" + "1," * 30_000 + "]", "more than 20000 values", id="a long list"),
        pytest.param("base: &b {x: 1}\nspec: {<<: *b}", "a merge key (<<) is not supported", id="a merge key"),
        pytest.param(LAB + "---\n" + LAB, "more than one YAML document", id="two documents"),
    ],
)
def test_a_file_that_would_never_end_or_is_several_is_refused_in_plain_words(text: str, said: str) -> None:
    told = refusal(text)

    assert said in told
    assert len(told.splitlines()) < 30


def test_an_alias_that_is_used_twice_is_no_fault() -> None:
    doubled = LAB.replace("soak: 3s", "soak: &short 3s").replace("keepOld: 4s", "keepOld: *short")

    assert isinstance(read(doubled, "my.yaml"), Spec)


LINES = LAB.splitlines(keepends=True)


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Give the lab's plan file with some lines removed, doubled, moved, cut or replaced by anything."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 6))):
        where = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["drop", "double", "indent", "cut", "replace"]))
        if what == "drop" and len(lines) > 1:
            lines.pop(where)
        elif what == "double":
            lines.insert(where, lines[where])
        elif what == "indent":
            lines[where] = " " * draw(st.integers(0, 9)) + lines[where].lstrip()
        elif what == "cut":
            lines[where] = lines[where][: draw(st.integers(0, len(lines[where])))]
        else:
            key = lines[where].split(":")[0]
            lines[where] = f"{key}: {draw(st.text(max_size=12))}\n"
    return "".join(lines)


@given(text=st.one_of(mangled(), st.text(max_size=300), st.text("-:[]{}\n #&*!|>'\"%@ab1.", max_size=60)))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    found = findings(text)

    # What the file itself says may be repeated, be it `None`.
    assert isinstance(found, Spec) or (found and not [m for m in JARGON.finditer(str(found)) if m.group() not in text])


def findings(content: str) -> Spec | list[str]:
    """Give the spec of a text, or what is wrong with it."""
    try:
        return read(content, "my.yaml")
    except PlanFileInvalid as error:
        return [render(found.problem) for found in error.findings]


@pytest.mark.parametrize(
    ("before", "after", "given"),
    [
        pytest.param("port: 8080", 'port: "8080"', '"8080"', id="a port"),
        pytest.param("shares: [10,", "shares: ['10',", '"10"', id="a share"),
    ],
)
def test_a_number_that_stands_in_quotes_is_shown_with_them(before: str, after: str, given: str) -> None:
    said = refusal(LAB.replace(before, after, 1))

    assert f"{given} is not allowed" in said
    assert "write it without quotes" in said
