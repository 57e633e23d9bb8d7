"""The Hessian of the full loss at a stationary point: blocks, index and nullity."""
