"""What is released: one version and one address everywhere, links that work elsewhere, whole archives."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import tarfile
import zipfile
from configparser import ConfigParser
from email.parser import BytesParser
from fnmatch import fnmatch
from pathlib import Path

import pytest

from symderive import __version__
from symderive.files.examples import example_files

ROOT = Path(__file__).parents[2]
SETUP = runpy.run_path(str(ROOT / "setup.py"))

#: What every source archive holds, beside what git does, and what no archive does.
NEEDED = ("PKG-INFO", "symderive.egg-info/*", "setup.cfg")
UNWANTED = (
    "*__pycache__*",
    "*.pyc",
    "*.part",
    "*/_build/*",
    "docs/gallery/*",
    "*.hypothesis*",
    "*.egg-info/*",
)


def address() -> str:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config["metadata"]["url"]


@pytest.mark.parametrize(("python", "refused"), [((3, 10, 13), True), ((3, 11, 0), False)])
def test_an_older_python_is_told_so_at_once(monkeypatch, python: tuple[int, ...], refused: bool) -> None:
    """Before pip searches among the extras; the near-miss is the oldest Python that will do."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert config["options"]["python_requires"] == ">=" + ".".join(map(str, SETUP["OLDEST"]))
    built: list[str] = []
    monkeypatch.setattr("setuptools.setup", lambda **given: built.extend(given))
    monkeypatch.setattr("sys.version_info", python)
    if refused:
        with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
            runpy.run_path(str(ROOT / "setup.py"), run_name="__main__")
    else:
        runpy.run_path(str(ROOT / "setup.py"), run_name="__main__")
    assert bool(built) is not refused


def test_the_version_has_one_source() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert config["metadata"]["version"] == "attr: symderive.__version__"
    assert (
        versions_that_differ((ROOT / "CITATION.cff").read_text(), (ROOT / "CHANGELOG.md").read_text()) == []
    )


def versions_that_differ(citation: str, changes: str) -> list[str]:
    """What CITATION and CHANGELOG say otherwise: the version, and whether it is released."""
    [cited] = re.findall(r"^version: (.+)$", citation, re.MULTILINE)
    newest, remark = re.findall(r"^## (\d\S*)(.*)$", changes, re.MULTILINE)[0]
    found = []
    if cited != __version__:
        found.append("cited version")
    if newest != __version__:
        found.append("version of the newest changes")
    if ("date-released:" in citation) == ("unreleased" in remark.lower()):
        found.append("release")
    return found


@pytest.mark.parametrize(
    ("citation", "changes", "fault"),
    [
        ("version: 9.9.9\n", "## {v} (unreleased)\n", "cited version"),
        ("version: {v}\n", "## 9.9.9 (unreleased)\n", "version of the newest changes"),
        ("version: {v}\ndate-released: 2026-01-01\n", "## {v} (unreleased)\n", "release"),
        ("version: {v}\n", "## {v} (2026-01-01)\n", "release"),
    ],
)
def test_versions_that_differ_are_found(citation: str, changes: str, fault: str) -> None:
    texts = (text.replace("{v}", __version__) for text in (citation, changes))
    assert versions_that_differ(*texts) == [fault]


def test_the_address_is_the_same_everywhere() -> None:
    assert f'repository-code: "{address()}"' in (ROOT / "CITATION.cff").read_text()
    assert all(url.startswith(address()) for url in SETUP["described"]()["project_urls"].values())


TEXT = """A [page](docs/a.md#b), [`code`](examples/x.py), ![picture](docs/p.png), [![both](p.svg)](docs/).
`[no](link)` [away](https://a.org/b) [below](#c)
```python
a[i](j)
```
<img src="docs/p.png" alt="p"> <a href='LICENSE'>text</a>

[name]: CHANGELOG.md
"""


def test_links_become_absolute() -> None:
    assert SETUP["absolute"](TEXT, "P", "R") == (
        "A [page](P/docs/a.md#b), [`code`](P/examples/x.py), ![picture](R/docs/p.png), "
        "[![both](R/p.svg)](P/docs/).\n"
        "`[no](link)` [away](https://a.org/b) [below](#c)\n"
        "```python\na[i](j)\n```\n"
        '<img src="R/docs/p.png" alt="p"> <a href=\'P/LICENSE\'>text</a>\n\n[name]: P/CHANGELOG.md\n'
    )


