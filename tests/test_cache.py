import pickle
import shutil
import warnings
from pathlib import Path

import mistakes
import pytest
from every import each

from peft_vlm_survey import cache as caching
from peft_vlm_survey.asking import call_of
from peft_vlm_survey.cache import answers, folder, survey_of
from peft_vlm_survey.costs import verdicts
from peft_vlm_survey.data import find_problems, load, read
from peft_vlm_survey.form import find_problems as find_misformed
from peft_vlm_survey.problems import report
from peft_vlm_survey.show.catalogue import catalogue
from peft_vlm_survey.show.figure import Figure

GOOD = Path(__file__).parent / "good"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(GOOD, tmp_path / "tiny"))


def edit(root, name, old, new):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refuse(root):
    raise AssertionError("read again")


def test_a_survey_is_read_once_and_then_kept(root):
    first = survey_of(root, load)
    second = survey_of(root, refuse)
    assert second.papers == first.papers and second.results == first.results and second.edition == first.edition


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/results.csv", ",65.9,", ",65.8,"),
        ("references.bib", "year = {2019}", "year = {2018}"),
        ("CITATION.cff", "date-released: ", "date-released: 2026-01-01 #"),
    ],
)
def test_a_survey_whose_sources_changed_is_read_again(root, name, old, new):
    survey_of(root, load)
    edit(root, name, old, new)
    with pytest.raises(AssertionError, match="read again"):
        survey_of(root, refuse)


def test_a_sentence_more_in_a_chapter_does_not_read_the_survey_again(root):
    before = survey_of(root, load)
    chapter = next((root / "book").glob("*.md"))
    chapter.write_text("\n\n" + chapter.read_text(encoding="utf-8"), encoding="utf-8")
    after = survey_of(root, refuse)
    assert [c.key for c in after.citations] == [c.key for c in before.citations]


def test_a_new_citation_in_a_chapter_reads_the_survey_again(root):
    survey_of(root, load)
    with next((root / "book").glob("*.md")).open("a", encoding="utf-8") as stream:
        stream.write("\n{cite:t}`nobody2020nothing`\n")
    with pytest.raises(AssertionError, match="read again"):
        survey_of(root, refuse)


def renew(root, question):
    """Ask a question of the survey below a root as a build does; return how often it was really asked."""
    asked = []

    def ask(survey):
        asked.append(True)
        return question(survey)

    survey = load(root)
    kept = answers(root)
    kept.hold_against(survey)
    kept.renew("question()", "", survey, ask)
    kept.save()
    return len(asked)


OTHER = "https://code.example/grounder,source,training,MIT"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/papers.csv", OTHER, "https://code.example/other,source,training,MIT"),
        ("references.bib", "year = {2019}", "year = {2018}"),
        ("CITATION.cff", "date-released: ", "date-released: 2026-01-01 #"),
    ],
)
def test_an_answer_is_asked_again_if_any_source_changes(root, name, old, new):
    asked = [renew(root, count), renew(root, count)]
    edit(root, name, old, new)
    assert [*asked, renew(root, count), renew(root, count)] == [1, 0, 1, 0]


def test_an_answer_is_asked_again_if_chapters_cite_something_else_and_for_no_other_sentence(root):
    asked, chapter = [renew(root, count)], next((root / "book").glob("*.md"))
    for sentence in ("\nOne sentence more.\n", "\n{cite:t}`ivey2022seer` says more.\n"):
        with chapter.open("a", encoding="utf-8") as stream:
            stream.write(sentence)
        asked.append(renew(root, count))
    assert asked == [1, 0, 1]


def count(survey):
    return len(survey.results)


def test_an_answer_that_brings_a_warning_is_not_kept(root):
    with pytest.raises(UserWarning):
        renew(root, lambda survey: warnings.warn("old data", stacklevel=1))
    assert answers(root).entries == {}


