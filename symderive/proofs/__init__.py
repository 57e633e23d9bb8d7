"""The proof core, which checks proofs of statements, and what is around it.

What it proves are the records of :mod:`symderive.statements`.  The trusted core is a few small modules:

``normal_form`` (with ``monomials`` and ``sum_normal_form``)
    decides when an expression is identically zero, with widths, depth and dimension symbolic;
``kernel`` (with ``sign_rules``, ``limits`` and the substitutions of
:mod:`symderive.statements.substitution`)
    checks a proof of a statement; a proof is a frozen record, so it can be read, printed and cached;
``near_misses``
    has the near-misses of a statement that is an instance of another;
``prover``
    puts the answers of the kernel and of the independent test, :mod:`symderive.sampling`, together into a
    :class:`~symderive.verdict.Verdict`.  The test shares no code with what proves: it knows how to
    evaluate, not how to rewrite.

Why it is hard to fool.  *One* rule carries the algebra: :class:`symderive.statements.proof.Combine` shows
that left - right is a combination of known facts, with coefficients written out, plus terms that are
manifestly non-negative; what remains must have normal form zero.  A fact is used only as far as it is
known: a hypothesis only at the indices and test vectors it quantifies over, a proved statement only with
its own hypotheses discharged and its symbols' assumptions met.  Every base of a negative power is proved
nonzero, and of a fractional one positive, before it is cancelled.  A statement is proved only if its
proof is accepted *and* the independent test agrees *and* every near-miss (the statement with a dropped
condition, a wrong exponent, a flipped sign) is refuted by a counterexample *and* the proof fails on the
near-miss.
"""
