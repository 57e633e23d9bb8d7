"""Which stationary points are minima: one hidden layer, more, and the full loss."""
