"""The table of symbols: complete, without clashes, and printed by its own letters."""

from collections import Counter

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.formulas.loss import index_loss, loss_gradient
from symderive.formulas.paper_form import paper_form
from symderive.formulas.reduction import reduce
from symderive.model.network import Network


def repeated(items):
    return [item for item, count in Counter(items).items() if count > 1]


def test_rows_are_distinct():
    assert repeated(entry.code for entry in sy.TABLE) == []
    assert repeated(entry.symbol for entry in sy.TABLE) == []
    assert repeated([*(entry.code for entry in sy.TABLE), "rho"]) == ["rho"]


def test_code_names_are_ascii_identifiers():
    assert all(entry.code.isidentifier() and entry.code.isascii() for entry in sy.TABLE)


def test_every_named_symbol_is_in_the_table():
    listed = {entry.symbol for entry in sy.TABLE}
    kinds = (sp.Symbol, sp.IndexedBase, sp.MatrixSymbol, sy.LayerMatrix)
    named = {value for value in vars(sy).values() if isinstance(value, kinds)}
    assert named <= listed


def letters(expression):
    """Free symbols, an indexed one by its base and a matrix of a layer by its name."""
    bases = {x.base for x in expression.atoms(sp.Indexed)}
    scalars = expression.atoms(sp.Symbol) - {base.label for base in bases}
    names = {x.name for x in expression.atoms(sp.MatrixSymbol, sy.LayerMatrix)}
    return bases | scalars, names


@pytest.mark.parametrize("depth", [None, 2])
def test_formulas_use_only_the_table(depth):
    network = Network.symbolic(depth)
    form = paper_form(network)
    expressions = [value for reduction in (reduce(network), reduce()) for value in formulas(reduction)]
    expressions += [
        value for program in (index_loss(network), loss_gradient(network)) for _, value in program
    ]
    expressions += [form.first_layer, form.ridge, form.layer_scale(3), form.first_layer_of_map()]
    listed = {entry.symbol for entry in sy.TABLE}
    # the expectation names its variables by their labels
    listed |= {base.label for base in listed if isinstance(base, sp.IndexedBase)}
    names = {getattr(symbol, "name", None) for symbol in listed}
    for expression in expressions:
        scalars, matrices = letters(expression)
        assert scalars <= listed
        assert matrices <= names


def formulas(reduction):
    names = [name for name, value in vars(type(reduction)).items() if isinstance(value, property)]
    return [*(getattr(reduction, name) for name in names), reduction.loss(), reduction.spectral_moment(2)]


def test_layer_matrix_is_one_family():
    assert sy.W.subs(sy.i, 2) == sy.LayerMatrix("W", 2, sy.d[2], sy.d[1])
    assert sy.W.subs(sy.i, 2) != sy.W.subs(sy.i, 3)
    assert sy.W[0, 1].subs(sy.i, 2) == sy.W.subs(sy.i, 2)[0, 1]
    assert sp.latex(sy.M_bar.subs(sy.i, sy.i - 1)) == r"\bar{M}_{i - 1}"
    total = sp.Sum(sp.Trace(sy.S), (sy.i, 1, sy.D)).subs(sy.D, 2).doit()
    assert total == sp.Trace(sy.S.subs(sy.i, 1)) + sp.Trace(sy.S.subs(sy.i, 2))


def test_latex_uses_the_letters_of_the_table():
    assert sy.latex(sy.gamma_bar * sy.m_quad) == r"\bar{\gamma} m^{\top} A m"
    assert sp.latex(sy.m_quad) != r"m^{\top} A m"
