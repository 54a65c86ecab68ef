import pytest
from every import each


@pytest.fixture
def least() -> int:
    return 2


@each("number", lambda: [2, 3])
def test_a_folded_test_still_takes_fixtures(number, least):
    assert number >= least


def test_every_case_that_fails_or_errs_is_named_and_no_other():
    @each("name, number", [("a", 1), ("b", 2), ("c", 0), ("d", 4)])
    def check(name, number):
        if number == 4:
            with pytest.raises(ZeroDivisionError):
                1 / number
        assert 2 / number == 1, f"{name} has {number}"

    with pytest.raises(AssertionError) as failed:
        check()
    said = str(failed.value)
    assert said.startswith("3 of 4 cases:\n") and "a has 1" in said and "b has" not in said
    assert "ZeroDivisionError: division by zero" in said and "Failed: DID NOT RAISE" in said


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
