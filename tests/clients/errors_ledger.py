"""ledger/errors.txt: every error that the model declares and no test can meet, operation by operation, with the reason.

Written by `python tests/clients/errors_ledger.py`; `test_coverage.py` holds it against the model and the tests.
"""

from pathlib import Path

import unreachable
from built import BUILT
from support.aws import model

LEDGER = Path(__file__).resolve().parents[2] / "ledger" / "errors.txt"
HEAD = "# Declared errors of built operations that no real client can bring about: `Operation Error: reason`.\n"


def text():
    lines = []
    for operation in sorted(BUILT):
        declared = {shape.name for shape in model().operation_model(operation).error_shapes}
        for error, reason in sorted(unreachable.reasons(operation, declared).items()):
            lines.append(f"{operation} {error}: {reason}\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    LEDGER.write_text(text())
