"""Networks on a grid, certified or (if asked) in plain doubles, resumed from disk; what a diagram shows."""
