"""The probes against the running server, and what makes them worth running: sound bases, and sentences written by hand."""

import expect
import pytest
import samples
from contract import Model
from patterns import matches
from probes import probes, run, table

MODEL = Model()
TELLTALE = {
    "missing": "Member must not be null", "missing, all": "Member must not be null", "null": "Member must not be null",
    "too short": "length greater than or equal to", "too long": "length less than or equal to",
    "out of range": "Member must have value ", "enum": "Member must satisfy enum value set: [",
    "pattern": "Member must satisfy regular expression pattern: ",
    "wrong type": "", "number too big": "can not be converted to an ", "base64": "can not be converted to a Blob: ",
}  # fmt: skip


@pytest.fixture(scope="module")
def every_probe():
    return list(probes(MODEL))


def said(operation, body):
    return expect.answer(MODEL.operations[operation], body)


def test_the_base_of_every_operation_is_allowed():
    refused = {name: expect.answer(shape, samples.minimal(shape)) for name, shape in MODEL.operations.items()}
    assert {name: why for name, why in refused.items() if why} == {}


def test_every_place_inside_every_operation_is_probed(every_probe):
    probed = {(probe.operation, probe.path) for probe in every_probe}
    assert len(MODEL.operations) == 141
    for operation, shape in MODEL.operations.items():
        for path, place in samples.paths(shape):
            # Nothing can be wrong with a document, nor with a key of which the model asks nothing.
            free = place.kind == "document" or path[-1:] == ((samples.KEY, None),)
            assert (operation, path) in probed or free, (operation, path)


def test_every_probe_is_wrong_in_the_way_its_class_says(every_probe):
    for probe in every_probe:
        assert TELLTALE.get(probe.kind, "") in probe.message, (str(probe), probe.message)
        typed = probe.kind in ("wrong type", "number too big", "base64", "body")
        assert probe.error == ("SerializationException" if typed else "InvalidParameterException"), str(probe)


def test_a_value_at_the_boundary_is_not_what_is_refused(every_probe):
    for probe in every_probe:
        if probe.kind == "boundary":
            member = probe.path[0][1]
            at = f"at '{member[0].lower()}{member[1:]}"
            assert f"{at}'" not in probe.message and f"{at}." not in probe.message, str(probe)


def test_the_sentences_are_those_of_the_dossier():
    assert said("DeleteUserPool", {}) == (
        "InvalidParameterException",
        "1 validation error detected: Value at 'userPoolId' failed to satisfy constraint: Member must not be null",
    )
    assert said("CreateUserPoolClient", {"UserPoolId": "a_1", "ClientName": "c", "ExplicitAuthFlows": ["X"]})[1].startswith(
        "1 validation error detected: Value '[X]' at 'explicitAuthFlows' failed to satisfy constraint: Member must satisfy "
        "constraint: [Member must satisfy enum value set: [ADMIN_NO_SRP_AUTH, "
    )
    assert said("CreateUserPool", {"PoolName": "p", "Schema": [{"Name": "phone_number_verified"}]})[1] == (
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy constraint: "
        "Member must have length less than or equal to 20"
    )
    assert said("SignUp", {"ClientId": "c", "Username": "", "Password": "p w"})[1] == (
        "3 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length greater "
        "than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular expression "
        r"pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+; Value at 'password' failed to satisfy constraint: Member must satisfy "
        r"regular expression pattern: [\S]+"
    )
    assert said("GetGroup", {"GroupName": 1}) == (
        "SerializationException", "class java.lang.Integer can not be converted to an String",
    )  # fmt: skip


def test_patterns_are_read_as_java_reads_them():
    assert matches(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "Žofie_1") and not matches(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", "a b")
    assert matches(r"[\S]+", "p\u00a0w") and not matches(r"[\w]+", "é")
    assert not matches(r"[\w-]+_[0-9a-zA-Z]+", "us-east-1_AbC\n")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_probe_is_answered_as_the_model_asks(server):
    sent, wrong, told = run(server.endpoint)
    assert not wrong, "\n".join([*told, table(sent, wrong)])
