"""The theory in SymPy, each formula once: proved by derivations, printed, and turned into numeric code."""
