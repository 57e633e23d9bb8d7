"""What all tests share."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def _verdicts_of_this_run(tmp_path_factory):
    """Verdicts are kept for this run only, and shared by its processes; the user's own stay untouched."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    yield
    os.environ.pop("XDG_CACHE_HOME")
    if before is not None:
        os.environ["XDG_CACHE_HOME"] = before
