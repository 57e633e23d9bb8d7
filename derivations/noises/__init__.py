"""Noise of any kind: of weights, of features, of neurons that share it, and with a bias."""
