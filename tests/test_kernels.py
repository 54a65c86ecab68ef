"""The kernels of the chapters: each is a fork, begins with nothing of its own, and leaves nothing behind."""

import os
import sys
import warnings
from types import SimpleNamespace

import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from peft_vlm_survey.site import kernels

pytestmark = pytest.mark.slow


@pytest.fixture
def app(monkeypatch):
    """Register the forks with what stands for Sphinx, and return what ends the process that forks them."""
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", factory.default_provisioner_name)
    heard = {}
    kernels.setup(SimpleNamespace(connect=heard.__setitem__))
    yield SimpleNamespace(end=lambda: heard["build-finished"](None, None))
    heard["build-finished"](None, None)


def run(tmp_path, *cells):
    """Return what the cells of a notebook print, executed as a chapter is."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, kernel_name="python3").execute()
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


def test_two_kernels_are_forks_of_one_process_which_is_a_fork_of_this_one(app, tmp_path):
    ask = "import os; print(os.getppid(), os.getpid())"
    (one,), (other,) = run(tmp_path, ask), run(tmp_path, ask)
    assert one.split()[0] == other.split()[0] != str(os.getpid())
    assert one.split()[1] != other.split()[1]
    app.end()
    with pytest.raises(ProcessLookupError):
        os.kill(int(one.split()[0]), 0)


def test_a_kernel_works_where_its_notebook_is_and_with_its_environment(app, tmp_path, monkeypatch):
    monkeypatch.setenv("SURVEY_TRIED", "as it is now")
    assert run(tmp_path, "import os; print(os.getcwd(), os.environ['SURVEY_TRIED'])") == [f"{tmp_path} as it is now\n"]


def test_a_kernel_knows_nothing_of_another(app, tmp_path):
    changed = "import json; json.told = kept = 1; print(json.told)"
    assert run(tmp_path, changed) == ["1\n"]
    assert run(tmp_path, "import json; print(hasattr(json, 'told'), 'kept' in globals())") == ["False False\n"]


def test_a_warning_stops_no_kernel_also_where_it_would_stop_what_that_is_forked_from(app, tmp_path):
    assert "error" in {rule[0] for rule in warnings.filters}  # as pytest is told to
    assert run(tmp_path, "import warnings; warnings.warn('careful'); print('on')") == ["on\n"]


def test_a_cell_that_fails_stops_its_notebook_and_no_other(app, tmp_path):
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(tmp_path, "1 / 0")
    with pytest.raises(DeadKernelError):
        run(tmp_path, "import os; os._exit(3)")
    assert run(tmp_path, "print('well')") == ["well\n"]


def test_a_signal_to_a_kernel_is_for_the_kernel_alone(app, tmp_path):
    with pytest.raises(DeadKernelError):
        run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "print('on')")
    stopped = "import os, signal\ntry: os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt: print('stopped')"
    assert run(tmp_path, stopped, "print('on')") == ["stopped\n", "on\n"]


def test_what_waits_to_be_printed_is_printed_once(app, tmp_path, capfd):
    sys.stdout.write("waiting")
    run(tmp_path, "pass")
    app.end()
    assert capfd.readouterr().out == "waiting"
