"""Certificates: accepted by the independent checker as they are, and rejected when tampered with."""

import copy
import functools
import json
import random
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath.ctx_iv import MPIntervalContext

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.certificates.certificate import certificate, write_certificate
from symderive.certificates.checker import check_certificate, read_certificate
from symderive.certificates.checker_data import MomentData
from symderive.certificates.checker_numbers import (
    CertificateError,
    Quotient,
    RefusedError,
    Work,
    is_less,
    total,
)

FOUR = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
ONE = Spectrum.of([1], [1])
SINGULAR = Moments.given([[1, 1], [1, 1]], ["1/3", "1/3"], 1)


def samples(d, *, standardize=False, seed=3):
    rng = random.Random(seed)
    X = [[rng.randint(-9, 9) for _ in range(d)] for _ in range(2 * d + 3)]
    y = [row[0] - 2 * row[-1] + rng.randint(-4, 4) for row in X]
    return Moments.from_samples(X, y, center=standardize, standardize=standardize)


def apart():
    """Features whose standard deviations differ by 1e200."""
    X = [[10**200 * k, k * k, -(k**3) + k] for k in range(-4, 5)]
    return Moments.from_samples(X, [k + 1 for k in range(-4, 5)], center=True, standardize=True)


def net(depth, decays, **options):
    return Network(depth, widths=3, decays=decays, **options)


INSTANCES = {  # name: network, data, digits, roots, complete, minimum
    "four roots": (net(2, "1/50"), FOUR, 30, 4, True, "point 0"),
    "spectrum": (net(2, "1/50"), Spectrum.of([1, 400], ["1/100", "49/100"], 1), 30, 4, True, "point 0"),
    "no root": (net(2, 5), FOUR, 30, 0, True, "origin"),
    "no root in the range": (net(2, "2/5"), ONE, 30, 2, True, "origin"),
    "one hidden layer": (net(1, "1/10"), FOUR, 30, 1, True, "point 0"),
    "one hidden layer above its threshold": (net(1, 3), FOUR, 30, 0, True, "origin"),
    "standardized": (net(3, "1/30", noise="1/2"), samples(4, standardize=True), 30, 2, True, "point 0"),
    "thirty features": (net(2, "1/10", dropout="0.3"), samples(30), 12, 2, True, "point 0"),
    "singular": (net(2, "1e-60"), SINGULAR, 12, 2, True, "point 0"),
    "deep": (net(100, "1/1000"), FOUR, 12, 2, True, "origin"),
    "double root": (net(2, ["27/64", "1/4", 1]), ONE, 30, 0, False, "not certified"),
    "tie": (net(2, ["1/4", "1/4", 1]), ONE, 30, 2, True, "not certified"),
    "next to a double root": (
        net(2, ["27/64", "1/4", 1 - Fraction(1, 10**200)]),
        ONE,
        12,
        2,
        True,
        "origin",
    ),
    "large λ": (net(2, "1e-300"), Spectrum.of([1, 3], [1, 1]), 12, 2, True, "point 0"),
    "far apart": (net(2, "1/100"), Spectrum.of(["1e-300", 1], [1, 1]), 12, 2, True, "point 0"),
    "scales apart, standardized": (net(2, "1/100"), apart(), 12, 2, True, "point 0"),
    "2600 digits": (net(2, "1/50"), FOUR, 2600, 4, True, "point 0"),
    "300 digits": (net(2, "1/50"), FOUR, 300, 4, True, "point 0"),
}


def made(name):
    network, data, digits = INSTANCES[name][:3]
    return json.loads(json.dumps(certificate(solve(network, data, digits=digits))))


@pytest.mark.parametrize("name", INSTANCES)
def test_certificates_are_accepted(name):
    checked = check_certificate(made(name))
    assert (checked.roots, checked.complete, checked.minimum) == INSTANCES[name][3:]
    assert checked.assumptions == ()


