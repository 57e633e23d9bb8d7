"""From the loss of all weights to a loss of the end-to-end map alone."""
