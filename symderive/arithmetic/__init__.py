"""Numbers and matrices: exact in, exact out, or enclosed in balls.  Knows nothing of networks."""
