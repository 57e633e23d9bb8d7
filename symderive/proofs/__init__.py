"""The proof core: what a proof is, what checks it, and what tests a statement independently of it."""
