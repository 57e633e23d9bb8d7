"""Whoever is killed while writing leaves the old file or the new one, and nothing for long."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from oracles import kills
from oracles.sampled import THOROUGH

#: Shots at each writer; in all runs some are aimed at lines, and some at moments.
TIMES = 200 if THOROUGH else 4

#: Those that need netCDF take seconds to be loaded; all of them are shot at in a thorough run.
CAREFUL = sorted(set(kills.WRITERS) - {"careless"}) if THOROUGH else ["paper", "table-csv", "weights"]


def shots(names, times):
    command = [sys.executable, kills.__file__, ",".join(names), str(times)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(kills.__file__).parent
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("names", [[name] for name in CAREFUL] if THOROUGH else [CAREFUL], ids="-".join)
def test_a_killed_writer_leaves_the_old_or_the_new(names):
    tallies = shots(names, TIMES)
    for name, found in tallies.items():
        assert found["faults"] == [], name
        assert found["old"] + found["new"] + found["mixed"] == TIMES
        assert found["mixed"] == 0 or name in kills.LAST  # of several files, each is old or new
        # Shots that hit nothing would prove nothing.
        assert found["killed"] >= TIMES // 2, name
        assert found["lines"] > 50, name
    assert sum(found["with parts"] for found in tallies.values()) >= TIMES // 4 * len(names)


def test_a_writer_that_writes_in_place_is_found_out():
    found = shots(["careless"], 12)["careless"]
    assert found["killed"]
    assert any("neither old nor new" in fault for fault in found["faults"])


WRITER = """
import sys
from symderive.files import write_whole
for _ in range(60):
    with write_whole(sys.argv[1]) as stream:
        for _ in range(20):
            stream.write(sys.argv[2].encode() * 50_000)
"""


def test_of_two_that_write_at_once_one_wins_whole(tmp_path):
    path, whole = tmp_path / "file", {letter * 1_000_000 for letter in "ab"}
    path.write_text("a" * 1_000_000)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, letter]) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        seen.add(path.read_text())
    assert [writer.wait() for writer in writers] == [0, 0]
    assert seen == whole
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
