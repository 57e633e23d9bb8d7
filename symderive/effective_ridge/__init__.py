"""The equation φ(λ) = τ of the effective ridge: every root, with a proof, in doubles and in balls."""
