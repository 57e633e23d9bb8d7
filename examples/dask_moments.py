"""Exact moments of a table that is spread over files or machines, summed by Dask, and the minima for it.

    python dask_moments.py part-*.csv --target progression --decay 80

Every worker makes the moments of the files that it is given; they are a (d+1) × (d+1) matrix of whole
numbers, however long the files.  Moments add exactly, so that neither the order in which workers finish nor
how the rows were parted changes a digit.  With ``--scheduler`` the files are read by the workers of a
cluster that runs already, else by threads here.  Needs the extra ``sweep``, for Dask; Parquet files need
``data``.  Takes two seconds and the time of reading; try it on ``diabetes.csv``.

Partitions of a Dask data frame go the same way, see ``moments_of_frame``.
"""

from pathlib import Path

import click
from dask import compute, delayed
from distributed import Client, as_completed

from symderive import Moments, Network, solve

DEPTH, WIDTH = 2, 32


def moments_of_file(path: str, target: str) -> Moments:
    """What a worker does: plain second moments, which are centered after they are added."""
    maker = Moments.from_parquet if path.endswith(".parquet") else Moments.from_csv
    return maker(path, target)


def moments_of_frame(frame, target: str) -> Moments:
    """The moments of a Dask data frame; no more than moments leaves the workers."""
    parts = [delayed(Moments.from_samples)(part, target) for part in frame.to_delayed()]
    return sum(compute(*parts))


def sum_of(client: Client, paths: list[str], target: str) -> Moments:
    """The moments of all files; each is added as it comes, so that few are in memory."""
    futures = client.map(moments_of_file, paths, target=target)
    return sum(future.result() for future in as_completed(futures))


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--target", required=True)
@click.option("--decay", default="1/100", show_default=True)
@click.option("--scheduler", help="Address of a Dask scheduler.")
def main(paths: tuple[str, ...], target: str, decay: str, scheduler: str | None) -> None:
    """Print the landscape of a deep linear network on all PATHS together."""
    here = {} if scheduler else {"processes": False, "n_workers": 2, "dashboard_address": None}
    with Client(scheduler, **here) as client:
        moments = sum_of(client, [str(Path(path).absolute()) for path in paths], target)
    landscape = solve(Network(DEPTH, widths=WIDTH, decays=decay), moments)
    print(f"{moments.weight} rows in {len(paths)} files")
    for point in landscape.points:
        print(f"{point.kind}: loss {point.loss.str(12, radius=False)}")


if __name__ == "__main__":
    main()
