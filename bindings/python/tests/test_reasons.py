"""The registry of Reasons, and what is raised."""

import importlib.metadata
import pickle

import pytest

import ostiary
from ostiary import Reason, _core, _errors


def test_the_enumeration_and_the_library_agree():
    assert {row[1]: row[0] for row in _core.reasons()} == {reason.name: int(reason) for reason in Reason}


def test_a_reason_is_explained():
    info = ostiary.reason_info(Reason.TOKEN_EXPIRED)
    assert info == (Reason.TOKEN_EXPIRED, "TOKEN_EXPIRED", "token", 401, "RFC 7519 §4.1.4", "The token has expired.")
    assert ostiary.reason_info(2047) == info
    assert isinstance(info.reason, Reason)


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.name)
def test_every_reason_has_a_row(reason):
    info = ostiary.reason_info(reason)
    assert info.name == reason.name
    assert info.text.endswith(".")
    assert 200 <= info.http_status <= 599


def test_an_unregistered_number_is_a_usage_error():
    with pytest.raises(ostiary.UsageError):
        ostiary.reason_info(999_999)


def test_the_version_is_the_one_of_the_library_and_of_the_package():
    assert ostiary.__version__ == importlib.metadata.version("ostiary")


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OK], ids=lambda reason: reason.name)
def test_every_failure_has_an_exception_that_survives_pickling(reason):
    error = _errors.failure(int(reason), 3, 4, 5, 6, b"what to change")
    if reason is Reason.NO_MEMORY:
        assert isinstance(error, MemoryError)
        return
    assert isinstance(error, (ValueError, ostiary.OstiaryError))
    twin = pickle.loads(pickle.dumps(error))
    assert type(twin) is type(error) and str(twin) == str(error) and vars(twin) == vars(error)
    assert reason.name in str(error)


def test_names_are_shown_as_they_are_imported():
    for name in ostiary.__all__:
        assert getattr(getattr(ostiary, name), "__module__", "ostiary") in ("ostiary", "builtins")
