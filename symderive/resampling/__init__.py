"""One network on many samples of the data: cross-validation and the bootstrap, through exact moments."""
