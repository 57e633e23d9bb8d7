"""C files as programs use them: header and source, prefixes, compilers, flags that break arithmetic."""

import re
import shutil
import subprocess

import numpy as np
import pytest
from oracles.sampled import some

from symderive import InputError, Moments
from symderive.export import export, export_files
from symderive.export.check.runners import C_WARNINGS, _compiler

COMPILER, STRICT = _compiler(), ("-std=c99", *C_WARNINGS)

pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C compiler")

CPP = shutil.which("g++") or shutil.which("clang++")

#: Compilers and their languages that take the files without a word.
LANGUAGES = [
    (compiler, language)
    for compiler in ("gcc", "clang", "g++", "clang++")
    if shutil.which(compiler)
    for language in (("c++17",) if compiler.endswith("++") else ("c99", "c11"))
]

#: Flags under which results may be wrong; each has to be refused, or to leave them right.
DOUBTFUL = (
    *some(("-O2 -ffast-math", "-Ofast", "-O2 -ffinite-math-only", "-O2 -mfpmath=387"), 2, ci=1),
    *some(
        (
            "-O1 -funsafe-math-optimizations",
            "-O3 -funsafe-math-optimizations -fno-finite-math-only -march=native",
            "-O2 -fassociative-math -fno-signed-zeros -fno-trapping-math",
            "-O2 -freciprocal-math",
            "-O1 -mrecip -fno-trapping-math",
        ),
        5,
    ),
)

#: Flags that have to leave the results right.
HARMLESS = (
    "-O0",
    *some(
        ("-O1 -frounding-math", "-O3 -march=native -fno-math-errno -fno-trapping-math -ffp-contract=fast"),
        2,
        ci=1,
    ),
)

#: The instance of which -ffast-math loses the points without a word, unless it is refused.
FRAGILE = r"""
#include "solver.h"
#include <stdio.h>
int main(void)
{
    const double a[1] = {0.09839201818857148}, p[1] = {1.0381326890355327};
    double work[SYMDERIVE_WORK(1)];
    symderive_point points[2];
    size_t count;
    ptrdiff_t best;
    const int status = symderive_stationary_points(1, a, p, 21.101969613956243, 1.2503283855278003e-05, 1e8,
                                                   3, work, 2, points, &count, &best);
    printf("%d %d %d\n", status, (int)count, (int)best);
    return 0;
}
"""


def write(folder, **options):
    """The files of a solver of depth 2 or 3, unless said otherwise, which compile in less time."""
    for name, text in export_files("c", options.pop("stem", "solver"), **options).items():
        (folder / name).write_text(text)


