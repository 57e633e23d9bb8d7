"""Networks on a grid: solved in doubles or certified, resumed from disk, and what a diagram shows."""
