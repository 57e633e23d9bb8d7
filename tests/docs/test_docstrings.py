"""Docstrings of the public API are in NumPy's style and say what a user needs.

Public is what the pages of the API show: every name of the three modules that users import, and every record that
those return.  Checked by numpydoc: a summary of one line, every parameter with its type and meaning and no
other, what is returned, the order of the sections.  A record that the package makes and users read documents its
fields as Attributes instead.  What users import has an example, which the everyday tests run.
"""

import ast
import enum
import inspect
import re
import runpy
import typing
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/reference/api"

#: Where public names stand.
FACES = ("symderive", "symderive.sklearn", "symderive.torch")

#: What is asked of every docstring (numpydoc's table of checks): not that a summary starts on a line of its
#: own, nor "See Also", nor an extended summary, nor types spelt as Python spells them.
CHECKS = {
    *("GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10"),
    *("SS01", "SS02", "SS03", "SS04", "SS06"),
    *("PR01", "PR02", "PR03", "PR04", "PR07", "PR10", "RT01", "RT03", "RT05", "YD01"),
}

#: Parts of public records that only the package looks into; their attributes say what they hold.
INTERNAL = {
    *("BallSearch", "Blur"),  # what certificates are made of, and what noise adds to a prediction
    *("Decimals", "Floats", "Fractions", "Integers"),  # how blocks of rows keep numbers
    *("Factored", "Whole"),  # A in the form that is the cheapest to multiply with
    *("Frame", "Problem"),  # of several outputs: singular vectors, and what is left to minimize
}

SHOWN = runpy.run_path(str(ROOT / "docs/extensions/api_pages.py"))["shown"](PAGES)


def _thing(address):
    module, _, name = address.rpartition(".")
    return getattr(import_module(module), name)


def _members(thing, *, inherited):
    """Public methods and properties, by name."""
    homes = [home for home in reversed(thing.__mro__) if home.__module__.startswith("symderive")]
    for home in homes if inherited else [thing]:
        for name, value in vars(home).items():
            value = getattr(value, "__func__", value)
            if not name.startswith("_") and (inspect.isroutine(value) or _is_property(value)):
                yield name, value


def _listed(thing, options):
    """The members that a page shows beside a class: none, those that it names, or all."""
    if told := re.search(":members:(.*)", options):
        chosen = re.findall(r"\w+", told[1])
        for name, value in _members(thing, inherited=":inherited-members:" in options):
            if not chosen or name in chosen:
                yield name, value


def _is_property(value):
    return isinstance(value, property) or type(value).__name__ == "cached_property"


def _public(shown):
    """Every public object by its address: functions, classes, and the members that a page shows."""
    found = {}
    for address, options in shown:
        thing = _thing(address)
        if not (inspect.isclass(thing) or inspect.isfunction(thing)):
            continue
        found[address] = thing
        found |= {f"{address}.{name}": value for name, value in _listed(thing, options)}
    return found


PUBLIC = _public(SHOWN)
#: What users import.
NAMES = [f"{face}.{name}" for face in FACES for name in import_module(face).__all__]


def faults(address, thing):
    """What numpydoc has against a docstring."""
    found = [(code, text) for code, text in validate(address)["errors"] if code in CHECKS]
    if inspect.isclass(thing):
        documented = {field.name for field in get_doc_object(thing)["Attributes"]}
        plain = issubclass(thing, (enum.Enum, Exception))  # no one makes these from fields
        if plain or documented >= set(inspect.signature(thing).parameters):
            found = [(code, text) for code, text in found if code != "PR01"]
    elif _is_property(thing):
        found = [(code, text) for code, text in found if code not in ("RT01", "RT03")]
    return found


@pytest.mark.parametrize("address", sorted(PUBLIC))
def test_it_is_in_the_style_of_numpy(address):
    assert faults(address, PUBLIC[address]) == []


def told(depth):
    """Twice the depth.

    Parameters
    ----------
    depth : int
        Number of hidden layers.

    Returns
    -------
    int
        The double.
    """
    return 2 * depth


def untold(depth, width):
    """Twice the depth.

    Parameters
    ----------
    depth : int
        Number of hidden layers.

    Returns
    -------
    int
        The double.
    """
    return 2 * depth * width


def test_a_parameter_that_is_not_told_is_a_fault(monkeypatch):
    import symderive

    for planted in (told, untold):
        monkeypatch.setattr(symderive, planted.__name__, planted, raising=False)
    assert faults("symderive.told", told) == []
    assert [code for code, _ in faults("symderive.untold", untold)] == ["PR01"]


@pytest.mark.parametrize("address", sorted(PUBLIC.keys() & set(NAMES)))
def test_what_users_import_has_an_example(address):
    assert ">>>" in inspect.getdoc(PUBLIC[address])


# -- the pages ---------------------------------------------------------------------------------------------


def misplaced(names, addresses):
    """The names that do not stand on the pages exactly once, and the objects that stand there twice."""
    twice = {address for address in addresses if addresses.count(address) > 1}
    return sorted(set(names) - set(addresses) | twice)


def test_the_pages_show_every_name_once():
    assert misplaced(NAMES, [address for address, _ in SHOWN]) == []


def test_a_name_that_is_left_out_or_shown_twice_is_found():
    assert misplaced(["m.a", "m.b", "m.c"], ["m.a", "m.a", "m.c", "m.record"]) == ["m.a", "m.b"]


@cache
def _namespace(module):
    """The names of a module, with those that it imports for its annotations alone."""
    found = {}
    for node in ast.walk(ast.parse(inspect.getsource(import_module(module)))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("symderive"):
            home = import_module(node.module)
            found |= {one.asname or one.name: getattr(home, one.name, None) for one in node.names}
    return found | vars(import_module(module))


def _classes(annotation, module):
    """The classes of the package that an annotation names."""
    words = re.findall(r"[A-Za-z_]\w*", annotation if isinstance(annotation, str) else "")
    found = [_namespace(module).get(word) for word in words]
    found += [argument for value in found for argument in typing.get_args(value)]
    return {value for value in found if inspect.isclass(value) and value.__module__.startswith("symderive")}


def returned(address, options):
    """The classes that a public object hands to its user: what it returns, or what it holds."""
    thing = _thing(address)
    if inspect.isfunction(thing):
        return _classes(thing.__annotations__.get("return"), thing.__module__)
    if not inspect.isclass(thing):
        return set()
    found = set()
    for name, annotation in vars(thing).get("__annotations__", {}).items():
        found |= set() if name.startswith("_") else _classes(annotation, thing.__module__)
    for _, value in _listed(thing, options):
        function = getattr(value, "fget", None) or getattr(value, "func", None) or value
        found |= _classes(getattr(function, "__annotations__", {}).get("return"), function.__module__)
    return found


def nowhere(shown):
    """The classes that public objects hand over and no page shows."""
    there = [_thing(address) for address, _ in shown]
    handed = {one for address, options in shown for one in returned(address, options)}
    return sorted(one.__name__ for one in handed if one not in there and not one.__name__.startswith("_"))


def test_every_result_can_be_followed():
    assert set(nowhere(SHOWN)) == INTERNAL


def test_a_result_that_no_page_shows_is_found():
    left = [(address, options) for address, options in SHOWN if not address.endswith(".Verification")]
    assert set(nowhere(left)) - INTERNAL == {"Verification"}
