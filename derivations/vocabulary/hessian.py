"""The scalar equation in logarithms, and the blocks of the Hessian."""

from symderive.statements.display import Definition, Letter

from ..hessian import hessian_blocks
from ..hessian.hessian_differences import alpha as output_step
from ..hessian.hessian_differences import beta
from ..hessian.hessian_differences import w as difference
from ..hessian.hessian_index import alpha as scales
from ..hessian.hessian_index import w as along
from ..notation import *
from ..reduction.attainment import e

HESSIAN_LETTERS = (
    Definition(
        r"g_{k}(\lambda)",
        r"v^{\top} (\rho A + \lambda I)^{-k} v",
        meaning="moment of the resolvent of the data",
    ),
    Letter("u", u, meaning="logarithm of a ridge", domain="real"),
    Definition(
        r"H(u)",
        r"\ln g_{2}(\exp(u)) + \frac{D + 1}{D} u",
        meaning=r"logarithm of $\varphi$ at $\lambda = e^u$",
    ),
    Definition(
        r"H'(\lambda)",
        r"\frac{D + 1}{D} - 2 \lambda \frac{v^{\top} (\rho A + \lambda I)^{-3} v}"
        r"{v^{\top} (\rho A + \lambda I)^{-2} v}",
        meaning=r"slope of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition(
        r"H''(\lambda)",
        r"6 \lambda^{2} \frac{g_{4}(\lambda)}{g_{2}(\lambda)} "
        r"- 4 \lambda^{2} \frac{g_{3}(\lambda)^{2}}{g_{2}(\lambda)^{2}} "
        r"- 2 \lambda \frac{g_{3}(\lambda)}{g_{2}(\lambda)}",
        meaning=r"curvature of $\ln\varphi$ against $\ln\lambda$",
    ),
    Definition("R", r"\frac{\rho A}{\lambda}", meaning="second moments $A$ in units of the ridge"),
    Definition(
        r"\nu_{i}",
        r"\frac{\sigma_{i}^{2}}{d_{i} + \sigma_{i}^{2}}",
        meaning="share of the noise in the second moments of layer $i$",
    ),
    Letter(
        "R_{i}",
        hessian_blocks.R[r, s],
        (d[i - 1], d[i - 1]),
        meaning=r"second moments that layer $i$ gets, in units of the ridge; $R_1 = R$",
        domain="positive semidefinite",
    ),
    Letter(r"\beta_{i}", beta, meaning="size of layer $i$", domain="positive"),
    Letter(
        r"\varsigma",
        families("upsilon"),
        (D, 1),
        meaning=r"vector of $\sqrt{\gamma_2}, \dots, \sqrt{\gamma_D}, \sqrt{\gamma_u}$",
        domain=r"$\mathbb{R}^D$",
    ),
    Definition(
        "C_{0}",
        r"\begin{pmatrix} \gamma_{1} (I + R) & \sqrt{\gamma_{1}} (R - I) e_{0} \varsigma^{\top} \\ "
        r"\sqrt{\gamma_{1}} \varsigma e_{0}^{\top} (R - I) & 2 \operatorname{Diag}(\varsigma)^{2} "
        r"+ e_{0}^{\top} (R - I) e_{0} \varsigma \varsigma^{\top} \end{pmatrix}",
        meaning="curvature along the point",
    ),
    Definition(
        "C_{i}",
        r"\begin{pmatrix} \gamma_{i} (I + \nu_{i} R_{i}) "
        r"& -\sqrt{\gamma_{i} \gamma_{i+1}} (I - \nu_{i} R_{i}) e_{i-1} \\ "
        r"-\sqrt{\gamma_{i} \gamma_{i+1}} e_{i-1}^{\top} (I - \nu_{i} R_{i}) "
        r"& \gamma_{i+1} (1 + \nu_{i} e_{i-1}^{\top} R_{i} e_{i-1}) \end{pmatrix}",
        meaning="curvature of a difference between neurons of layer $i$",
    ),
)

#: Directions in which all neurons of a layer move alike.
ALONG_POINT = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("e_{i}", e, (n, 1)),
    Letter(r"\xi", along, (n, 1)),
    Letter(r"\psi", scales, (D, 1)),
)

#: Directions in which the neurons of a layer differ.
BETWEEN_NEURONS = (
    Letter(r"\xi", difference, (d[i - 1], 1), meaning="direction in the weights into the neurons"),
    Letter(r"\psi", output_step, meaning="direction in the weights out of them"),
)
