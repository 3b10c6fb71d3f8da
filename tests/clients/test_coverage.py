"""Each built operation has a test of its success and of every error that the model declares, or a reason why not.

Read from the `proves` marks of all test files, whether they run now or not; that a mark is true is checked where the
marked test runs.
"""

import importlib
import inspect
from pathlib import Path

import errors_ledger
import pytest
import unreachable
from built import BUILT
from support.aws import model


def marked():
    """Every (operation, outcome) that some test claims."""
    claims = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        module = importlib.import_module(file.stem)
        classes = [value for _, value in inspect.getmembers(module, inspect.isclass) if value.__module__ == file.stem]
        for holder in [module, *classes]:
            for name, test in inspect.getmembers(holder, inspect.isfunction):
                if name.startswith("test_"):
                    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "proves"]
                    claims |= {(mark.args[0], outcome) for mark in marks for outcome in mark.args[1:]}
    return claims


@pytest.mark.parametrize("operation", sorted(BUILT))
def test_every_declared_error_is_tested_or_has_a_reason(operation):
    declared = {shape.name for shape in model().operation_model(operation).error_shapes}
    tested = {outcome for name, outcome in marked() if name == operation}
    excused = set(unreachable.reasons(operation, declared))

    assert "success" in tested
    assert tested - {"success"} | excused == declared
    assert not tested & excused, "tested, so it is reachable: its reason must go"


def test_claims_are_about_operations_that_are_built():
    assert {operation for operation, _ in marked()} == BUILT


def test_the_ledger_lists_exactly_the_errors_without_a_test():
    assert errors_ledger.LEDGER.read_text() == errors_ledger.text(), "run: python tests/clients/errors_ledger.py"
