"""Fuzzing of the trusted core at length: whatever it accepts is tested, and nothing false may be among it.

    python -m benchmarks.fuzz_core --count 100000 --seed 0

Cases are mutants of the package's own statements and random statements, each made from the seed and its
number; ``--first`` and ``--count 1`` run a single one again.  How many were tried, accepted, tested at how
many points, undecided and false is printed.  The exit status is 1 where something false or undefined was
accepted, where a check crashed, and where one took too long.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import sys
import time
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

#: Cases that one process runs before a fresh one takes over, for what was computed is remembered.
CHUNK = 2_500


def _chunk(task: tuple[int, int, int]) -> Any:
    warnings.simplefilter("ignore")
    fuzzing = importlib.import_module("oracles.fuzzing")
    seed, first, last = task
    return fuzzing.campaign(seed, range(first, last))


def main() -> int:
    """Run the cases and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    fuzzing = importlib.import_module("oracles.fuzzing")
    end = options.first + options.count
    tasks = [(options.seed, at, min(at + CHUNK, end)) for at in range(options.first, end, CHUNK)]
    total, start = fuzzing.Tally(), time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(options.processes, maxtasksperchild=1) as pool:
        for tally in pool.imap(_chunk, tasks):
            for case in tally.found:
                print(case, flush=True)
            total.merge(tally)
            print(f"{time.perf_counter() - start:.0f} s: {total}", flush=True)
    print("undecided, most often:", total.undecided.most_common(8))
    print("slowest checks:", [f"{seconds:.1f} s in case {number}" for seconds, number in total.slowest])
    return int(bool(total.found))


if __name__ == "__main__":
    sys.exit(main())
