"""The test that is written along with a Python file."""

from __future__ import annotations

from symderive.errors import InputError
from symderive.export.accuracy import ULPS
from symderive.export.targets.frame import framed
from symderive.export.written_tests.instances import Instance, instances, rounded_up

#: What a target needs before its file is imported.
_SETUP = {
    "jax": 'jax.config.update("jax_enable_x64", True)\n',
    "mpmath": "",
    "numpy": "",
    "torch": "",
}
_IMPORTS = {"jax": "import jax\n"}

_OF_ARRAYS = """    found = solver.stationary_points(*case["data"], **case["options"])
    assert int(found.status) == 0, case["name"]
    fields = (*NAMES, "kind", *(name for name in found._fields if name.endswith("_radius")))
    rows = [{name: float(getattr(found, name)[k]) for name in fields} for k in range(int(found.count))]
    return rows, int(found.best)"""

_OF_LISTS = """    found = solver.stationary_points(*case["data"], **case["options"])
    rows = [{name: float(getattr(point, name)) for name in (*NAMES, "kind")} for point in found]
    return rows, solver.global_minimum(*case["data"], **case["options"]).index"""

_STATUS = """    found = solver.stationary_points(*CASES[0]["data"], **options)
    assert int(found.status) != 0
    assert int(found.count) == 0"""

_ERROR = """    try:
        solver.stationary_points(*CASES[0]["data"], **options)
    except ValueError:
        return
    raise AssertionError("a negative decay is not refused")"""


def written_test(target: str, file: str, depth: int | None) -> str:
    """The text of a module of tests for ``file`` beside it, which runs under pytest and as a script.

    Raises :class:`InputError` for a target that is not Python.

    >>> "def test_points():" in written_test("numpy", "solver.py", 2)
    True
    """
    if target not in _SETUP:
        raise InputError(f"target {target!r} is no Python; a test is written for {', '.join(_SETUP)}.")
    listed = target == "mpmath"
    marks = {
        "file": repr(file),
        "imports": _IMPORTS.get(target, ""),
        "setup": _SETUP[target],
        "ulps": str(ULPS),
        "points": _OF_LISTS if listed else _OF_ARRAYS,
        "refusal": _ERROR if listed else _STATUS,
        "cases": "".join(map(_case, instances(depth))),
    }
    return framed("python_test", marks)


def _case(case: Instance) -> str:
    options = {"mean_decay": case.mean_decay, "noise_factor": case.noise_factor, "depth": case.depth}
    given = ", ".join(f"{_text(name)}: {value}" for name, value in options.items())
    lines = [
        "    {",
        f'        "name": {_text(case.name)},',
        f'        "data": ({list(case.a)}, {list(case.p)}, {case.c}),',
        f'        "options": {{{given}}},',
        f'        "best": {case.best},',
    ]
    if not case.points:
        return "\n".join([*lines, '        "points": [],', "    },\n"])
    lines.append('        "points": [')
    for point in case.points:
        lines += ["            {", f'                "kind": {point.kind},']
        for name, known in point.values.items():
            bounds = f"{rounded_up(known.rounding)}, {rounded_up(known.allowed)}"
            lines.append(f"                {_text(name)}: ({known.value!r}, {bounds}),")
        lines.append("            },")
    return "\n".join([*lines, "        ],", "    },\n"])


def _text(name: str) -> str:
    return f'"{name}"'
