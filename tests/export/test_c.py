"""The exported C file, compiled with every warning an error and run under sanitizers."""

import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from oracles.export_cases import CASES, Point, best_index, mismatches
from oracles.sampled import some

from symderive import Moments
from symderive.export import export

COMPILER = shutil.which("cc") or shutil.which("gcc")
STRICT = ("-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic")
SANITIZE = ("-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
HARNESS = Path(__file__).parents[1] / "oracles" / "solver_harness.c"
WEIGHTS = Path(__file__).parents[1] / "oracles" / "solver_weights.c"
DATA = Path(__file__).parents[2] / "examples" / "diabetes.csv"

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler")


@dataclass(frozen=True)
class Found:
    status: int
    best: int
    minimum: tuple[float, float]
    message: str
    points: list


def build(folder, source, main=HARNESS):
    """A program from an exported file and a main file that includes it."""
    (folder / "solver.c").write_text(source)
    target = folder / "program"
    subprocess.run([COMPILER, *STRICT, *SANITIZE, "-I", folder, "-o", target, main, "-lm"], check=True)
    return target


def solve_all(program, instances):
    text = "\n".join(
        " ".join([str(len(i[0])), *(float(x).hex() for x in (*i[0], *i[1], *i[2:]))]) for i in instances
    )
    done = subprocess.run([program], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = iter(done.stdout.splitlines())
    results = []
    for head in lines:
        status, count, best, ridge, loss, message = head.split(" ", 5)
        points = []
        for _ in range(int(count)):
            *values, kind = next(lines).split()
            points.append(Point(*map(float.fromhex, values), int(kind)))
        results.append(
            Found(int(status), int(best), tuple(map(float.fromhex, (ridge, loss))), message, points)
        )
    return results


def instance(case):
    return case.a, case.p, case.c, case.decay, case.noise_factor, case.depth


@pytest.fixture(scope="module")
def generic(tmp_path_factory):
    return build(tmp_path_factory.mktemp("c"), export("c"))


@pytest.fixture(scope="module")
def results(generic):
    return dict(zip(CASES, solve_all(generic, map(instance, CASES)), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_generic_file_meets_certified_values(results, case):
    found = results[case]
    assert mismatches(case, found.points) == []
    assert found.best in best_index(case)
    assert found.status == 0
    if found.best >= 0:
        assert found.minimum == (found.points[found.best].ridge, found.points[found.best].loss)
    else:
        assert found.minimum == (math.inf, case.c)


@pytest.mark.parametrize("depth", some([0, 1, 3], 3, 2, ci=1))
def test_specialized_file_meets_certified_values(depth, tmp_path):
    cases = [case for case in CASES if case.depth == depth]
    program = build(tmp_path, export("c", depth=depth))
    for case, found in zip(cases, solve_all(program, map(instance, cases)), strict=True):
        assert mismatches(case, found.points) == [], case.name
    other = next(case for case in CASES if case.depth == 2)
    assert [found.status for found in solve_all(program, [instance(other)])] == [3]


def test_impossible_values_get_a_status(generic):
    good = ((1, 2), (1, 1), 2, 0.1, 1, 2)
    nan, inf = math.nan, math.inf
    cases = {
        0: [good],
        2: [
            ((1, nan), *good[1:]),
            (good[0], (inf, 1), *good[2:]),
            (*good[:2], nan, *good[3:]),
            (*good[:3], nan, *good[4:]),
            (*good[:4], inf, 2),
            (*good[:5], nan),
        ],
        3: [
            ((-1, 2), *good[1:]),
            (good[0], (1, -1), *good[2:]),
            ((0, 2), *good[1:]),
            (*good[:3], 0, 1, 2),
            (*good[:3], -0.1, 1, 2),
            (*good[:4], 0.5, 2),
            (*good[:5], 1.5),
            (*good[:5], -1),
            ((), (), *good[2:]),
        ],
    }
    for status, instances in cases.items():
        for found in solve_all(generic, instances):
            assert found.status == status
            assert math.isnan(found.minimum[1]) is (status != 0)
            assert len(found.points) == (2 if status == 0 else 0)
    assert "NaN" in solve_all(generic, cases[2][:1])[0].message


def test_weights_of_the_minimum_have_its_loss(tmp_path):
    data = Moments.from_csv(DATA, "progression", standardize=True)
    program = build(tmp_path, export("c", depth=2, data=data), WEIGHTS)
    done = subprocess.run([program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    sizes, losses, moved, isotropic, full = (
        list(map(float, line.split())) for line in done.stdout.splitlines()
    )
    assert sizes == [92, 220]
    assert losses[1] == pytest.approx(losses[0], rel=1e-13)
    assert moved[0] > losses[1]
    assert moved[1] == pytest.approx(9)
    assert isotropic == pytest.approx([0.3, 3 * 2 ** (1 / 3) / 8], rel=1e-15)
    assert full[0] == pytest.approx(0.396850262992050, rel=1e-14)
    assert full[1] == 4  # two points and room for one


@pytest.mark.ci
def test_interface_alone_declares(tmp_path):
    """Two translation units, of which one holds the functions; optimized, which warns of more."""
    (tmp_path / "solver.c").write_text(export("c"))
    (tmp_path / "user.c").write_text(
        '#define SYMDERIVE_INTERFACE\n#include "solver.c"\n'
        "int main(void) { return symderive_message(0)[0] != 'a'; }\n"
    )
    target = tmp_path / "user"
    subprocess.run(
        [COMPILER, *STRICT, "-O2", "-o", target, tmp_path / "user.c", tmp_path / "solver.c", "-lm"],
        check=True,
    )
    subprocess.run([target], check=True)
