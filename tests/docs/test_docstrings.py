"""Docstrings of the public API are in NumPy's style and say what a user needs.

Checked by numpydoc: a summary of one line, every parameter with its type and meaning and no other, what is
returned, the order of the sections.  A record that the package makes and users read documents its fields as
Attributes instead.  Functions and classes have an example, which the everyday tests run.
"""

import inspect
from importlib import import_module

import pytest
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

#: Where public names stand.
FACES = ("symderive", "symderive.sklearn", "symderive.torch")

#: What is asked of every docstring (numpydoc's table of checks): not that a summary starts on a line of its
#: own, nor "See Also", nor an extended summary, nor types spelt as Python spells them.
CHECKS = {
    *("GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10"),
    *("SS01", "SS02", "SS03", "SS04", "SS06"),
    *("PR01", "PR02", "PR03", "PR04", "PR07", "PR10", "RT01", "RT03", "RT05", "YD01"),
}


def _public():
    """Every public object by its address: functions, classes, their methods and properties."""
    found = {}
    for face in FACES:
        module = import_module(face)
        for name in module.__all__:
            thing = getattr(module, name)
            if not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue
            found[f"{thing.__module__}.{thing.__qualname__}"] = thing
            for member, value in vars(thing).items() if inspect.isclass(thing) else ():
                value = getattr(value, "__func__", value)
                if member.startswith("_") or not (inspect.isroutine(value) or _is_property(value)):
                    continue
                found[f"{thing.__module__}.{thing.__qualname__}.{member}"] = value
    return found


def _is_property(value):
    return isinstance(value, property) or type(value).__name__ == "cached_property"


PUBLIC = _public()


@pytest.mark.parametrize("address", sorted(PUBLIC))
def test_it_is_in_the_style_of_numpy(address):
    thing = PUBLIC[address]
    faults = [(code, text) for code, text in validate(address)["errors"] if code in CHECKS]
    if inspect.isclass(thing):
        documented = {field.name for field in get_doc_object(thing)["Attributes"]}
        asked = set(inspect.signature(thing).parameters)
        if documented >= asked:
            faults = [(code, text) for code, text in faults if code != "PR01"]
    elif _is_property(thing):
        faults = [(code, text) for code, text in faults if code not in ("RT01", "RT03")]
    assert not faults


def _is_member(address):
    return inspect.isclass(PUBLIC.get(address.rpartition(".")[0]))


@pytest.mark.parametrize("address", sorted(address for address in PUBLIC if not _is_member(address)))
def test_functions_and_classes_have_an_example(address):
    assert ">>>" in inspect.getdoc(PUBLIC[address])
