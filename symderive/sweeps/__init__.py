"""Networks on a grid: certified, or in plain doubles if that is asked, resumed from disk, and what a diagram shows."""