def test_file_round_trip(tmp_path):
    path = tmp_path / "certificate.json"
    landscape = solve(*INSTANCES["four roots"][:2])
    write_certificate(certificate(landscape), path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert read_certificate(path) == json.loads(json.dumps(certificate(landscape)))
    text = path.read_text(encoding="utf-8")
    for broken in (
        "",
        text[: len(text) // 2],
        text[:-3],
        "[]",
        "{}",
        "[" * 100_000,
        text.replace("-1", "-2", 1),
    ):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(CertificateError):
            read_certificate(path)
    with pytest.raises(CertificateError):
        read_certificate(tmp_path / "absent.json")
    with pytest.raises(InputError, match="absent"):
        write_certificate(certificate(landscape), tmp_path / "absent" / "certificate.json")


def test_nothing_to_certify_without_a_search():
    for network, data in (
        (Network(0, decays=1), FOUR),
        (net(2, 1), Moments.given([[1]], [0], 1)),
    ):
        with pytest.raises(InputError, match="no root search"):
            certificate(solve(network, data))


def test_the_checker_shares_no_code_with_the_search():
    code = (
        "import sys, symderive.certificates.checker as c\n"
        "print(sorted(m for m in sys.modules if m.startswith(('flint', 'symderive.', 'numpy', 'sympy'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    checker = [
        f"symderive.certificates{name}" for name in ("", ".checker", ".checker_data", ".checker_numbers")
    ]
    assert done.stdout.strip() == str(checker)


# -- tampering ---------------------------------------------------------------------------------------------


def row_of(kind, file):
    return next(i for i, row in enumerate(file["rows"]) if row["kind"] == kind)


def shifted(dyadic, amount):
    """A dyadic number moved by a fraction with a power of two below."""
    value = Fraction(dyadic[0]) * Fraction(2) ** dyadic[1] + amount
    power = value.denominator.bit_length() - 1
    return [value.numerator, -power]


def set_path(file, *path, to):
    place = file
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to


def widen_right(file, kind, amount):
    row = file["rows"][row_of(kind, file)]
    row["right"] = shifted(row["right"], amount)


def root_without_its_point(file):
    row = file["rows"][row_of("root", file)]
    row["right"] = shifted(row["u"], Fraction(-1, 2**20))


def scale(file, *path, factor):
    place = file
    for key in path:
        place = place[key]
    place[0] *= factor


TAMPERED = {
    "a row dropped": lambda f: f["rows"].pop(1),
    "the first row dropped": lambda f: f["rows"].pop(0),
    "the last row dropped": lambda f: f["rows"].pop(),
    "all rows dropped": lambda f: f.update(rows=[]),
    "a free row widened": lambda f: widen_right(f, "free", 3),
    "a root row widened": lambda f: widen_right(f, "root", 3),
    "a root row that misses its point": root_without_its_point,
    "a free row moved": lambda f: set_path(f, "rows", 0, "u", to=shifted(f["rows"][0]["u"], 2)),
    "a root row moved": lambda f: set_path(
        f, "rows", row_of("root", f), "u", to=shifted(f["rows"][row_of("root", f)]["u"], Fraction(1, 64))
    ),
    "a refined root moved": lambda f: set_path(
        f, "roots", 0, "refined", "u", to=shifted(f["roots"][0]["refined"]["u"], Fraction(1, 2**60))
    ),
    "a radius too small": lambda f: set_path(f, "roots", 0, "refined", "radius", to=[1, -4000]),
    "a radius of zero": lambda f: set_path(f, "roots", 0, "refined", "radius", to=[0, 0]),
    "a negative radius": lambda f: scale(f, "roots", 0, "refined", "radius", factor=-1),
    "a radius beyond its interval": lambda f: set_path(f, "roots", 0, "refined", "radius", to=[1, 0]),
    "x spoiled": lambda f: scale(f, "rows", 0, "x", 0, factor=2),
    "y spoiled": lambda f: scale(f, "rows", 0, "y", 0, factor=2),
    "x shifted": lambda f: set_path(f, "rows", 0, "x", 1, to=f["rows"][0]["x"][1] + 1),
    "x too short": lambda f: f["rows"][0]["x"][0].pop(),
    "other decays": lambda f: set_path(f, "decay_product", to="1/124000"),
    "other noise": lambda f: set_path(f, "noise_factor", to="9/8"),
    "other depth": lambda f: set_path(f, "depth", to=3),
    "other data": lambda f: set_path(f, "data", "gram", 1, 1, to=39_900),
    "indefinite data": lambda f: set_path(f, "data", "gram", 0, 0, to=-1),
    "the range starts late": lambda f: f["range"].__setitem__(0, f["rows"][2]["left"]),
    "the range ends early": lambda f: f["range"].__setitem__(1, f["rows"][-2]["right"]),
    "a wrong limit solution": lambda f: f.update(limit_solution=["1/10", "7/400"]),
    "another minimum": lambda f: set_path(f, "minimum", "index", to=2),
    "a saddle as minimum": lambda f: set_path(f, "minimum", "index", to=1),
    "the origin as minimum": lambda f: f.update(minimum={"at_origin": True, "index": None}),
    "a minimum that is not there": lambda f: set_path(f, "minimum", "index", to=7),
    "a root removed": lambda f: f["roots"].pop(1),
    "a root twice": lambda f: f["roots"].append(copy.deepcopy(f["roots"][-1])),
    "roots swapped": lambda f: f["roots"].reverse(),
    "a root row called free": lambda f: set_path(f, "rows", row_of("root", f), "kind", to="free"),
    "a free row called root": lambda f: f["rows"][0].update(kind="root", radius=[1, -20]),
    "an unknown kind": lambda f: set_path(f, "rows", 0, "kind", to="lucky"),
    "precision of zero": lambda f: set_path(f, "rows", 0, "bits", to=0),
    "precision beyond reason": lambda f: set_path(f, "rows", 0, "bits", to=10**12),
    "an exponent beyond reason": lambda f: set_path(f, "rows", 0, "u", to=[1, 10**15]),
    "a number with an exponent": lambda f: set_path(f, "decay_product", to="1e-999999999"),
    "a float": lambda f: set_path(f, "depth", to=2.5),
    "a truth value": lambda f: set_path(f, "depth", to=True),
    "text for a number": lambda f: set_path(f, "rows", 0, "u", to="0"),
    "text for an integer": lambda f: set_path(f, "rows", 0, "u", 0, to="12_0"),
    "no digits": lambda f: set_path(f, "rows", 0, "u", 0, to="0x"),
    "nothing for the data": lambda f: f.update(data=None),
    "an empty spectrum": lambda f: f.update(data={"a": [], "p": [], "c": "1"}),
    "no decays": lambda f: f.update(decay_product="0"),
    "division by zero": lambda f: f.update(decay_product="1/0"),
    "no rows at all": lambda f: f.pop("rows"),
}


@pytest.fixture(scope="module")
def four():
    """Few digits, so that many tamperings are checked in little time."""
    return json.loads(json.dumps(certificate(solve(net(2, "1/50"), FOUR, digits=8))))


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_rejected(four, how):
    file = copy.deepcopy(four)
    TAMPERED[how](file)
    assert file != four
    with pytest.raises(CertificateError):
        check_certificate(file)


def test_one_root_cannot_be_counted_twice():
    """Two rows around one root, each pointing to it by a radius that leaves its own interval."""
    file = json.loads(json.dumps(certificate(solve(net(2, "1/10"), ONE, digits=8))))
    at = file["roots"][0]["isolating"]
    whole, refined = file["rows"][at], file["roots"][0]["refined"]
    middle = shifted(whole["u"], 0)
    off = Fraction(1, 2**6)
    ghost = {**whole, "u": shifted(middle, off), "radius": [3, -6]}
    ghost |= {"left": shifted(middle, off / 2), "right": whole["right"]}
    ghost_refined = {**ghost, "right": shifted(middle, 2 * off)}
    file["rows"].insert(at + 1, ghost)
    for root in file["roots"][1:]:
        root["isolating"] += 1
    file["roots"].insert(1, {"isolating": at + 1, "refined": ghost_refined})
    assert refined["radius"] != ghost["radius"]
    file["minimum"] = None
    with pytest.raises(CertificateError, match="outside its interval"):
        check_certificate(file)


def test_a_cluster_in_place_of_a_root_is_true_but_leaves_the_minimum_open(four):
    """Nothing false is said: the list is not complete, and a lower point may hide in the cluster."""
    file = copy.deepcopy(four)
    at = file["roots"][0]["isolating"]
    hidden = file["rows"].pop(at)
    file["roots"] = [{**r, "isolating": r["isolating"] - 1} for r in file["roots"][1:]]
    file["clusters"] = [[hidden["left"], hidden["right"]]]
    file["minimum"] = {"at_origin": False, "index": 1}  # the bad minimum, lowest of what is left
    checked = check_certificate(file)
    assert (checked.roots, checked.complete, checked.minimum) == (3, False, "not certified")


def test_harmless_changes_are_still_certificates(four):
    """True statements pass: no minimum listed, a row that is there twice."""
    file = copy.deepcopy(four)
    file["minimum"] = None
    assert check_certificate(file).minimum == "not certified"
    file = copy.deepcopy(four)
    file["rows"].insert(1, copy.deepcopy(file["rows"][0]))
    for root in file["roots"]:
        root["isolating"] += 1
    assert check_certificate(file) == check_certificate(four)


# -- files that ask for too much ---------------------------------------------------------------------------


def huge(file, digits, terms):
    """A spectrum of numbers with nothing in common, whose sums have all their digits."""
    rng = random.Random(3)

    def number():
        return str(rng.getrandbits(3 * digits) | 1)

    a, p = ([f"{number()}/{number()}" for _ in range(terms)] for _ in "ap")
    file.update(data={"a": a, "p": p, "c": str(10**4200)})


def many_rows(file):
    file["rows"] = [dict(row, bits=2**14) for row in file["rows"]] * 2000


GREEDY = {
    "2^17 bits": (lambda f: set_path(f, "rows", 0, "bits", to=2**17), "more than its numbers call for"),
    "2^22 bits": (lambda f: set_path(f, "rows", 0, "bits", to=2**22), "more than its numbers call for"),
    "u = 2^4000000": (lambda f: set_path(f, "rows", 0, "u", to=[1, 4_000_000]), "exponent 4e.06"),
    "u = 2^100": (lambda f: set_path(f, "rows", 0, "u", to=[1, 100]), "its point is larger"),
    "an end of 2^-4000000": (lambda f: set_path(f, "rows", 0, "left", to=[1, -4_000_000]), "exponent"),
    "a radius of 2^-4000000, and bits for it": (
        lambda f: (
            set_path(f, "roots", 0, "refined", "radius", to=[1, -4_000_000]),
            set_path(f, "rows", 0, "bits", to=2**22),
        ),
        "takes more than the 0.2 seconds",
    ),
    "a depth of 2^41": (lambda f: f.update(depth=2**41), "the depth is larger"),
    "a ratio of 5000 digits": (
        lambda f: f.update(decay_product="1/1" + 5000 * "0"),
        "more than 4300 digits",
    ),
    "an exponent of x": (lambda f: set_path(f, "rows", 0, "x", 1, to=-(10**9)), "exponent"),
    "rows without end": (many_rows, "takes more than the 0.2 seconds"),
    "features without end": (
        lambda f: f.update(data={"a": ["1/3"] * 20_000, "p": ["0"] * 20_000, "c": "1"}),
        "takes more than the 0.2 seconds",
    ),
    "fractions without end": (lambda f: huge(f, 1300, 300), "takes more than the 0.2 seconds"),
}


@pytest.mark.parametrize("how", GREEDY)
def test_what_asks_for_too_much_is_refused(four, how):
    """By counting beforehand, within the seconds that are given."""
    file = copy.deepcopy(four)
    change, message = GREEDY[how]
    change(file)
    before = time.process_time()
    with pytest.raises(RefusedError, match=message):
        check_certificate(file, seconds=0.2)
    assert time.process_time() - before < 2


def test_what_asks_for_more_than_it_needs_is_checked_while_it_takes_no_longer(four):
    file = copy.deepcopy(four)
    file["rows"][0]["bits"] = 4000
    assert check_certificate(file) == check_certificate(four)
    with pytest.raises(RefusedError, match=r"0\.01 seconds"):
        check_certificate(file, seconds=0.01)


def test_a_matrix_that_takes_long_is_assumed_to_be_semidefinite():
    """Half of the time goes to it at most; what is assumed is said."""
    entry = 2**3000
    gram = [[hex(entry * (i == j)) for j in range(i + 1)] for i in range(61)]
    data = {"gram": gram, "denominator": 1, "metric": ["1"] * 60}
    replay = functools.partial(MomentData, MPIntervalContext(), data, Fraction(1), None)
    assert replay(Work(0.5)).assumptions == ("the Gram matrix of 60 features is positive semidefinite",)
    gram[0][0] = "-0x1"
    small = {**data, "gram": [row[:4] for row in gram[:4]], "metric": ["1"] * 3}
    with pytest.raises(CertificateError, match="not positive semidefinite"):
        MomentData(MPIntervalContext(), small, Fraction(1), None, Work(20))


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda t: t.replace('"depth":2', '"depth":2,"depth":2'), CertificateError, "twice"),
        (lambda t: t.replace('"depth":2', '"depth":2.0'), CertificateError, "2.0 is not a whole number"),
        (lambda t: t.replace('"depth":2', '"depth":NaN'), CertificateError, "NaN is not a whole"),
        (lambda t: t.replace('"depth":2', '"depth":' + 5000 * "2"), RefusedError, "4300 decimal digits"),
        (lambda t: t + (2**26 - len(t) + 1) * " ", RefusedError, "more than 67108864 bytes"),
        (lambda t: t.replace('"depth":2', '"depth":' + 100_000 * "["), CertificateError, "RecursionError"),
    ],
)
def test_files_that_are_no_certificates_are_named(four, spoil, error, message, tmp_path):
    path = tmp_path / "spoiled.json"
    path.write_text(spoil(json.dumps(four, separators=(",", ":"))), encoding="utf-8")
    with pytest.raises(error, match=message):
        check_certificate(read_certificate(path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device without end")
def test_a_file_without_end_is_refused():
    with pytest.raises(RefusedError, match="bytes"):
        read_certificate("/dev/zero")


def test_sums_are_exact_and_in_no_lowest_terms():
    terms = [Fraction(1, 3), Fraction(1, 6), 2, Quotient(-5, 10), Fraction(7, 6)]
    found = total(terms, Work(1))
    assert Fraction(*found) == Fraction(19, 6)
    assert total([], Work(1)) == Quotient(0, 1)
    assert is_less(Fraction(19, 7), found)
    assert not is_less(found, Fraction(19, 6))


JUNK = (
    None,
    True,
    -1,
    0,
    2.5,
    "x",
    "1/0",
    [],
    {},
    [1],
    [0, 0],
    [1, -3],
    10**40,
    float("nan"),
    "1e999999999",
)


def test_random_junk_raises_no_other_exception_and_proves_nothing_else(four):
    rng = random.Random(7)

    def places(value, path=()):
        keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            yield (*path, key)
            yield from places(value[key], (*path, key))

    spectrum = json.loads(json.dumps(certificate(solve(*INSTANCES["spectrum"][:2], digits=8))))
    for file in (four, spectrum):
        for path in rng.sample(sorted(places(file), key=str), 50):
            spoiled = copy.deepcopy(file)
            set_path(spoiled, *path, to=rng.choice(JUNK))
            try:
                checked = check_certificate(spoiled)
            except CertificateError:
                continue
            assert (checked.roots, checked.minimum) in {(4, "point 0"), (4, "not certified")}
