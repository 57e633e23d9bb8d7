"""The Hessian of the full loss at a stationary point, at any width."""
