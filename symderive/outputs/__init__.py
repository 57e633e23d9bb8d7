"""Several outputs, for whitened inputs and without noise: the singular values decouple."""