def compiled(folder, sources, *flags, compiler=COMPILER):
    command = [compiler, *flags, *sources, "-o", folder / "program", "-lm"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def printed(folder):
    return subprocess.run([folder / "program"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("compiler", "language"), LANGUAGES)
@pytest.mark.parametrize("single", [False, True])
def test_compilers_have_nothing_to_say(tmp_path, compiler, language, single):
    write(tmp_path, single=single)
    flags = ["-x", "c++"] if compiler.endswith("++") else []
    for name in ("solver.c", "solver_test.c"):
        command = [compiler, *flags, f"-std={language}", *C_WARNINGS, "-fsyntax-only", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "options", some([{"single": True, "prefix": "mine", "depth": 1}, {"depth": 2}, {}], 3), ids=str
)
def test_the_test_passes_and_notices(tmp_path, options):
    write(tmp_path, **options)
    sources = ["solver_test.c", "solver.c"]
    assert compiled(tmp_path, sources, *STRICT).stderr == ""
    done = printed(tmp_path)
    assert (done.returncode, done.stdout) == (0, "all right\n")
    source = (tmp_path / "solver.c").read_text()
    for right, wrong in (
        ("at.ridge = ridge[k];", "at.ridge = ridge[k] * (1 + @);"),
        ("kind[k]", "-kind[k]"),
    ):
        assert right in source
        small = "1e-5f" if options.get("single") else "1e-13"
        (tmp_path / "solver.c").write_text(source.replace(right, wrong.replace("@", small)))
        compiled(tmp_path, sources)
        done = printed(tmp_path)
        assert done.returncode == 1
        assert "errors" in done.stdout


@pytest.mark.parametrize("flags", DOUBTFUL)
def test_doubtful_arithmetic_is_refused_or_does_no_harm(tmp_path, flags):
    write(tmp_path, depth=3)
    (tmp_path / "main.c").write_text(FRAGILE)
    done = compiled(tmp_path, ["main.c", "solver.c"], *flags.split())
    if done.returncode:
        assert "compile this file" in done.stderr
        return
    assert printed(tmp_path).stdout in ("0 2 0\n", "5 0 -2\n")


@pytest.mark.parametrize("flags", HARMLESS)
def test_harmless_flags_are_not_refused(tmp_path, flags):
    write(tmp_path, depth=3)
    (tmp_path / "main.c").write_text(FRAGILE)
    compiled(tmp_path, ["main.c", "solver.c"], *flags.split())
    assert printed(tmp_path).stdout == "0 2 0\n"


@pytest.mark.parametrize(
    "flags", some(["-O1 -freciprocal-math", "-O2 -ffast-math", "-O2 -funsafe-math-optimizations"], 3)
)
def test_without_its_guards_the_file_would_be_refused_by_its_status(tmp_path, flags):
    """So that the probe is known to see what the macros may not say."""
    write(tmp_path, depth=3)
    (tmp_path / "main.c").write_text(FRAGILE)
    source = (tmp_path / "solver.c").read_text()
    (tmp_path / "solver.c").write_text(re.sub(r"#error .*", "", source))
    compiled(tmp_path, ["main.c", "solver.c"], *flags.split())
    assert printed(tmp_path).stdout == "5 0 -2\n"


MODES = r"""
#include "solver.c"
#include <fenv.h>
#include <stdio.h>
int main(void)
{
    const int modes[4] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; ++i) {
        fesetround(modes[i]);
        printf("%d", PREFIX_arithmetic());
    }
    return 0;
}
"""


@pytest.mark.parametrize("single", some([False, True], 2, ci=1))
def test_directions_of_rounding_are_noticed(tmp_path, single):
    write(tmp_path, single=single, depth=0)
    (tmp_path / "main.c").write_text(MODES.replace("PREFIX", "symderive"))
    compiled(tmp_path, ["main.c"], "-O1")
    assert printed(tmp_path).stdout == "0555"


def test_solvers_of_two_prefixes_link_into_one_program_from_c_plus_plus(tmp_path):
    if CPP is None:
        pytest.skip("no C++ compiler")
    write(tmp_path, stem="two", depth=2, prefix="two")
    write(tmp_path, stem="three", depth=3, prefix="three", single=True)
    (tmp_path / "main.cpp").write_text(
        '#include "two.h"\n#include "three.h"\n#include <cstdio>\n'
        "int main() {\n"
        "    const double a = 1, p = 1; const float b = 1, q = 1;\n"
        "    double work[TWO_WORK(1)]; float small[THREE_WORK(1)]; two_point x; three_point y;\n"
        "    const int s = two_global_minimum(1, &a, &p, 4, .1, 1, 2, work, &x);\n"
        "    const int t = three_global_minimum(1, &b, &q, 4, .1f, 1, 3, small, &y);\n"
        '    std::printf("%d %d %.3f %.3f\\n", s, t, x.ridge, y.ridge);\n}\n'
    )
    for name in ("two.c", "three.c"):
        done = subprocess.run(
            [COMPILER, "-c", name], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    done = compiled(
        tmp_path, ["main.cpp", "two.o", "three.o"], "-std=c++17", "-Wall", "-Werror", compiler=CPP
    )
    assert done.stderr == ""
    statuses = printed(tmp_path).stdout.split()
    assert statuses[:2] == ["0", "0"]
    assert all(0 < float(ridge) < 1 for ridge in statuses[2:])


def test_names_of_the_including_file_are_free(tmp_path):
    for name, text in (("one", export("c", prefix="one")), ("two", export("c", depth=2, prefix="two"))):
        (tmp_path / f"{name}.c").write_text(text)
        # Every name with linkage, and every tag, constant and macro, begins with the prefix.
        outer = re.findall(r"^(?![#\s/*])[^(\n]*?(\w+)\(", text, re.M)
        outer += re.findall(r"^#define (\w+)", text, re.M) + re.findall(r"^\} (\w+);", text, re.M)
        assert len(outer) > 40
        assert [found for found in outer if not found.lower().startswith(name)] == []
    (tmp_path / "main.c").write_text(
        "static double larger(double x) { return x; }\n"
        "enum { WIDE = 1 }; struct roots { int x; }; typedef int group;\n"
        '#include "one.c"\n#include "two.c"\n'
        "int main(void) { group g = WIDE;\n"
        "    return larger(g) != 1 || one_message(0)[0] != two_message(0)[0]; }\n"
    )
    assert compiled(tmp_path, ["main.c"], *STRICT).stderr == ""
    assert printed(tmp_path).returncode == 0


@pytest.mark.parametrize("whole", [True, False])
def test_the_example_in_the_comment_compiles_and_runs(tmp_path, whole):
    if whole:
        (tmp_path / "FILE").write_text(export("c", depth=3))
        text, sources = export("c", depth=3), ["-x", "c", "FILE"]
    else:
        write(tmp_path, depth=3)
        text, sources = (tmp_path / "solver.h").read_text(), ["solver.c"]
    comment = text[: text.index("*/")].split("Example:")[1]
    example = "\n".join(line[7:] for line in comment.splitlines())
    (tmp_path / "main.c").write_text(example)
    assert compiled(tmp_path, ["main.c", *sources], *STRICT).stderr == ""
    done = printed(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("all stationary points were found; ridge 0.08")


def test_one_impossible_row_leaves_the_others_alone(tmp_path):
    write(tmp_path, depth=2)
    (tmp_path / "main.c").write_text(
        '#include "solver.h"\n#include <math.h>\n#include <stdio.h>\n'
        "int main(void) {\n"
        "    enum { N = 100 }; double a[N], p[N], c[N], g[N], r[N], d[N], work[SYMDERIVE_WORK(1)];\n"
        "    symderive_point points[2 * N]; size_t count[N]; ptrdiff_t best[N]; int status[N], sum = 0;\n"
        "    for (int i = 0; i < N; ++i) a[i] = p[i] = 1, c[i] = 4, g[i] = 0.1, r[i] = 1, d[i] = 2;\n"
        "    p[3] = -1e-30; c[70] = 0.5; g[99] = NAN; c[40] = 1;\n"
        "    const int worst = symderive_stationary_points_batch(\n"
        "        N, 1, a, p, 1, c, g, r, d, work, 2, points, count, best, status);\n"
        "    for (int i = 0; i < N; ++i) sum += status[i] == 0 && count[i] == 2 && best[i] == 0;\n"
        '    printf("%d %d %d %d %d\\n", worst, sum, status[3], status[70], status[99]);\n'
        "    return 0;\n}\n"
    )
    assert compiled(tmp_path, ["main.c", "solver.c"], *STRICT).stderr == ""
    assert printed(tmp_path).stdout == "3 97 3 3 2\n"


@pytest.mark.parametrize("prefix", ["", "9a", "a-b", "A", "a b", "a__b", "_a", "a_", "fe", "x" * 25])
def test_prefixes_that_no_name_can_have_are_refused(prefix):
    with pytest.raises(InputError, match="prefix"):
        export("c", prefix=prefix)


def test_options_of_c_are_refused_elsewhere():
    for options in ({"prefix": "a"}, {"single": True}):
        with pytest.raises(InputError, match="for C"):
            export("numpy", **options)


def test_data_out_of_the_range_of_float_are_refused():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 2)) * 1e30
    moments = Moments.from_samples(X, X[:, 0])
    assert "second_moment" in export("c", data=moments)
    with pytest.raises(InputError, match="single precision"):
        export("c", data=moments, single=True)


@pytest.mark.parametrize(
    ("lines", "fails"),
    [
        ('#include "two.c"\n#include "three.c"\n', True),
        ('#include "two.h"\n#include "three.h"\n', True),
        ('#include "two.c"\n#include "two.h"\n#include "two.c"\n', False),
        ('#define SYMDERIVE_INTERFACE\n#include "two.c"\n', False),
    ],
)
def test_two_solvers_of_one_prefix_do_not_pass_for_one(tmp_path, lines, fails):
    write(tmp_path, stem="two", depth=2)
    write(tmp_path, stem="three", depth=3)
    (tmp_path / "main.c").write_text(lines)
    command = [COMPILER, "-c", "main.c", "-o", "main.o"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == fails
    assert ("two different solvers have the prefix symderive" in done.stderr) == fails
    if "INTERFACE" in lines:
        symbols = subprocess.run(["nm", "main.o"], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert " T " not in symbols.stdout
