"""The arguments of the blocks, θ and limits: all of the description that takes no formula of SymPy's.

The certified search is described with these alone, so that it can be run without loading SymPy.
"""

from __future__ import annotations

from symderive.export.ir.nodes import VECTOR, Node, most, symbol

A, P = symbol("a", VECTOR), symbol("p", VECTOR)
ALPHA, WEIGHT = symbol("alpha", VECTOR), symbol("weight", VECTOR)
C, DECAY, NOISE, DEPTH = map(symbol, ("c", "mean_decay", "noise_factor", "depth"))
U, SIDE, LEVEL, END, X = map(symbol, ("u", "side", "level", "end", "x"))
SCALE, STRENGTH = map(symbol, ("scale", "strength"))
LAYER_DECAY, ONE_DECAY, FAN_IN, FAN_OUT = map(symbol, ("layer_decay", "decay", "fan_in", "fan_out"))
MEAN, EIGENVALUE, V_NORM = map(symbol, ("mean", "eigenvalue", "v_norm"))

#: Evaluations that an instance is granted; ordinary ones take about six, near-degenerate ones some dozens.
MAX_STEPS = 500


def theta_of(D: Node) -> Node:
    """θ = (D+1)/D, the node that the formulas give; at depth 0, where nothing uses it, that of depth 1."""
    D = most(D, 1)
    return (D + 1) / D
