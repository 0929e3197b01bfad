"""How often an action may be called: a window that slides, for each account and action by itself."""

from migrator.lab.clouds.rates import Rates


def test_twenty_calls_of_an_action_pass_in_any_second():
    rates = Rates(1.0)

    first = [rates.allow("me", "DescribeTargets", 20, 10.0 + at / 100) for at in range(21)]
    other = rates.allow("me", "DescribeListeners", 20, 10.5), rates.allow("you", "DescribeTargets", 20, 10.5)
    later = rates.allow("me", "DescribeTargets", 20, 11.001)

    assert first == [True] * 20 + [False]
    assert other == (True, True)
    assert later
