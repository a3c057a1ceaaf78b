"""The scripts that import each other are run or imported by name, and are not collected."""

collect_ignore_glob = ["make_inputs.py", "dense*.py", "compare_*.py"]
