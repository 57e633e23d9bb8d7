"""Where Python finds a clone's folder in place of what is installed, one sentence says so."""

import sys

import pytest

from symderive.errors import InputError
from symderive.library import installed


def test_they_are_found():
    assert "loss" in str(installed.derivations().ORDER)


def test_a_clone_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "symderive.derivations", None)  # as if it were not there
    with pytest.raises(InputError, match="pip install -e"):
        installed.derivations()


def test_a_fault_of_the_derivations_is_not_hidden(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError(f"no {name}", name="sympy")

    monkeypatch.setattr(installed, "import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="no symderive"):
        installed.derivations()
