"""symderive: exact minima of deep linear networks, derived, certified, typeset and exported.

The names below are loaded on first use, so that ``import symderive`` and the command line stay quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "ASYMPTOTICS": "formulas.asymptotics",
    "Hessian": "landscape.hessian.spectrum",
    "InputError": "errors",
    "Landscape": "landscape.landscape",
    "Layers": "full_loss.layers",
    "Moments": "data.moments",
    "Network": "model.network",
    "OutputMoments": "data.output_moments",
    "Reduction": "formulas.reduction",
    "Rows": "data.rows",
    "Spectrum": "data.spectrum",
    "average_variance": "full_loss.prediction",
    "barrier_of": "collapse.barrier",
    "binomial_series": "arithmetic.binomial_series",
    "bootstrap": "resampling.bootstrap",
    "diagnose": "training.diagnosis",
    "examples_folder": "files.examples",
    "expected_loss": "formulas.loss",
    "gradient_layers": "formulas.loss",
    "index_loss": "formulas.loss",
    "lambdify": "export.live",
    "largest_depth": "thresholds.largest_depth",
    "learning_curve": "formulas.one_layer",
    "loss_decay": "training.optimizers",
    "loss_gradient": "formulas.loss",
    "polynomial_loss": "formulas.polynomial_loss",
    "predict_collapse": "collapse.prediction",
    "prove": "proofs.prover",
    "prove_derivation": "proofs.prover",
    "prox": "proximal.exact",
    "prox_array": "proximal.arrays",
    "prox_group": "proximal.arrays",
    "prox_schatten": "proximal.arrays",
    "rank_staircase": "outputs.staircase",
    "rebuild_layers": "full_loss.layers",
    "reduce": "formulas.reduction",
    "root_counts": "thresholds.root_counts",
    "solve": "landscape.solve",
    "solve_isotropic": "effective_ridge.closed_form",
    "starting_scales": "training.starting_scales",
    "sweep": "sweeps.sweep",
    "symbolic_weights": "formulas.polynomial_loss",
    "take_census": "landscape.census",
    "trainable_depths": "thresholds.trainable_depths",
    "variance_bound": "full_loss.prediction",
    "verify": "full_loss.verification",
}

#: The words of a derivation, which live together.
_WORDS = (
    "AXIOM",
    "HYPOTHESIS",
    "Assumption",
    "BothWays",
    "Claim",
    "Combine",
    "CountRoots",
    "Defined",
    "Definition",
    "Derivation",
    "Differentiate",
    "Display",
    "Document",
    "Domain",
    "Expectation",
    "Figure",
    "ImplicitSeries",
    "Induct",
    "Instance",
    "LeadingTerms",
    "Letter",
    "NearMiss",
    "Part",
    "PowerSeries",
    "Range",
    "Recursion",
    "Relation",
    "RootCount",
    "Statement",
    "Step",
    "Supposed",
    "Table",
    "Tabular",
    "Theorem",
    "Use",
    "Vocabulary",
    "at_depth",
    "at_least",
    "both_ways",
    "combine",
    "count",
    "derivation_at_depth",
    "different",
    "differentiate",
    "equal",
    "equivalent",
    "exact_algebra",
    "greater",
    "in_words",
    "induction",
    "instead",
    "left",
    "limit",
    "matrix_at_least",
    "mean",
    "nonnegative",
    "right",
    "semidefinite",
    "theorem",
    "without",
)

_HOME |= dict.fromkeys(_WORDS, "statements")

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"symderive.{_HOME[name]}"), name)
    raise AttributeError(f"module 'symderive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext symderive``: notebooks show statements and derivations as mathematics with verdicts."""
    from symderive.writers.notebook import register

    register(shell)
