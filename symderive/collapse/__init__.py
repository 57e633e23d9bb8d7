"""Whether training provably ends at zero weights, for deep networks with activation functions."""
