"""What the server was seen to answer in the running test: (operation, outcome). `proves` marks are held against it."""

import pytest

# @proves("SignUp", "success", "UsernameExistsException")
proves = pytest.mark.proves
SEEN = set()


def saw(operation, outcome):
    SEEN.add((operation, outcome))


def unproven(item):
    """The claims of this test's marks that its calls did not show."""
    claims = {(mark.args[0], outcome) for mark in item.iter_markers("proves") for outcome in mark.args[1:]}
    return sorted(claims - SEEN)
