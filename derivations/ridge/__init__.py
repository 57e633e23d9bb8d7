"""The effective ridge: stationary points of the reduced loss, their value, its dual and its derivatives."""
