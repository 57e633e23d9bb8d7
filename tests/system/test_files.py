"""What commands refuse about their files before they compute anything, and what a full disk leaves."""

import json
import os
import sys
from hashlib import sha256

import pytest
from oracles.limits import largest_file
from oracles.permissions import folder_of_plain_user, plain_user

from symderive import InputError, Moments, Network, Spectrum, cli, solve
from symderive.certificates.certificate import write_certificate
from symderive.cli.export import _written
from symderive.cli.records import DataOptions
from symderive.library.start import write_start
from symderive.sweeps.grid import Grid
from symderive.sweeps.store import Store
from symderive.sweeps.sweep import solve_grid
from symderive.sweeps.tables import write_table
from symderive.writers.output import place, require_paper_folder

TABLE = "a,b,y\n1,2,3\n2,1,5\n3,5,4\n4,3,8.5\n"

SOLVE = "solve mine.csv --target y --depth 1 --width 4 --decay 0.01 "
CHECK = "check mine.npz mine.csv --target y --decay 0.01 "
PHASE = "phase mine.csv --target y --depth 1 --width 4 --vary decay=0.1:0.2:2 "
EXPORT = "export --depth 1 --target y --data "

#: Files that are data wherever they are read, and their names.
SOURCES = ("mine.csv", "mine.h", "mine.c", "mine_test.c", "mine_test.py", "mine.py", "mine.npz")


