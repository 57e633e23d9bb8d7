"""The theorem on deep networks in the paper's own letters, products from the second layer on."""

from symderive.formulas.paper_form import paper_form

from ..notation import *

FORM = paper_form(NETWORK)
DEEP = f"{PAPER}, the theorem on deep networks"

#: The paper's μ and s², without the first layer.
MU = Product(d[i], (i, 2, D))
S_SQUARED = Product(d[i] * (d[i] + sigma[i] ** 2), (i, 2, D))

#: In displays.
LETTERS_SHOWN = (
    r"b = b_{u} \prod_{i=2}^{D} b_{i}",
    r"\mu = \prod_{i=2}^{D} d_{i}",
    r"s = \sqrt{\prod_{i=2}^{D} d_{i} (d_{i} + \sigma_{i}^{2})}",
)

#: Component k of the row that all neurons of the first layer share, in an eigenbasis of A.
_bracket = FORM.scale**2 * S_SQUARED * (sigma[1] ** 2 + d[1]) * a[k] + gamma[1]
ROW = FORM.scale * MU * v[k] / _bracket

RIDGE = gamma[1] / (d[1] * MU**2 * FORM.scale**2)

NOISE = theorem(
    "seed-letters-noise",
    "The noise factor in the letters of the paper",
    equal((1 + sigma[1] ** 2 / d[1]) * S_SQUARED / MU**2, NOISE_FACTOR),
    reference=DEEP,
    proof=exact_algebra,
    misses={"without the first layer": left(S_SQUARED / MU**2)},
    display=Display(
        r"(1 + \frac{\sigma_{1}^{2}}{d_{1}}) \frac{s^{2}}{\mu^{2}} = \rho", where=LETTERS_SHOWN[1:]
    ),
)

MAP = theorem(
    "seed-letters-map",
    "The map of the paper's weights is a ridge solution",
    equal(d[1] * MU * FORM.scale * ROW, v[k] / (NOISE_FACTOR * a[k] + RIDGE), (k, 1, n)),
    reference=DEEP,
    proof=exact_algebra,
    misses={
        "the first width is left out": left(MU * FORM.scale * ROW),
        "the ridge of another scale": right(v[k] / (NOISE_FACTOR * a[k] + gamma[1])),
    },
    display=Display(
        r"""d_{1} \mu^{2} b^{2} [b^{2} s^{2} (\sigma_{1}^{2} + d_{1}) A + \gamma_{1} I]^{-1} v
            = (\rho A + \frac{\gamma_{1}}{d_{1} \mu^{2} b^{2}} I)^{-1} v""",
        where=LETTERS_SHOWN,
    ),
)

DERIVATION = Derivation(
    id="seed-letters",
    title="The theorem on deep networks in the paper's own letters",
    prose=r"The paper [@ziyin2022] lets $\mu$ and $s^2$ run over the layers from the second on.",
    statements=(NOISE, MAP),
)
