"""How long planning a share and its batches takes, by the number of backends. Run it: `python -m tests.bench.bench_weights`."""

from __future__ import annotations

import time

from migrator.domain.weights.planner import next_chunk, wanted
from tests.domain.grounds import Ground, applied

SHARES = (10.0, 50.0, 90.0, 100.0)
SIZES = ((3, 3), (50, 50), (200, 200), (1000, 1000))
MOST = 1000


def main() -> None:
    """Walk every share to its end and print what each call cost."""
    print(f"{'old x new':>12} {'wanted, ms':>11} {'next batch, ms':>15} {'batches':>8} {'worst miss, points':>19}")
    for old, new in SIZES:
        ground = Ground((100,) * old, new)
        pools = ground.pools(batch=100)
        planning, choosing, batches, miss = 0.0, 0.0, 0, 0.0
        for share in SHARES:
            began = time.perf_counter()
            target = wanted(pools, ground.originals, share)
            planning += time.perf_counter() - began
            miss = max(miss, abs(target.achieved - share))
            for _ in range(MOST):
                began = time.perf_counter()
                chunk = next_chunk(pools, target.rows)
                choosing += time.perf_counter() - began
                if not chunk:
                    break
                pools, batches = applied(pools, chunk), batches + 1
        calls = batches + len(SHARES)
        print(
            f"{f'{old} x {new}':>12} {1000 * planning / len(SHARES):11.2f} {1000 * choosing / calls:15.2f} "
            f"{batches:8} {miss:19.3f}"
        )


if __name__ == "__main__":
    main()
