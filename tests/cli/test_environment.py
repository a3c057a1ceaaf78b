"""Notebooks run in a repeatable environment that leaves nothing outside the checkout."""

from __future__ import annotations

from helpers.cli.environment import FOLDERS, job_environment


def test_caches_stay_in_the_checkout(tmp_path):
    made = job_environment(tmp_path, {"HOME": "/home/me", "MPLCONFIGDIR": "/home/me/mpl"})
    assert all(made[name].startswith(str(tmp_path)) for name in FOLDERS)
    assert all((tmp_path / folder).is_dir() for folder in FOLDERS.values())
    assert made["HOME"] == "/home/me"


def test_a_persons_settings_do_not_hide_a_warning_or_change_a_number(tmp_path):
    made = job_environment(tmp_path, {"PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "8", "MPLBACKEND": "TkAgg"})
    assert "PYTHONWARNINGS" not in made
    assert (made["OMP_NUM_THREADS"], made["MPLBACKEND"], made["PYTHONHASHSEED"]) == ("1", "Agg", "0")


def test_the_checkouts_own_package_comes_first(tmp_path):
    made = job_environment(tmp_path, {"PYTHONPATH": "/elsewhere"})
    assert made["PYTHONPATH"].split(":") == [str(tmp_path / "src"), "/elsewhere"]
