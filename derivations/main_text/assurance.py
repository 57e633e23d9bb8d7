"""Section 8: related work, what is proved by machine and what in words, and how to check it."""

from symderive.statements.document import Part, Tabular

LEVELS = Tabular(
    id="levels",
    caption="What stands behind the claims of this paper.",
    header=("level", "what it means", "where it is marked"),
    rows=(
        (
            "proved",
            """A derivation from the definitions has been carried out, step by step, by a small program
        that does nothing else. An independent test agrees, and every planted error was found to be one.""",
            "displayed without a mark",
        ),
        (
            "in words",
            """A named textbook theorem is applied to what is proved: the intermediate value theorem,
        Weierstrass's theorem, Sylvester's law, Horn's inequality. The argument is written down and not
        checked by machine.""",
            '"(in words)" behind the display or in the proof',
        ),
        ("cited", "A result of others, used to place ours and in no proof.", "by its reference"),
        (
            "computed",
            """A number or a curve in a figure or a table, evaluated from formulas that are proved;
        digits of roots are certified by interval arithmetic [@johansson2017].""",
            "figures and tables",
        ),
    ),
)

PART = Part(
    id="assurance",
    title="Related work, and what has been checked",
    blocks=(
        r"""Deep linear networks without regularization have no bad local minima [@baldi1989,
        @kawaguchi2016, @laurent2018]; what is studied there is how they learn [@saxe2014] and to what
        depth biases them [@arora2018, @arora2019]. With weight decay the closest work is that of Ziyin,
        Li and Meng [@ziyin2022], from whom the model and the closed form of the global minimum are
        taken, and which [[seed-paper]] compares with ours claim by claim. Phase transitions in the
        decay, and their dependence on depth, were found in [@ueda2022], and a collapse of a related
        kind in linear latent variable models in [@wang2022].""",
        r"""For several outputs and no noise, the loss with weight decay is a regularized matrix
        factorization. Linear autoencoders, one hidden layer with data $V = A$, are treated in
        [@kunin2019]; all critical points of regularized deep factorization, with conditions for local
        minima, and bounds on the distance to them, in [@chen2025landscape, @chen2025error]. Those works
        allow several outputs, where we need isotropic data; ours allows noise and any data, where we
        need one output. For dropout without weight decay, that noise on the hidden neurons acts as a
        low-rank regularizer of the map is known from [@cavazza2018, @mianjy2018, @mianjy2019]; here the
        corresponding bound is [[layerwise]]. The numbers of complex stationary points of small networks
        in [@bharadwaj2023] are recovered in [[dead-neurons]].""",
        r"""What is new here, to our knowledge, is that all of this follows from one reduced loss and
        one scalar equation, with noise in every layer and for any data: the dual, the count of roots
        and bad minima other than the origin, the thresholds in closed form at every depth, all blocks
        of the Hessian, and bounds on the variance that hold at every decay.""",
        r"""Every displayed formula of this paper exists twice. What is printed is a formula in matrix
        notation with named definitions. What is proved is a formula in indices, sums and products of
        numbers, with symbolic depth and widths. The printed one is accepted only if it reads back as
        printed, by a reader that shares nothing with the printer, and if, written out in entries, it is
        proved to be the other, side by side and with the same hypotheses. [[levels]] says what then is
        claimed.""",
        LEVELS,
        r"""A proof is a record: which statements are used, at which place, times what, and which
        squares or products of positive numbers are left over; or an induction, a derivative, a limit or
        a count of roots with its data. The program that carries it out has rules for sums, products,
        powers, derivatives, leading terms, means over independent noise and Sturm sequences, no search,
        and one axiom, $\ln x \le x - 1$. Expressions enter it as SymPy's [@sympy2017], are translated
        into terms of its own, and are refused where they are not known to be defined. Beside the proof
        stands a test that shares no code with it, in exact rationals and in balls, at the boundaries
        first: zero, empty sums, equal and extreme values. And each statement comes with changes that
        make it false, such as a dropped hypothesis, a factor, or a wrong exponent; each has to be
        refuted by a counterexample, and the proof has to fail on each.""",
        r"""What remains to be trusted is this. The steps in words are for the reader to check; they are
        few, and the appendix of proofs and the graph of dependencies show what rests on them. That the
        setting of [[setting]] is the one of interest is a matter of judgment. And the program may be
        wrong: it is short enough to be read, and it is attacked in its own tests with false statements
        and false proofs.""",
        r"""To check a claim, look it up in the ledger of the appendix, which lists every statement with
        its formula in indices, its hypotheses, the certificate of its proof and its verdict. To check
        all of them, install the package that made this document and derive the paper again: it proves
        every statement, tests it, refutes what has to be false, reads all displays back, and writes
        this text only with verdicts that it has found itself.""",
    ),
)
