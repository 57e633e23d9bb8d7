"""Isotropic data: closed forms, thresholds, and bounds on the weights that training starts from."""
