"""Records of options: what they make, and what they refuse, each beside what they do not."""

from dataclasses import FrozenInstanceError, dataclass
from fractions import Fraction
from pathlib import Path
from typing import get_args

import click
import numpy as np
import pytest

from symderive import Moments, Network
from symderive import cli as cli_package
from symderive.cli import COMMANDS, cli
from symderive.cli.records import DataOptions, NetworkOptions, gathered
from symderive.cli.types import DEPTH, PER_LAYER
from symderive.errors import InputError
from symderive.training.optimizers import OPTIMIZERS, Loss


def given(**texts):
    """What click makes of ``--depth``, ``--widths`` and so on."""
    types = {"depth": DEPTH, "width": click.STRING} | dict.fromkeys(
        ("widths", "decay", "weight_decay", "noise", "dropout"), PER_LAYER
    )
    return NetworkOptions(**{name: types[name].convert(text, None, None) for name, text in texts.items()})


@pytest.mark.parametrize(
    ("options", "network"),
    [
        (given(depth="2", width="4", decay="0.1"), Network(2, widths=4, decays="0.1")),
        (given(widths="3,4", decay="1,2,3"), Network(2, widths=[3, 4], decays=[1, 2, 3])),
        (given(widths="5", decay="1"), Network(1, widths=5, decays=1)),
        (given(depth="1", widths="5", decay="1"), Network(1, widths=5, decays=1)),
        (given(depth="0", decay="1/3"), Network(0, decays="1/3")),
        (given(depth="1", width="2", decay="1", noise="1/2"), Network(1, widths=2, decays=1, noise="1/2")),
        (given(depth="1", width="2", decay="1", dropout="1/2"), Network(1, widths=2, decays=1, noise=1)),
    ],
)
def test_networks(options, network):
    assert options.network() == network


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (NetworkOptions(), "the decay is missing; give --decay G, or --weight-decay G"),
        (given(decay="1", weight_decay="2", depth="0"), "--decay and --weight-decay are both given"),
        (given(weight_decay="-2", depth="0"), "weight_decay is -2"),
        (given(decay="1", width="4"), "the depth is missing"),
        (given(decay="1", width="4", widths="3"), "--width and --widths are both given"),
        (given(decay="1", depth="2"), "the widths of 2 hidden layers are missing"),
        (given(decay="1", depth="2.0", width="4"), "--depth '2.0' is not a whole number"),
        (given(decay="1", depth="2", widths="4"), "1 width value given for 2 layers"),
        (given(decay="1", depth="2", widths="4,4,4"), "3 width values given for 2 layers"),
        (given(decay="1", widths=""), "width of layer 1 '' is not a finite decimal number"),
        (given(decay="1,", widths="4"), "decay of layer 2 '' is not a finite decimal number"),
        (given(decay="1", widths="4", noise="1", dropout="0"), "noise and dropout are both given"),
    ],
)
def test_what_makes_no_network(options, says):
    with pytest.raises(InputError) as refused:
        options.network()
    assert says in str(refused.value)


def test_of_two_mistakes_the_same_one_is_named():
    assert "both given" in _refusal(given(decay="x", depth="two", width="4", widths="3"))
    assert "'two'" in _refusal(given(decay="x", depth="two", width="4"))
    assert "decay 'x'" in _refusal(given(decay="x", depth="2", width="4"))


def _refusal(options):
    with pytest.raises(InputError) as refused:
        options.network()
    return str(refused.value)


def test_a_shape_from_elsewhere():
    options = given(decay="1", dropout="1/2")
    assert options.of_shape(2, (3, 4)) == Network(2, widths=[3, 4], decays=1, noise=1)
    with pytest.raises(InputError, match="1 width value"):
        options.of_shape(2, (3,))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,y\n1,2\n3,5\n")
    return str(path)


def test_moments_of_a_table(table):
    assert DataOptions(table, "y").moments().c == Fraction(29, 2)
    assert DataOptions(table, "a").moments().c == 5
    centered = DataOptions(table, "y", center=True).moments()
    assert (centered.means, centered.variances) == ((2, Fraction(7, 2)), None)
    assert DataOptions(table, "y", standardize=True).moments().variances == (1,)
    with pytest.raises(InputError, match=r"the target column of t.csv is missing; give --target COLUMN\."):
        DataOptions(table).moments()
    with pytest.raises(InputError, match="no column 'z'"):
        DataOptions(table, "z").moments()


def test_moments_of_an_archive(tmp_path):
    path = tmp_path / "d.NPZ"
    with path.open("wb") as stream:
        np.savez(stream, X=[[1.0], [3.0]], y=[2.0, 5.0], z=[0.0, 1.0])
    assert DataOptions(str(path)).moments().c == Fraction(29, 2)
    assert DataOptions(str(path), "z").moments().c == Fraction(1, 2)
    assert isinstance(DataOptions(str(path)).moments(), Moments)
    with pytest.raises(InputError, match="no array 'w'"):
        DataOptions(str(path), "w").moments()


@dataclass(frozen=True)
class Pair:
    left: str
    right: str = "right"


def test_options_are_gathered_by_the_fields_of_a_record():
    @gathered(pair=Pair)
    def command(pair, other):
        """Say something."""
        return pair, other

    assert command(left="a", right="b", other=1) == (Pair("a", "b"), 1)
    assert command(left="a", other=1) == (Pair("a", "right"), 1)
    assert command.__doc__ == "Say something."
    with pytest.raises(TypeError, match="left"):  # a field without a default needs its option
        command(right="b", other=1)
    with pytest.raises(TypeError, match="stray"):  # an option that no record and no argument takes
        command(left="a", other=1, stray=2)


def test_records_are_frozen():
    with pytest.raises(FrozenInstanceError):
        DataOptions("t.csv").path = "other.csv"
    assert DataOptions() == DataOptions(None, None, False, False) != DataOptions(center=True)


def command_of(name):
    return cli.get_command(click.Context(cli), name)


def test_help_lists_every_command_and_says_what_it_does():
    modules = {path.stem for path in Path(cli_package.__file__).parent.glob("*.py")}
    shown = cli.get_help(click.Context(cli, info_name="symderive", terminal_width=80))
    for name, summary in COMMANDS.items():
        assert f"{name} {summary}" in " ".join(shown.split())
        assert summary.split()[0] == command_of(name).help.split()[0]  # the verb
        assert name in modules
    assert command_of("none") is None


def _shared():
    """Texts and types of every option, by its name, over the commands whose options go into records."""
    found = {}
    for name in ("solve", "check", "phase"):
        for option in command_of(name).params:
            if isinstance(option, click.Option) and option.name not in ("depth", "decay", "certificate"):
                found.setdefault(option.opts[0], set()).add((option.help, option.metavar, option.type.name))
    return found


def test_a_shared_option_reads_the_same_everywhere():
    """But for the target, of which some commands take several."""
    different = {name: texts for name, texts in _shared().items() if len(texts) > 1}
    assert different.keys() == {"--target"}
    assert all(text.startswith("Column to predict") for text, *_ in different["--target"])
    assert {"--target", "--widths", "--center", "--standardize", "--digits", "--json"} <= set(_shared())


def test_choices_are_those_of_what_they_choose_among():
    """Written out, so that no command has to load what it does not use."""
    command = cli.get_command(click.Context(cli), "check")
    choices = {
        option.name: option.type.choices for option in command.params if hasattr(option.type, "choices")
    }
    assert tuple(choices["loss"]) == get_args(Loss)
    assert tuple(choices["optimizer"]) == tuple(OPTIMIZERS)
