"""What a run measured over time, made up: two sides that swap places, a gap in the middle, one backend that falls ill."""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.domain.model.balancer import Backend, Health, Side
from migrator.domain.showing.series import BackendSample, Sample, SideSample


def measured(since: datetime, count: int = 12, backends: int = 2) -> tuple[Sample, ...]:
    """Give so many samples, 5 s apart; nobody looked before the sixth."""
    return tuple(_sample(since, number, count, backends) for number in range(count))


def _sample(since: datetime, number: int, count: int, backends: int) -> Sample:
    share = 100.0 * number / (count - 1)
    new = SideSample(share, 0.5 if number == 3 else 0.0, None, 0.0, 0.01, 0.05 + number / 1000, number)
    rows = (*_rows(Side.OLD, backends, 100 - int(share)), *_rows(Side.NEW, backends, int(share), ill=number == 3))
    return Sample(
        since + timedelta(seconds=5 * number),
        0.0 if number in (0, 6) else 5.0,
        share=share,
        meant=share,
        observed=None if number < 2 else share + 1,
        old=SideSample(100.0 - share, 0.0, 1.0, 0.0, 0.01, 0.04, count - number),
        new=new if number else SideSample(),
        different=0,
        backends=rows,
    )


def _rows(side: Side, count: int, weight: int, ill: bool = False) -> list[BackendSample]:
    net = 0 if side is Side.OLD else 1
    found = [
        BackendSample(Backend("lbl-80", f"10.{net}.0.{n}", 80), side, weight, Health.HEALTHY, 3) for n in range(count)
    ]
    return [BackendSample(found[0].backend, side, weight, Health.UNHEALTHY, None), *found[1:]] if ill else found
