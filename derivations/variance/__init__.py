"""The variance of the prediction, and where it vanishes."""
