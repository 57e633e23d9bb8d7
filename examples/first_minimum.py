"""The global minimum of a deep linear network on the diabetes data, and the weights that reach it.

    python first_minimum.py

Two hidden layers of 32 neurons with dropout and weight decay: all stationary points, which of them is the
best, a check of it on the loss of all weights, and the weights themselves.  Needs symderive alone; takes
a second.
"""

from pathlib import Path

from symderive import Moments, Network, solve

DATA = Path(__file__).with_name("diabetes.csv")


def main() -> None:
    net = Network(2, widths=32, decays="0.01", dropout="0.1")  # exact decimals: "0.1" is one tenth
    landscape = solve(net, Moments.from_csv(DATA, "progression", standardize=True), digits=30)
    print(landscape)
    best = landscape.global_minimum
    print("global minimum", best.loss.str(30, radius=False))
    print(landscape.verify().verdict.name, "on the full loss")
    weights = landscape.layers(best.index).floats()
    print({name: array.shape for name, array in weights.items()})


if __name__ == "__main__":
    main()
