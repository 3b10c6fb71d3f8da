"""The user-pool contract, read from model/idp-operations.json alone: nothing here comes from the tables in Rust."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MODEL = Path(__file__).resolve().parents[3] / "model" / "idp-operations.json"
# AWS accepts dots in custom domains, and answers to a malformed prefix in words of its own.
CHECKED_BY_THE_SERVICE = {"DomainType"}
SCALARS = ("string", "integer", "long", "boolean", "timestamp", "blob", "document")


@dataclass(frozen=True)
class Shape:
    model: "Model" = field(repr=False)
    name: str

    @cached_property
    def raw(self):
        return self.model.shapes[self.name]

    @property
    def kind(self):
        return "document" if self.raw.get("document") else self.raw["type"]

    @property
    def members(self):
        return {name: self._shape(target) for name, target in self.raw["members"].items()}

    @property
    def required(self):
        return self.raw.get("required", [])

    @property
    def item(self):
        return self._shape(self.raw["member"])

    @property
    def key(self):
        return self._shape(self.raw["key"])

    @property
    def value(self):
        return self._shape(self.raw["value"])

    @property
    def min(self):
        return self.raw.get("min")

    @property
    def max(self):
        return self.raw.get("max")

    @property
    def pattern(self):
        return None if self.name in CHECKED_BY_THE_SERVICE else self.raw.get("pattern")

    @property
    def names(self):
        return self.raw.get("enum")

    @property
    def secret(self):
        return self.raw.get("sensitive", False)

    @property
    def scalar(self):
        return self.kind in SCALARS

    def _shape(self, target):
        return self.model.shape(target["shape"] if isinstance(target, dict) else target)


class Model:
    def __init__(self, path=MODEL):
        raw = json.loads(path.read_text())
        self.shapes = raw["shapes"]
        self.operations = {operation["name"]: self.shape(operation["inputShape"]) for operation in raw["operations"]}

    def shape(self, name):
        return Shape(self, name)
