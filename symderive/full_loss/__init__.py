"""The loss of all weights, and the check on it.  Knows nothing of the reduction to a scalar equation."""
