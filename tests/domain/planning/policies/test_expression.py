"""Calico's selector language: what it means, and that nothing but it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.planning.policies.expression import MOST, Unreadable, parse

HAVING = {"app": "edge", "tier": "web-front", "projectcalico.org/namespace": "gateways"}
MEANT = [
    ("", True),
    ("all()", True),
    ("global()", False),
    ("app == 'edge'", True),
    ('app == "other"', False),
    ("app != 'edge'", False),
    ("absent != 'x'", True),
    ("app in {'edge', 'other'}", True),
    ("app in { }", False),
    ("app not in {'edge'}", False),
    ("absent not in {'x'}", True),
    ("has(app)", True),
    ("has(absent)", False),
    ("!has(absent)", True),
    ("tier contains 'front'", True),
    ("absent contains ''", True),
    ("tier starts with 'web'", True),
    ("tier ends with 'web'", False),
    ("app == 'edge' && has(absent)", False),
    ("app == 'edge' || has(absent)", True),
    ("!(app == 'edge' && has(absent)) && projectcalico.org/namespace == 'gateways'", True),
    ("app == 'x' || app == 'edge' && has(tier)", True),
    ("  has( app )  ", True),
]


@pytest.mark.parametrize(("words", "meant"), MEANT)
def test_an_expression_means_what_calico_says(words: str, meant: bool) -> None:
    assert parse(words)(HAVING) is meant


BROKEN = [
    "app",
    "app ==",
    "app == edge",
    "app == 'edge' &&",
    "app in {'edge'",
    "app in ['edge']",
    "(app == 'edge'",
    "app == 'edge' )",
    "has(app",
    "all(app)",
    "app starts 'x'",
    "app not == 'x'",
    "app like 'x'",
    "app == 'edge' has(x)",
    "$",
    "app = 'x'",
    "!" * 60 + "has(a)",
    "x" * (MOST + 1),
]


@pytest.mark.parametrize("words", BROKEN)
def test_what_is_no_expression_is_refused(words: str) -> None:
    with pytest.raises(Unreadable):
        parse(words)


@given(st.text(alphabet="ab=!&|(){}',\" hasinot", max_size=40))
def test_any_text_is_an_expression_or_refused(words: str) -> None:
    try:
        test = parse(words)
    except Unreadable:
        return
    assert test(HAVING) in (True, False)


KEYS = st.sampled_from(("a", "b"))
ATOMS = st.one_of(
    st.builds(lambda k, v: (f"{k} == '{v}'", lambda having: having.get(k) == v), KEYS, st.sampled_from("12")),
    st.builds(lambda k, v: (f"{k} not in {{'{v}'}}", lambda having: having.get(k) != v), KEYS, st.sampled_from("12")),
    st.builds(lambda k: (f"has({k})", lambda having: k in having), KEYS),
)
TREES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(lambda a, b: (f"({a[0]}) && ({b[0]})", lambda h: a[1](h) and b[1](h)), inner, inner),
        st.builds(lambda a, b: (f"({a[0]}) || ({b[0]})", lambda h: a[1](h) or b[1](h)), inner, inner),
        st.builds(lambda a: (f"!({a[0]})", lambda h: not a[1](h)), inner),
    ),
    max_leaves=8,
)


@given(TREES, st.dictionaries(KEYS, st.sampled_from("12")))
def test_an_expression_is_the_function_that_it_was_written_from(
    tree: tuple[str, object], having: dict[str, str]
) -> None:
    words, wanted = tree

    assert callable(wanted)
    assert parse(words)(having) is wanted(having)