class Computed(Exception):  # noqa: N818 - it is no error
    """What a command does after it has looked at its files."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in SOURCES:
        (tmp_path / name).write_text(TABLE)
    for name in ("paper", "own", "other", "killed"):
        (tmp_path / name).mkdir()
    ours = json.dumps({"symderive": "0", "files": ["paper.html", "paper.tex", "manifest.json"]})
    for name, text in (
        ("paper/manifest.json", ours),
        ("paper/paper.html", "earlier"),
        ("own/paper.tex", "a thesis"),
        ("other/manifest.json", '{"files": ["paper.tex"]}'),
        ("killed/.manifest.json.01234567-1-0.part", ours),
        ("killed/paper.tex", "put there before the end"),
    ):
        (tmp_path / name).write_text(text)
    (tmp_path / "mine.json").write_text('{"weight_map": {"U": "mine.npz"}}')
    os.link("mine.csv", "hard.csv")
    os.mkfifo("pipe.npz")
    for link, target in (
        ("link.csv", "mine.csv"),
        ("to-pipe.npz", "pipe.npz"),
        ("to.npz", "new.npz"),
        ("mine.svg", "mine.py"),
        ("own/link", "../paper"),
    ):
        os.symlink(target, link)
    return tmp_path


@pytest.fixture
def run(run, monkeypatch):
    """Run a command until it reads its data: exit code, standard output, standard error."""

    def computed(*_arguments, **_options):
        raise Computed

    monkeypatch.setattr(DataOptions, "moments", computed)
    monkeypatch.setattr(DataOptions, "either_moments", computed)
    monkeypatch.setattr("symderive.training.checkpoint.read_checkpoint", computed)
    monkeypatch.setattr("symderive.library.catalog.select", computed)

    return lambda line: run(*line.split())


def contents(folder):
    return {path.relative_to(folder): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (SOLVE + "--weights mine.csv", "--weights mine.csv is the file that is read as DATA"),
        (SOLVE + "--weights ./mine.csv", "read as DATA"),
        (SOLVE + "--weights link.csv", "read as DATA"),
        (SOLVE + "--certificate hard.csv", "--certificate hard.csv is the file that is read as DATA"),
        (SOLVE + "--weights both --certificate both", "are one file"),
        (SOLVE + "--weights to.npz --certificate new.npz", "are one file"),
        (SOLVE + "--weights pipe.npz", "device or a pipe"),
        (SOLVE + "--weights to-pipe.npz", "device or a pipe"),
        (SOLVE + "--certificate /dev/stdout", "device or a pipe"),
        (SOLVE + "--certificate -", "standard output"),
        (SOLVE + "--weights .", "is a folder"),
        (SOLVE + "--weights new.npz/", "is a folder"),
        (SOLVE + "--certificate nowhere/c.json", "does not exist"),
        (
            CHECK + "--write-optimum mine.npz",
            "--write-optimum mine.npz is the file that is read as WEIGHTS",
        ),
        (CHECK + "--write-optimum pipe.npz", "device or a pipe"),
        (
            CHECK.replace("mine.npz", "mine.json") + "--write-optimum ./mine.npz",
            "--write-optimum ./mine.npz is the file that is read as WEIGHTS",
        ),
        (SOLVE.replace("mine.csv", "own"), "DATA own is a folder"),
        (CHECK.replace("mine.npz", "."), "WEIGHTS . is a folder"),
        ("check --certificate own", "--certificate own is a folder"),
        ("check --certificate pipe.npz", "a pipe with a name"),
        (PHASE + "--table mine.csv", "--table mine.csv is the file that is read as DATA"),
        (PHASE + "--table ./link.csv", "read as DATA"),
        (PHASE + "--table new.csv --out nowhere/new.svg", "does not exist"),
        (
            EXPORT + "mine_test.py --language numpy --out mine.py",
            "mine_test.py is the file that is read as",
        ),
        (EXPORT + "mine.h --language c --out mine.c", "mine.h is the file that is read as --data"),
        (EXPORT + "mine.c --language c --out mine", "mine.c is the file that is read as --data"),
        (EXPORT + "mine_test.c --language c --out mine.h", "mine_test.c is the file that is read as"),
        (EXPORT + "hard.csv --language c --out mine.h", "mine.c is not from this command"),
        ("derive mine.py --graph mine.svg", "--graph mine.svg is the file that is read as FILE"),
        ("derive --out paper --format html --graph paper/paper.html", "are one file"),
        ("derive --out own/link --format html --graph paper/paper.html", "are one file"),
        ("derive --out paper --graph paper/figures/one.svg", "does not exist"),
        ("derive --out paper --cache paper", "its key would lie among the files of the paper"),
        ("derive --out paper --cache ./paper/figures/../cache", "its key would lie among the files"),
        ("derive --cache= minima", "--cache is empty"),
        ("derive --out own", "own/paper.tex is not from this command"),
        ("derive --out other", "other/manifest.json is not from this command"),
        ("derive --out mine.csv", "mine.csv is a file"),
        ("derive --out mine.csv/paper", "mine.csv is a file"),
        ("derive --new mine.py", "is there already"),
        ("derive --new mine.svg", "end its name in .py"),
    ],
)
def test_files_are_refused_before_anything_is_computed(run, folder, line, says):
    before = contents(folder)
    code, out, err = run(line)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert len(err) < 300
    assert contents(folder) == before


@pytest.mark.parametrize(
    "line",
    [
        SOLVE + "--weights mine.npz --certificate new.json",
        SOLVE + "--weights to.npz --certificate to.json",
        SOLVE + "--weights hard.npz",
        CHECK + "--write-optimum new.npz",
        CHECK + "--write-optimum to.npz",
        PHASE + "--table new.csv --out new.svg",
        EXPORT + "mine_test.py --language numpy --out other.py",
        EXPORT + "mine_test.py --language julia --out mine.jl",
        EXPORT + "mine.csv --language c --out another",
        "derive mine.py --graph new.svg",
        "derive --out paper --graph paper/new.svg",
        "derive --out paper --graph paper/paper.html",  # without --format html it is nobody's
        "derive mine.py --out paper",
        "derive --out own/new",
        "derive --out killed",  # what a killed run has left there is ours
    ],
)
def test_files_that_only_look_like_it_are_taken(run, folder, line):
    before = contents(folder)
    with pytest.raises(Computed):
        run(line)
    assert contents(folder) == before


def test_no_file_of_a_paper_takes_the_place_of_one_that_is_not_from_here(tmp_path):
    """The files of a paper are not all known before it is made."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "one.svg").write_text("mine")
    require_paper_folder(tmp_path)
    with pytest.raises(InputError, match=r"one\.svg is not from this command"):
        place(tmp_path, {"paper.tex": b"", "figures/one.svg": b"", "manifest.json": b"{}"})
    assert [path.name for path in tmp_path.rglob("*")] == ["figures", "one.svg"]
    place(tmp_path, {"paper.tex": b"", "figures/two.svg": b"", "manifest.json": b"{}"})
    assert (tmp_path / "figures" / "one.svg").read_text() == "mine"


@pytest.mark.parametrize("name", ["paper.tex", "figures/one.svg"])
def test_a_file_of_a_paper_that_somebody_changed_is_not_replaced(tmp_path, name):
    files = {"paper.tex": b"first", "figures/one.svg": b"drawn"}
    digests = {key: sha256(content).hexdigest() for key, content in files.items()}
    listed = {"symderive": "0", "files": [*files, "manifest.json"], "sha256": digests}
    whole = files | {"manifest.json": json.dumps(listed).encode()}
    place(tmp_path, whole)
    place(tmp_path, whole)  # nobody changed anything
    before = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(before + b" by hand")
    for again in (whole, {"notation.tex": b"", "manifest.json": b"{}"}):  # replaced, or removed
        with pytest.raises(InputError, match="was changed since this command wrote it"):
            place(tmp_path, again)
    with pytest.raises(InputError, match="was changed since this command wrote it"):
        require_paper_folder(tmp_path)
    assert (tmp_path / name).read_bytes() == before + b" by hand"
    (tmp_path / name).write_bytes(before)
    place(tmp_path, whole)


