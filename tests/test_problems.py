from peft_vlm_survey.problems import Problem, SurveyError, report, suggest


def problem(path: str = "a.csv", line: int = 1, message: str = "no.") -> Problem:
    return Problem(path=path, line=line, message=message, remedy="Yes.")


def test_a_problem_prints_its_place_and_below_it_the_remedy():
    assert str(problem(line=7)) == "a.csv:7: no.\n    Yes."


def test_a_report_has_each_problem_once_in_order_their_count_and_that_nothing_was_built():
    said = report([problem("b.csv"), problem(line=10), problem(line=9), problem(line=9)]).splitlines()
    assert [line.partition(": ")[0] for line in said if line[0] != " "][:-1] == ["a.csv:9", "a.csv:10", "b.csv:1"]
    assert said[-1] == "3 problems found. Nothing was built."
    assert "1 problem found." in report([problem()]) and "0 problems found." in report([])


def test_an_error_carries_every_problem_and_reads_as_their_report():
    problems = (problem(line=1), problem(line=2))
    assert SurveyError(problems).problems == problems
    assert str(SurveyError(problems)) == report(problems)


def test_the_nearest_word_is_suggested():
    assert suggest("adaptor", ["prompt", "adapter"], "Use another.") == "Did you mean 'adapter'?"


def test_where_no_word_is_near_the_other_remedy_is_given():
    assert suggest("zzz", ["prompt", "adapter"], "Use another.") == "Use another."


def test_of_two_words_alike_near_the_same_is_suggested_whatever_their_order():
    assert suggest("aXc", ["abc", "adc"], "") == suggest("aXc", ["adc", "abc"], "")
