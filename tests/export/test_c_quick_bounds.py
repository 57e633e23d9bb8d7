"""The quick bounds of the march in C: on the right side, tight, and only where a bound is enough."""

import ctypes
import subprocess

import numpy as np
import pytest
from oracles.sampled import some

from symderive.export import export
from symderive.export.check.runners import C_WARNINGS, _compiler
from symderive.export.ir.nodes import BOUNDS
from symderive.export.solver.solver import describe
from symderive.export.targets.bounds import with_bounds

REALS = {False: ("double", ctypes.c_double, np.float64), True: ("float", ctypes.c_float, np.float32)}

#: How far down the exponential stays tight, and rounding, by whether the file is of single precision.
RANGES = {False: (-700.0, 1e-15), True: (-80.0, 1e-6)}


@pytest.fixture(
    scope="module", params=some([False, True], 2, ci=1), ids=lambda single: "single" if single else "double"
)
def bounds(request, tmp_path_factory):
    """The two functions of a compiled file on arrays, and how far they are to be asked."""
    if _compiler() is None:
        pytest.skip("no C compiler")
    single, folder = request.param, tmp_path_factory.mktemp("bounds")
    real, _, kind = REALS[single]
    loops = "".join(
        f"void {name}(size_t n, const {real} *x, {real} *y)"
        f" {{ for (size_t i = 0; i < n; ++i) y[i] = symderive_{name}(x[i]); }}\n"
        for name in BOUNDS.values()
    )
    source, built = folder / "bounds.c", folder / "bounds.so"
    source.write_text(export("c", depth=2, single=single) + loops)
    command = [_compiler(), "-std=c99", *C_WARNINGS, "-Wno-missing-prototypes", "-O2", "-shared", "-fPIC"]
    subprocess.run([*command, "-o", str(built), str(source), "-lm"], check=True)
    code = ctypes.CDLL(str(built))

    def call(name, x):
        given = np.ascontiguousarray(x, kind)
        found = np.empty_like(given)
        at = [ctypes.c_void_p(array.ctypes.data) for array in (given, found)]
        getattr(code, name)(ctypes.c_size_t(given.size), *at)
        return given.astype(np.longdouble), found.astype(np.longdouble)

    return call, *RANGES[single]


def test_the_exponential_is_bounded_from_above(bounds):
    call, least, rounding = bounds
    x, found = call("exp_above", np.concatenate([np.linspace(least, 0, 200_001), np.linspace(-1, 0, 9999)]))
    error = found / np.exp(x) - 1
    assert error.min() >= -rounding
    assert error.max() <= 1 / 5000 + rounding
    far, found = call("exp_above", [2 * least, -1e6, -np.inf])
    assert (found >= np.exp(far)).all()
    assert (found < 1e-30).all()


def test_the_logarithm_is_bounded_from_below(bounds):
    call, least, rounding = bounds
    x, found = call(
        "log_below", np.concatenate([np.linspace(1, 4, 200_001), np.geomspace(1, np.exp(-least), 9999)])
    )
    error = np.log(x) - found
    assert error.min() >= -rounding
    assert error.max() <= 1 / 800
    assert np.isnan(call("log_below", [np.nan])[1]).all()


@pytest.mark.parametrize("depth", [None, 2, 3])
def test_only_the_step_has_bounds_and_only_two(depth):
    solver = describe(depth)
    for block in solver.blocks:
        used = [node.op for node in with_bounds(block).nodes if node.op in BOUNDS.values()]
        assert sorted(used) == (sorted(BOUNDS.values()) if block is solver.step else []), block.name
    step = with_bounds(solver.step)
    assert "log" in [node.op for node in step.nodes]  # that of H itself is no bound
    assert step.outputs["emit"] is solver.step.outputs["emit"]
    assert step.outputs["next_u"] is not solver.step.outputs["next_u"]