def test_an_answer_whose_file_another_process_deleted_is_asked_again(root):
    renew(root, count)
    (file,) = [kept.file for kept in answers(root).entries.values()]
    (folder(root) / file).unlink()
    assert [renew(root, count), renew(root, count)] == [1, 0]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return the root that the package looks at for its pinned libraries and the meanings of columns, as it is and free to change."""
    place = tmp_path / "package"
    (place / "data").mkdir(parents=True)
    for name in ("requirements.txt", "data/README.md"):
        shutil.copyfile(caching.ROOT / name, place / name)
    monkeypatch.setattr(caching, "ROOT", place)
    caching.code.cache_clear()
    caching.reading.cache_clear()
    yield place
    caching.code.cache_clear()
    caching.reading.cache_clear()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/README.md", "| `text` |", "| `text` | another meaning |"),
        ("requirements.txt", "matplotlib==", "matplotlib==0"),
    ],
)
def test_another_meaning_of_a_column_or_another_library_asks_every_answer_again(package, root, name, old, new):
    assert (renew(root, count), renew(root, count)) == (1, 0)
    edit(package, name, old, new)
    caching.code.cache_clear()
    assert (renew(root, count), renew(root, count)) == (1, 0)


def test_a_survey_that_another_library_read_is_read_again(package, root):
    survey_of(root, load)
    edit(package, "requirements.txt", "pybtex==", "pybtex==0")
    caching.reading.cache_clear()
    with pytest.raises(AssertionError, match="read again"):
        survey_of(root, refuse)


class Renamed:
    """Stand for a class that other code knows by another name."""


def test_a_cache_of_other_code_is_not_unpickled(root, monkeypatch):
    renew(root, lambda survey: Renamed())
    monkeypatch.delattr(caching, "Entry")
    monkeypatch.setattr(caching, "code", lambda: "other code")
    assert answers(root).entries == {}


@pytest.mark.parametrize("raw", [b"", b"damaged", bytes(40), pickle.dumps({"looks": "foreign"})])
def test_a_damaged_or_foreign_file_is_ignored_and_written_again(root, raw):
    survey_of(root, load)
    assert renew(root, count) == 1
    files = [path for path in folder(root).iterdir() if path.suffix == ".pickle"]
    assert len(files) > 3
    for path in files:
        path.write_bytes(raw)
    survey = survey_of(root, load)
    assert survey.papers
    given = answers(root)
    assert given.entries == {}
    assert renew(root, count) == 1
    assert renew(root, count) == 0
    survey_of(root, refuse)


def test_an_answer_whose_own_file_is_damaged_is_asked_again(root):
    renew(root, count)
    (entry,) = answers(root).entries.values()
    (folder(root) / entry.file).write_bytes(b"damaged")
    assert answers(root).load(entry) is None
    assert (renew(root, count), renew(root, count)) == (1, 0)
    assert answers(root).load(entry) == count(load(root))


def test_a_call_is_the_same_however_its_keywords_are_ordered():
    assert call_of("a", (1,), {"b": 2, "c": 3}) == call_of("a", (1,), {"c": 3, "b": 2}) != call_of("a", (1,), {"b": 2})


def test_a_figure_is_kept_as_it_was_drawn(monkeypatch):
    monkeypatch.setenv("SURVEY_WHOLE", "1")
    figure = Figure(draw=lambda form: form.encode(), data=({"a": "b"},), canvas=object())
    kept = pickle.loads(pickle.dumps(figure))  # noqa: S301 (our own)
    assert (kept.svg, kept.pdf, kept.png, kept.data, kept.canvas) == ("svg", b"pdf", b"png", ({"a": "b"},), None)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"svg"}),
        ({"SURVEY_PDF": "1"}, {"svg", "pdf"}),
        ({"SURVEY_WHOLE": "1"}, {"svg", "pdf", "png"}),
        ({"SURVEY_WHOLE": "1", "SURVEY_PDF": "1"}, {"svg", "pdf", "png"}),
    ],
)
def test_a_draft_draws_no_form_that_it_does_not_show(settings, expected, monkeypatch):
    for name in ("SURVEY_PDF", "SURVEY_WHOLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    drawn = []
    pickle.dumps(Figure(draw=lambda form: (drawn.append(form), form.encode())[1]))
    assert set(drawn) == expected


def test_a_figure_of_a_draft_is_drawn_again_for_a_whole_site(root, monkeypatch):
    for name in ("SURVEY_PDF", "SURVEY_WHOLE"):
        monkeypatch.delenv(name, raising=False)
    drawn = []

    def figure(survey):
        return Figure(draw=lambda form: (drawn.append(form), form.encode())[1])

    assert (renew(root, figure), renew(root, figure)) == (1, 0)
    assert drawn == ["svg"]
    monkeypatch.setenv("SURVEY_WHOLE", "1")
    assert renew(root, figure) == 1
    assert set(drawn[1:]) == {"svg", "pdf", "png"}
    monkeypatch.delenv("SURVEY_WHOLE")
    assert renew(root, figure) == 0  # a draft after it has all that it shows


def test_what_a_pdf_shows_more_of_is_asked_again_for_one(root, monkeypatch):
    monkeypatch.delenv("SURVEY_PDF", raising=False)

    def listed(survey):
        return catalogue("grounding", survey=survey)

    assert (renew(root, listed), renew(root, listed)) == (1, 0)
    monkeypatch.setenv("SURVEY_PDF", "1")
    assert (renew(root, listed), renew(root, listed)) == (1, 0)
    monkeypatch.delenv("SURVEY_PDF")
    assert renew(root, listed) == 0  # it has all that the site shows


OF_COSTS = ("settings", "reported_costs", "software", "recipes", "configurations", "results", "measurements")


@pytest.fixture
def checked(root):
    """Return the folder of a tiny survey of which it is kept that nothing is wrong with its costs."""
    folder(root).mkdir(parents=True)
    assert find_problems(root) == () and list(folder(root).glob("costs-*"))
    return root


def test_that_nothing_is_wrong_with_the_costs_is_found_once_and_then_kept(checked, monkeypatch):
    monkeypatch.setattr(verdicts, "RULES", ((refuse, ()),))
    edit(checked, "data/papers.csv", "Asker", "Asker")
    assert find_problems(checked) == ()
    edit(checked, "data/settings.csv", "rank=", "rank=1")
    with pytest.raises(AssertionError, match="read again"):
        find_problems(checked)


def changes_costs(name):
    return {f"data/{table}.csv" for table in OF_COSTS} & set(mistakes.patched(name))


@each("name", [name for name in mistakes.NAMES if changes_costs(name)])
def test_what_is_kept_of_the_costs_hides_no_mistake(name, checked):
    before = {path: (checked / path).read_bytes() for path in mistakes.patched(name)}
    mistakes.lay_over(name, checked)
    survey, problems = read(checked)
    try:
        assert report((*problems, *find_misformed(checked, survey, problems))) + "\n" == mistakes.report(name)
    finally:
        for path, raw in before.items():
            (checked / path).write_bytes(raw)


def test_a_row_that_could_not_be_read_is_not_kept_as_one_without_a_fault(checked):
    path = checked / "data/reported_costs.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (only,) = [place for place, row in enumerate(rows) if "adapter-tiny-lm" in row]  # the only use of a setting
    path.write_text("".join([*rows[:only], rows[only].replace(",", "", 1), *rows[only + 1 :]]), "utf-8")
    assert all("cells where" in problem.message for problem in find_problems(checked))
    path.write_text("".join([*rows[:only], *rows[only + 1 :]]), "utf-8")
    assert [found.message for found in find_problems(checked)] == ["no printed cost uses setting 'adapter-tiny-lm'."]
