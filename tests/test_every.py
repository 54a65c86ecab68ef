import pytest
from every import each


@pytest.fixture
def least() -> int:
    return 2


@each("number", lambda: [2, 3])
def test_a_folded_test_still_takes_fixtures(number, least):
    assert number >= least


def test_every_case_that_fails_is_named():
    @each("name, number", [("a", 1), ("b", 2), ("c", 3)])
    def check(name, number):
        assert number == 2, f"{name} has {number}"

    with pytest.raises(AssertionError) as failed:
        check()
    assert str(failed.value).startswith("2 of 3 cases:\n")
    assert "a has 1" in str(failed.value) and "c has 3" in str(failed.value) and "b has" not in str(failed.value)


def test_an_error_is_a_failure_of_its_case_alone():
    @each("number", [0, 1])
    def check(number):
        assert 1 / number

    with pytest.raises(AssertionError, match="1 of 2 cases:\n0: ZeroDivisionError"):
        check()


def test_a_check_that_expects_an_error_is_a_failure_of_its_case_alone():
    @each("number", [0, 1])
    def check(number):
        with pytest.raises(ZeroDivisionError):
            1 / number

    with pytest.raises(AssertionError, match="1 of 2 cases:\n1: Failed"):
        check()


def test_folds_can_be_stacked():
    seen = []

    @each("letter", "ab")
    @each("number", [1, 2])
    def check(letter, number):
        seen.append((letter, number))

    check()
    assert seen == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]


def test_no_case_is_a_failure():
    with pytest.raises(AssertionError, match="no case"):
        each("number", [])(lambda number: None)()


def test_a_test_says_in_its_name_with_which_others_it_stays_where_processes_share_the_tests(request):
    shared = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@test_every") == shared
