"""Section 8: related work, what is proved by machine and what in words, and how to check it."""

from symderive.statements.document import Counted, Part

PART = Part(
    id="assurance",
    title="Related work, and what has been checked",
    blocks=(
        r"""Deep linear networks without regularization have no bad local minima
        [@baldi1989, @kawaguchi2016, @laurent2018]; what is studied there is how they learn [@saxe2014]
        and to what depth biases them [@arora2018, @arora2019]. With weight decay the closest work is
        that of Ziyin, Li and Meng [@ziyin2022], whose model and closed form of the global minimum we
        take up; [[seed-paper]] compares claim by claim. Phase transitions
        in the decay, and their dependence on the depth, were found in [@ueda2022], and a collapse of a
        related kind in linear latent variable models in [@wang2022]. For several outputs and no noise
        the loss is that of a regularized matrix factorization: linear autoencoders are treated in
        [@kunin2019], all critical points of regularized deep factorization and bounds on the distance
        to them in [@chen2025landscape, @chen2025error], and uniqueness and sharpness of its minima in
        [@kamber2026]. For several outputs we need isotropic data, one hidden layer, or the input for a
        target; with noise of any kind, any data and any depth we need one output. That the least decay of
        two factors is a norm of their product is known from [@srebro2004, @recht2010], and its use for an
        $L_1$ penalty from [@spred2023]; that dropout without weight decay acts as a low-rank regularizer
        of the map from [@cavazza2018, @mianjy2018, @mianjy2019]; the corresponding bound here is
        [[layerwise]]. The numbers of complex stationary points in [@bharadwaj2023] are recovered in
        [[counting]].""",
        r"""Every displayed formula exists twice. What is printed is in matrix
        notation with named definitions; what is proved is in indices, with sums and products of
        symbolic depth and width. The printed one is accepted only if a reader that shares nothing with
        the printer reads it back, and if, written out in entries, it is proved to be the other, with
        the same hypotheses. A proof is a record, which a small program carries out with no search and
        one axiom, $\ln x \le x - 1$: what is used, at which place, times what, and which squares are
        left over. A test that shares no code with it looks for counterexamples in exact rationals and
        intervals [@johansson2017], at the boundaries first. And each statement comes with changes that
        make it false: each has to be refuted, and the proof has to fail on each.""",
        r"""A step that is marked as being in words applies a named textbook theorem, such as the
        intermediate value theorem, Weierstrass's theorem, Sylvester's law or Horn's inequality, to what
        is proved. No machine checks it, and what a theorem says between its displays rests on such
        steps, which its proof names. Results that are cited are in no proof. The program takes its
        expressions from SymPy [@sympy2017]; it may be wrong, but is short enough to be read, and its
        tests attack it with false statements and false proofs.""",
        Counted(),
        r"""[[proofs]] gives the certificate of every display, and the ledger, which is
        long and stands last ([[ledger]]), lists every statement with its formula in indices, its
        hypotheses, its certificate and its verdict. To check all of them, derive the paper again: that
        proves and tests every statement, and writes this text with the verdicts that it has found.""",
    ),
)
