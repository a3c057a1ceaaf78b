"""What differs between two runs goes; what complains is found."""

from __future__ import annotations

from helpers.cli.clean import clean_notebook, complaints


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def test_times_and_random_identifiers_go(make_cell):
    cell = make_cell["code"]("seed = 2", "injected-parameters")
    cell["id"] = "random"
    cell["metadata"] |= {"papermill": {"duration": 1}, "execution": {"iopub.status.busy": "now"}}
    given = make_cell["notebook"](cell)
    given["metadata"]["papermill"] = {"start_time": "now"}
    cleaned = clean_notebook(given)
    assert "papermill" not in cleaned["metadata"]
    assert cleaned["cells"][0]["metadata"] == {"tags": ["injected-parameters"]}
    assert cleaned["cells"][0]["id"] == "injected-parameters"
    assert given["cells"][0]["id"] == "random"


def test_pieces_of_a_stream_are_joined(make_cell):
    pieces = [stream("stdout", "a"), stream("stdout", "b"), stream("stderr", "c"), stream("stdout", "d")]
    cell = {**make_cell["code"]("print()"), "outputs": pieces}
    outputs = clean_notebook(make_cell["notebook"](cell))["cells"][0]["outputs"]
    assert outputs == [stream("stdout", "ab"), stream("stderr", "c"), stream("stdout", "d")]


def test_complaints_name_the_cell_by_its_number_in_the_committed_notebook(make_cell):
    warning = "/tmp/x.py:3: RuntimeWarning: divide by zero\n  a / b\n"
    cells = [
        make_cell["markdown"]("# Title"),
        make_cell["code"]("seed = 1", "parameters"),
        make_cell["code"]("seed = 2", "injected-parameters"),
        {**make_cell["code"]("\nfit(data)\nmore()"), "outputs": [stream("stderr", warning)]},
    ]
    (line,) = complaints(make_cell["notebook"](*cells))
    assert line == "cell 3 (fit(data)): wrote to stderr: /tmp/x.py:3: RuntimeWarning: divide by zero"


def test_a_quiet_notebook_has_no_complaints(make_cell):
    assert complaints(make_cell["notebook"]({**make_cell["code"]("1"), "outputs": [stream("stdout", "fine")]})) == []
