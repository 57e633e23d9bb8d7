"""Networks with activations: a barrier around the origin, and collapse before training."""
