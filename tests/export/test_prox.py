"""The proximal map in exported files, of each language that can be run here; ``check`` runs it in all."""

import importlib.util
import math
import shutil
import subprocess
import sys

import numpy as np
import pytest
from oracles.tools import Library

from symderive import prox
from symderive.export import export
from symderive.export.live import namespace

COMPILER = shutil.which("cc") or shutil.which("gcc")
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic")

torch, jax = Library("torch"), Library("jax")

X = (0.0, 1e-250, 0.5, -2.0, 1.0, 3.0, -1e100, 1.3)
WEIGHT = 0.6
DEPTHS = (0, 1, 2, 3, 7)

#: Units in the last place of x that an entry may be off.
ULPS = 4


def close(found, depth, weight=WEIGHT):
    """Whether all entries are the exact ones, up to roundings."""
    exact = [float(prox(x, weight, depth=depth, digits=20).value) for x in X]
    return all(abs(z - e) <= ULPS * math.ulp(x) for z, e, x in zip(found, exact, X, strict=True))


def load(path, target, **options):
    path.write_text(export(target, **options))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def test_numpy_for_any_depth_and_for_one():
    solver = namespace("numpy")
    together = solver.prox(X, WEIGHT, depth=np.array(DEPTHS)[:, None])
    for depth, row in zip(DEPTHS, together, strict=True):
        assert close(row, depth)
        assert not close(row, depth, WEIGHT * 1.01)
        assert close(namespace("numpy", depth=depth).prox(X, WEIGHT), depth)
    assert np.isnan(solver.prox([np.inf, np.nan], 1, depth=2)).all()
    assert solver.prox(2.5, 0, depth=4) == 2.5
    for weight in (-1, np.nan):
        with pytest.raises(ValueError, match="weight has the entry"):
            solver.prox(1, weight, depth=2)
    with pytest.raises(ValueError, match="made for depth 3"):
        namespace("numpy", depth=3).prox(1, 1, depth=2)


def test_promises_end_where_powers_leave_the_range():
    """The docstring says so, and what to do instead."""
    solver, least = namespace("numpy"), 1e-289
    assert "between 0 and 1e-289" in solver.prox.__doc__
    cases = [(x, weight, depth) for x in (least, 1e-150) for weight in (least, 1e-200) for depth in DEPTHS]
    assert all(
        _is_right(solver.prox(x, weight, depth=depth), x, weight, depth) for x, weight, depth in cases
    )
    x, weight, scale = 2.0**-800, 5e-324, 2.0**400
    assert not _is_right(solver.prox(x, weight, depth=3), x, weight, 3)
    assert _is_right(solver.prox(scale * x, scale**1.5 * weight, depth=3) / scale, x, weight, 3)


def _is_right(found, x, weight, depth):
    exact = float(prox(x, weight, depth=depth, digits=20).value)
    return abs(found - exact) <= ULPS * math.ulp(x)


def test_mpmath_at_high_precision():
    solver = namespace("mpmath")
    with solver.mp.workdps(60):
        found = solver.prox(2, "0.5", depth=3)
        angle = solver.mp.acos(solver.mp.mpf("0.125") * (solver.mp.mpf(2) / 3) ** solver.mp.mpf("-1.5"))
        half = solver.mp.mpf(4) / 3 * (1 + solver.mp.cos(2 * solver.mp.pi / 3 - 2 * angle / 3))
        assert abs(found - half) < 1e-55
        assert abs(solver.prox(2, 0.5000000001, depth=3) - half) > 1e-12
        assert solver.prox(-2, "0.5", depth=3) == -found
    for x, weight in ((1, -1), (math.inf, 1)):
        with pytest.raises(ValueError, match="give finite numbers"):
            solver.prox(x, weight, depth=2)


@pytest.mark.skipif(COMPILER is None, reason="no C compiler is installed")
def test_c(tmp_path):
    values = ", ".join(map(repr, X))
    depths = ", ".join(map(repr, map(float, DEPTHS)))
    (tmp_path / "prox.c").write_text(
        f"""{export("c")}
#include <stdio.h>
int main(void)
{{
    const double x[{len(X)}] = {{{values}}}, depth[{len(DEPTHS)}] = {{{depths}}};
    for (int j = 0; j < {len(DEPTHS)}; ++j)
        for (int i = 0; i < {len(X)}; ++i) printf("%.17g\\n", symderive_prox(x[i], {WEIGHT}, depth[j]));
    printf("%d\\n", isnan(symderive_prox(1, -1, 2)) && isnan(symderive_prox(NAN, 1, 2)));
    printf("%d\\n", isnan(symderive_prox(1, 1, 1.5)) != 0);
    return 0;
}}
"""
    )
    subprocess.run([COMPILER, *STRICT, "-o", tmp_path / "prox", tmp_path / "prox.c", "-lm"], check=True)
    done = subprocess.run([tmp_path / "prox"], capture_output=True, text=True, check=True)
    *found, first, second = map(float, done.stdout.split())
    for place, depth in enumerate(DEPTHS):
        row = found[place * len(X) : (place + 1) * len(X)]
        assert close(row, depth)
        assert not close(row, depth, WEIGHT * 1.01)
    assert first == second == 1


def slope(depth, x):
    """dz/dx = 1/(1 - ω q(1-q) |z|^{q-2}), from z - x + ω q z^{q-1} = 0; 0 where z is."""
    q, z = 2 / (depth + 1), abs(float(prox(x, WEIGHT, depth=depth).value))
    return 1 / (1 + WEIGHT * q * (q - 1) * z ** (q - 2)) if z else 0.0


@pytest.mark.torch
def test_torch_and_its_derivatives(tmp_path):
    solver = load(tmp_path / "torch_prox.py", "torch")
    for depth in DEPTHS:
        x = torch.tensor(X, dtype=torch.float64, requires_grad=True)
        found = solver.prox(x, WEIGHT, depth=depth)
        found.sum().backward()
        assert close(found.tolist(), depth)
        # At 0 itself |x| has no derivative, and that of ridge regression counts as 0.
        expected = [slope(depth, at) for at in X[1:]]
        assert x.grad[1:].tolist() == pytest.approx(expected, rel=1e-12)
        assert x.grad[1:].tolist() != pytest.approx([1.01 * at for at in expected], rel=1e-3)
    x = torch.tensor([2.0, -1.5, 0.1], dtype=torch.float64, requires_grad=True)
    weight = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w: solver.prox(x, w, depth=2), (x, weight))
    assert solver.prox([math.nan, 1.0, math.inf], [1.0, -1.0, 1.0], depth=3).isnan().all()


@pytest.mark.jax
@pytest.mark.slow
@pytest.mark.ci
def test_jax_and_its_derivatives(tmp_path):
    jax.config.update("jax_enable_x64", True)
    solver = load(tmp_path / "jax_prox.py", "jax", depth=2)
    x = jax.numpy.array(X)
    assert close(solver.prox(x, WEIGHT).tolist(), 2)
    found = jax.grad(lambda at: solver.prox(at, WEIGHT).sum())(x)
    assert found[1:].tolist() == pytest.approx([slope(2, at) for at in X[1:]], rel=1e-12)
    assert bool(jax.numpy.isnan(solver.prox(1.0, -1.0)))