def relative_links(text: str) -> list[str]:
    """Targets of Markdown links that lead nowhere outside the repository."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)", re.sub(r"(?<!\[)`[^`\n]+`", "", text))
    targets += re.findall(r"(?:src|href)=[\"']([^\"']+)", text)
    return [target for target in targets if not target.startswith(("https://", "#"))]


def test_the_long_description_has_no_relative_links_and_its_pictures_exist() -> None:
    text = SETUP["described"]()["long_description"]
    assert relative_links(text) == []
    below = rf"{re.escape(address())}/blob/v[^/]+/|https://raw\.githubusercontent\.com/[^/]+/[^/]+/v[^/]+/"
    named = re.findall(rf"(?:{below})([^)\s\"'#]+)", text)
    assert named
    assert all((ROOT / name).exists() for name in named)
    assert relative_links((ROOT / "README.md").read_text())  # so that it is not empty for another reason


def in_git() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("this is no clone")
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def unwanted(names: list[str]) -> list[str]:
    return [name for name in names if any(fnmatch(name, pattern) for pattern in UNWANTED)]


def lacking(names: list[str], wanted: list[str]) -> list[str]:
    return sorted(set(wanted) - set(names))


def test_what_is_unwanted_or_lacking_is_found() -> None:
    assert unwanted(["tests/test_a.py", "tests/__pycache__/a.pyc"]) == ["tests/__pycache__/a.pyc"]
    assert lacking(["tests/test_a.py"], ["tests/test_a.py", "tests/conftest.py"]) == ["tests/conftest.py"]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source archive; the wheel is made from the source archive, as for a release."""
    pytest.importorskip("build")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    [wheel], [source] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return {"wheel": wheel, "source": source}


@pytest.mark.ci
def test_the_wheel_has_the_package_and_the_examples_alone(archives: dict[str, Path]) -> None:
    with zipfile.ZipFile(archives["wheel"]) as wheel:
        names = wheel.namelist()
        [metadata] = (name for name in names if name.endswith("/METADATA"))
        head = BytesParser().parsebytes(wheel.read(metadata))
    assert {name.split("/")[0] for name in names} == {"symderive", f"symderive-{__version__}.dist-info"}
    assert unwanted(names) == []
    assert not [name for name in names if re.search(r"(^|/)(tests?|conftest)\b", name)]
    examples = [f"symderive/examples/{path.as_posix()}" for path in example_files(ROOT / "examples")]
    assert lacking(names, [*examples, "symderive/py.typed", "symderive/derivations/notation.py"]) == []
    assert head["Version"] == __version__
    assert relative_links(str(head.get_payload())) == []


@pytest.mark.ci
def test_the_source_archive_has_what_git_has(archives: dict[str, Path]) -> None:
    with tarfile.open(archives["source"]) as source:
        names = [name.partition("/")[2] for name in source.getnames()]
    assert lacking(names, in_git()) == []
    assert unwanted([name for name in names if not fnmatch(name, "symderive.egg-info*")]) == []


@pytest.mark.ci
def test_twine_has_nothing_to_say(archives: dict[str, Path], tmp_path: Path) -> None:
    pytest.importorskip("twine")
    twine = [sys.executable, "-m", "twine", "check", "--strict"]
    for path in archives.values():
        done = subprocess.run([*twine, path], capture_output=True, text=True, check=False)
        assert (done.returncode, "PASSED" in done.stdout) == (0, True), done.stdout
    broken = tmp_path / archives["wheel"].name  # without a description, of which strict twine warns
    with zipfile.ZipFile(archives["wheel"]) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.partition(b"\n\n")[0] if name.endswith("/METADATA") else content)
    done = subprocess.run([*twine, broken], capture_output=True, text=True, check=False)
    assert done.returncode != 0


@pytest.mark.ci
def test_who_installed_the_wheel_gets_the_examples(archives: dict[str, Path], tmp_path: Path) -> None:
    """Without a clone: the wheel is unpacked, and run from another folder."""
    with zipfile.ZipFile(archives["wheel"]) as wheel:
        wheel.extractall(tmp_path / "site")
    program = "import sys; sys.argv[0] = 'symderive'; from symderive.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-P", "-c", program]
    work = tmp_path / "work"
    work.mkdir()
    for arguments in (
        ("examples",),
        (
            "solve",
            "symderive-examples/diabetes.csv",
            "--target",
            "progression",
            "--depth",
            "0",
            "--decay",
            "1",
            "--center",
        ),
    ):
        done = subprocess.run(
            [*command, *arguments], cwd=work, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert "global minimum" in done.stdout
    assert example_files(work / "symderive-examples") == example_files(ROOT / "examples")
