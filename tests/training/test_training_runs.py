"""Training ends where the list of local minima says, and never below the global minimum."""

from oracles.training_runs import Task, count

#: Task 5 has several minima; `python tests/oracles/training_runs.py 50 20` makes all 1000 runs.
TASKS, RUNS = range(4, 9), 3


def test_every_converged_run_ends_at_a_listed_minimum():
    result = count(TASKS, RUNS)
    assert result.converged >= result.runs // 2
    assert result.listed == result.converged
    assert (result.elsewhere, result.below) == (0, 0)


def test_a_minimum_left_out_of_the_list_is_missed():
    assert len(Task.draw(5).minima) == 3
    result = count(range(5, 6), 6, drop=0)
    assert result.elsewhere > 0
