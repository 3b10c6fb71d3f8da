"""Every optional member of pools and app clients: what it is set to, how it is emptied, and what is described then.

A row says it for one member, or for members that only go together. `test_configuration.py` runs each row through
creating, updating and describing, and compares everything else that is described with a twin that lacks the member.
"""

from dataclasses import dataclass, field
from typing import Any

REFUSED = "refused"  # the emptied members violate the model


@dataclass
class Row:
    given: dict  # the members, set
    unset: dict = field(default_factory=dict)  # what is described without them; what is not named here is left out
    shows: dict = field(default_factory=dict)  # where it differs from `given`: what is described with them
    emptied: dict = field(default_factory=dict)  # the members, emptied
    empties: Any = field(default_factory=dict)  # what is described then; `unset` in all that is not named; or REFUSED
    needs: dict = field(default_factory=dict)  # settings without which the members are refused
    stays: bool = False  # an update that leaves it out keeps it
    only_created: bool = False  # UpdateUserPool does not know it
    hidden: frozenset = frozenset()  # given, and never described
    changes: frozenset = frozenset()  # described otherwise with it; what it is then, another test says

    def when_set(self):
        shown = {name: value for name, value in self.given.items() if name not in self.hidden}
        return {**self.unset, **shown, **self.shows}

    def when_emptied(self):
        return {**self.unset, **self.empties}

    def concerns(self):
        """The described members that this row speaks of."""
        return {*self.given, *self.unset, *self.shows, *self.changes}