def test_a_store_may_be_a_link_and_once_finished_read_only(tmp_path, swept):
    task, points = {"format": "of a test"}, swept[2]
    # Libraries are imported before the user changes, who may not enter where they are installed.
    first = Store(tmp_path / "s", task)
    first.save(0, points)
    assert first.load(0) is not None
    with folder_of_plain_user() as folder, plain_user():
        (folder / "link").symlink_to("store")
        Store(folder / "link", task).save(0, points)
        (folder / "store" / ".chunk-000001.0123abcd-1-0.part").write_bytes(b"of another machine")
        assert (folder / "link").is_symlink()
        (folder / "store").chmod(0o555)
        store = Store(folder / "link", task)
        assert store.load(0).size == points.size
        with pytest.raises(InputError, match="nothing can be put into"):
            store.save(1, points)
        (folder / "empty").mkdir(0o555)
        with pytest.raises(InputError, match=r"the store .*nothing can be put into"):
            Store(folder / "empty", task)
        (folder / "store").chmod(0o755)
        assert len(list((folder / "store").iterdir())) == 3


# -- full disks ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def landscape():
    return solve(
        Network(2, widths=40, decays="0.01"), Moments.given([[2, 1], [1, 3]], [1, 2], 4), digits=15
    )


@pytest.fixture(scope="module")
def swept():
    data = Spectrum.of([1], [1])
    grid = Grid.of({"decay": [f"{n}/100" for n in range(1, 41)]}, depth=2, width=1)
    return grid, data, solve_grid(grid, data, doubles=True)


def _npz(folder, landscape, _swept):
    landscape.layers(0).save(folder / "w.npz")


def _pt(folder, landscape, _swept):
    landscape.layers(0).save(folder / "w.pt")


def _safetensors(folder, landscape, _swept):
    landscape.layers(0).save(folder / "w.safetensors")


def _certificate(folder, _landscape, _swept):
    write_certificate({"rows": ["1"] * 1000}, folder / "c.json")


def _csv(folder, _landscape, swept):
    write_table(folder / "t.csv", *swept, method="doubles")


def _netcdf(folder, _landscape, swept):
    write_table(folder / "t.nc", *swept, method="doubles")


def _chunk(folder, _landscape, swept):
    store = Store(folder / "s", {"format": "of a test"})
    store.save(0, swept[2])


def _paper(folder, _landscape, _swept):
    files = {"equations/a.tex": b"a", "paper.tex": b"x" * 4000}
    manifest = {"symderive": "0", "files": [*files, "manifest.json"]}
    place(folder / "p" / "q", files | {"manifest.json": json.dumps(manifest).encode()})


def _solver(folder, _landscape, _swept):
    _written(folder / "solver.h", {"solver.h": "short", "solver.c": "x" * 4000, "solver_test.c": "short"})


def _start(folder, _landscape, _swept):
    write_start(folder / "mine.py")


@pytest.mark.parametrize(
    "write",
    [
        _npz,
        pytest.param(_pt, marks=pytest.mark.torch),
        _safetensors,
        _certificate,
        _csv,
        _netcdf,
        _chunk,
        _paper,
        _solver,
        _start,
    ],
    ids=lambda write: write.__name__,
)
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path, landscape, swept, write):
    with largest_file(1000), pytest.raises(InputError, match="cannot be written") as refused:
        write(tmp_path, landscape, swept)
    assert len(str(refused.value)) < 300
    assert "(File too large); " in str(refused.value)
    assert {path.name for path in tmp_path.rglob("*")} <= {"s", "sweep.json"}  # a store that is whole
    write(tmp_path, landscape, swept)
    before = contents(tmp_path)
    assert len(before) >= 1
    assert not [path for path in before if path.suffix == ".part"]
    if write is not _start:  # which replaces nothing
        with largest_file(1000), pytest.raises(InputError, match="cannot be written"):
            write(tmp_path, landscape, swept)
        assert contents(tmp_path) == before


def test_of_two_outputs_none_is_written_where_one_fails(folder, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["symderive", *SOLVE.split(), "--weights", "w.npz", "--certificate", "c"]
    )
    before = contents(folder)
    with largest_file(1000), pytest.raises(SystemExit) as stop:
        cli.main()
    assert (stop.value.code, contents(folder)) == (2, before)
    assert "cannot be written (File too large)" in capsys.readouterr().err
