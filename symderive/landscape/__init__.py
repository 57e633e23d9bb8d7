"""All stationary points of a network on its data: their kinds, their Hessians, the global minimum."""
