"""What README and the pages show is what happens: every command and program is run, and compared.

``python tests/oracles/shown_pages.py docs/PAGE.md …`` writes what is printed into pages that show something
else; then read the diff.
"""

import re
from pathlib import Path

import click
import pytest
from oracles import shown_pages as pages

from symderive import cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
#: Folders that a build of the site writes.
MADE = {"_build", "gallery", "paper", "statements"}
EVERY = sorted(page for page in DOCS.rglob("*.md") if not MADE & set(page.relative_to(DOCS).parts))
#: The pages that are no notebooks; those are run when the site is built.
PAGES = [page for page in EVERY if not pages.is_notebook(page.read_text(encoding="utf-8"))]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_readme(tmp_path):
    """README speaks to one in a clone; its two blocks that set up, without ``$``, are not run."""
    pages.examples(tmp_path / "clone" / "examples")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    wrong = pages.mistakes(text, "README.md", tmp_path / "clone")
    assert not wrong, "\n\n".join(wrong)
    assert len(pages.idle(text)) <= 2 <= len(pages.steps(text))


@pytest.mark.ci
@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_page(page, tmp_path):
    """A page speaks to one in a folder that ``symderive examples`` made."""
    pages.examples(tmp_path / "symderive-examples")
    text = page.read_text(encoding="utf-8")
    wrong = pages.mistakes(text, _name(page), tmp_path / "symderive-examples")
    assert not wrong, "\n\n".join(wrong)
    assert pages.idle(text) == []  # console blocks that are not to be run say no-test


def _unknown(command: str) -> str | None:
    """What a command of ``symderive`` in a line of text has that symderive has not."""
    _, name, *words = re.findall(r"[^\s=]+", command)
    if name not in cli.COMMANDS:
        return None if name.startswith(("-", "…")) or name.isupper() else name
    known = cli.cli.get_command(click.Context(cli.cli), name).params
    options = {option for each in known for option in (*each.opts, *each.secondary_opts, "--help")}
    return next((word for word in words if word.startswith("--") and word not in options), None)


@pytest.mark.parametrize("page", [ROOT / "README.md", *EVERY], ids=_name)
def test_commands_in_the_text_are_there_with_their_options(page):
    named = pages.named_commands(page.read_text(encoding="utf-8"))
    assert [(command, _unknown(command)) for command in named if _unknown(command)] == []


def test_a_command_that_is_not_there_is_found():
    text = "`symderive solve … --widht 3`\n```console\n$ symderive no\n```\n`symderive sovle` and `--x`."
    assert pages.named_commands(text) == ["symderive solve … --widht 3", "symderive sovle"]
    assert [_unknown(command) for command in pages.named_commands(text)] == ["--widht", "sovle"]
    assert _unknown("symderive solve data.csv --width 3 --decay=1") is None


PAGE = """# A page

```console
$ echo one; echo two \\
    three; echo 3.25 four
one
…
3.2…
$ (exit 3)
$ echo $?
3
```

:::{note}
```python
x = 2
```
:::

```{literalinclude} is_here
```

```python
from pathlib import Path
print(f"{x + 2:4}", Path("is_here").read_text())
```

```text
   4 yes
```

```console no-test
$ false
```
"""


@pytest.fixture
def mistakes(tmp_path):
    """The mistakes of a page, in a folder with one file."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "is_here").write_text("yes")
    return lambda text: pages.mistakes(text, "page.md", folder)


def test_a_true_page_has_no_mistakes(mistakes):
    assert mistakes(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("\n   4 yes", "\n   5 yes", 23, "-   5 yes\n+   4 yes"),  # one digit
        ("\n3\n", "\n4\n", 10, "prints something else"),
        ("…\n3.2…", "two three\n…\n3.2…", 4, "prints something else"),  # nothing is left out there
        ("3.2…", "3.25 four…", 4, "prints something else"),  # the line has no more
        ("3.2…", "3.3…", 4, "prints something else"),
        ("…\n3.2…", "…", 4, None),  # what it stands for may be long
        ("…\n3.2…", "3.2…", 4, "prints something else"),
        ("```text\n   4 yes\n```\n", "", 23, "prints something else"),  # what is printed is shown
        ("```text", "So:\n\n```text", 23, "prints something else"),
        ("$ echo $?\n3\n", "", 9, "ends with exit code 3"),
        ("x + 2", "x + z", 23, "line 25"),  # the traceback tells the line of the page
        ("console no-test", "console", 33, "ends with exit code 1"),
        ("$ false", "false", 32, None),
    ],
)
def test_a_mistake_is_told_with_page_and_line(mistakes, old, new, line, said):
    assert PAGE.count(old) == 1
    wrong = mistakes(PAGE.replace(old, new))
    if said is None:
        assert wrong == []
    else:
        assert len(wrong) == 1
        assert wrong[0].startswith(f"page.md:{line}: ")
        assert said in wrong[0]


def test_commands_of_symderive_are_run(mistakes):
    (wrong,) = mistakes(
        "```console\n$ symderive solve missing.csv --target y --depth 1 --width 1 --decay 1\n```\n"
    )
    assert wrong.startswith("page.md:2: $ symderive solve missing.csv")
    assert "ends with exit code 2" in wrong
    assert "missing.csv" in wrong.splitlines()[-1]


def test_a_console_block_without_a_command_is_named():
    assert pages.idle(PAGE) == []
    assert pages.idle(PAGE.replace("console no-test\n$ ", "console\n")) == [32]


def test_a_page_is_renewed_where_it_is_wrong(mistakes, tmp_path):
    wrong = PAGE.replace("   4 yes", "   5 yes").replace(
        "```console\n$ echo one", "```console\n$ echo null"
    )
    new = pages.renewed(wrong, tmp_path / "folder")
    assert mistakes(new) == []
    assert new == PAGE.replace("$ echo one", "$ echo null").replace(
        "\none\n…\n3.2…", "\nnull\ntwo three\n3.25 four"
    )
    assert pages.renewed(PAGE, tmp_path / "folder") == PAGE
    missing = PAGE.replace("\n```text\n   4 yes\n```\n", "")
    assert pages.renewed(missing, tmp_path / "folder") == PAGE


def test_notebooks_are_left_to_the_site():
    assert pages.is_notebook("---\nkernelspec:\n  name: python3\n---\n# A page\n")
    assert not pages.is_notebook("# A page\n\n---\nkernelspec:\n---\n")
