import pytest

from peft_vlm_survey.read.edition import read_edition


def edition(root, old="", new=""):
    path = root / "CITATION.cff"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return read_edition(root)[0]


def test_what_the_book_says_of_itself_is_read(good):
    edition = good.edition
    assert edition.title == "A Tiny Survey of Vision–Language Tuning"
    assert edition.authors == ("The Tiny Survey contributors", "Ada Lovelace")
    assert (edition.date, edition.url, edition.repository) == ("2026-01-02", "https://tiny.example/book", "")


@pytest.mark.parametrize("unset", ["", "url:", "# url: https://tiny.example/book/"])
def test_an_address_may_be_unset(root, unset):
    assert edition(root, "url: https://tiny.example/book/", unset).url == ""


@pytest.mark.parametrize(
    "address", ["ftp://tiny.example", "javascript:alert(1)", r"https://tiny.example/}\input{x}", "5"]
)
def test_an_address_that_is_none_is_a_problem(root, address):
    edition(root, "https://tiny.example/book/", address)
    assert [problem.path for problem in read_edition(root)[1]] == ["CITATION.cff"]


def test_a_tag_of_yaml_runs_nothing(root):
    edition(root, "0.1.0", "!!python/object/apply:os.mkdir ['made']")
    assert [problem.message for problem in read_edition(root)[1]] == ["not YAML."]


@pytest.mark.parametrize("field", ["title", "version", "abstract"])
def test_a_field_without_a_value_is_missing(root, field):
    path = root / "CITATION.cff"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join(f"{field}:" if line.startswith(f"{field}:") else line for line in lines), encoding="utf-8"
    )
    assert [problem.message for problem in read_edition(root)[1]] == [f"{field} is missing."]


def test_a_doi_is_read_and_may_be_unset(root):
    assert edition(root).doi == ""
    assert edition(root, "license:", "doi: 10.5281/zenodo.1\nlicense:").doi == "10.5281/zenodo.1"
