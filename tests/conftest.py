# ruff: noqa: E402 - the environment has to be set before NumPy is loaded
"""What all tests share."""

import gc
import os
import sys

# The processes of one run share the cores; threads of their own would only get in each other's way.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# The processes of one run are told the width of its terminal, which nothing here is printed on.
os.environ.pop("COLUMNS", None)

# A file is compiled once, not by each process of a run and each program that a test starts.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest
from flint import ctx
from hypothesis import HealthCheck, settings
from oracles.tools import TOOLS, require

from symderive import cli

#: No test is timed, not even by hypothesis: machines are shared.
settings.register_profile(
    "untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# Expressions come by the million and stay: looking for garbage among them took an eighth of the time.
gc.disable()


def pytest_collection_modifyitems(items):
    """Slow files first, so that none is left to one process while the other has nothing to do.

    Examples in docstrings carry no marks: those of ``symderive/torch`` need PyTorch.
    """
    for item in items:
        if isinstance(item, pytest.DoctestItem) and item.path.parent.name == "torch":
            item.add_marker("torch")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_runtest_setup(item):
    for marker in TOOLS:
        if item.get_closest_marker(marker):
            require(marker)


@pytest.fixture(scope="session", autouse=True)
def _verdicts_of_this_run(tmp_path_factory):
    """Verdicts are kept for this run only, and shared by its processes; the user's own stay untouched."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        environment.delenv("SYMDERIVE_CACHE", raising=False)
        yield


@pytest.fixture(autouse=True)
def _precision_is_left_as_it_was():
    """No code leaves FLINT's precision, one for the whole process, changed behind it."""
    before = ctx.prec
    yield
    after, ctx.prec = ctx.prec, before
    assert after == before


def pytest_unconfigure():
    """What a process holds at its end is left to the system: to look for garbage took many seconds."""
    gc.freeze()


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process: exit code, standard output, standard error.

    Files that test one command override it with ``partial(run, "derive")``.
    """

    def invoke(*arguments):
        monkeypatch.setattr(sys, "argv", ["symderive", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return invoke
