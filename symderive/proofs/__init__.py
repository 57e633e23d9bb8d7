"""What is around the core: from a statement and its proof record to a verdict.

``elaborate``
    takes SymPy expressions to terms of :mod:`symderive.core`, and refuses by name what it does not know;
``replay``, with ``places`` and ``explain``
    carries a proof record out by the rules of the core, and says what is missing where it is refused;
``near_misses``
    has the near-misses of a statement that is an instance of another;
``prover``
    puts the answers of the core and of the independent test, :mod:`symderive.sampling`, together into a
    :class:`~symderive.verdict.Verdict`.  The test shares no code with what proves: it knows how to
    evaluate, not how to rewrite;
``ledger``
    keeps verdicts under a seal, by a ``digest`` of all that they rest on.

A statement is proved only if the core makes its theorem *and* the independent test agrees *and* every
near-miss (the statement with a dropped condition, a wrong exponent, a flipped sign) is refuted by a
counterexample *and* the proof fails on the near-miss.
"""
