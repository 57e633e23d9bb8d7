"""Several outputs without noise, for whitened inputs."""
