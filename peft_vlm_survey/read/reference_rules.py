"""Rules for one reference: each is a generator named after the fault that it yields."""

import re
from collections.abc import Callable, Iterator

from peft_vlm_survey.problems import Problem, nearest, suggest
from peft_vlm_survey.read.formulas import FORMULA
from peft_vlm_survey.read.reference import Reference, plain, split_names
from peft_vlm_survey.read.sheets import DOI, DOI_REMEDY


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


REQUIRED = {
    "article": ("author", "title", "journal", "year"),
    "book": ("author", "title", "publisher", "year"),
    "incollection": ("author", "title", "booktitle", "publisher", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "misc": ("author", "title", "year"),
    "phdthesis": ("author", "title", "school", "year"),
    "techreport": ("author", "title", "institution", "year"),
}
FIELDS = _words("""
    author editor title booktitle journal series volume number pages publisher school institution note year
    month doi url eprint archiveprefix primaryclass
""")
# Only these commands may stand between the two `$` of a title: enough for a formula, nothing that reads a file.
MATH_COMMANDS = frozenset(
    _words("""
    alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi varphi
    chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell infty times cdot pm leq geq le ge
    approx sim to rightarrow mathbf mathcal mathrm mathbb sqrt frac
""")
)


# What means more to TeX than it is.
_SPECIAL = re.compile(r"[\\$%&#_^]")
# Where a title may come to have a hyphen with a space behind it, once braces and TeX are gone.
_HYPHEN_AT_AN_END = re.compile(r"-[\s{}~]|\\")
_IEEE_PROCEEDINGS = re.compile(r"10\.1109/[A-Za-z]+[0-9]{5}\.([0-9]{4})\.")
# How a field names a paper by an id that another field has too.
_IDS = (
    {
        "eprint": re.compile(r"([0-9]{4}\.[0-9]{4,5})$"),
        "url": re.compile(r"https?://arxiv\.org/(?:abs|pdf)/([0-9]{4}\.[0-9]{4,5})"),
        "doi": re.compile(r"10\.48550/arxiv\.([0-9.]+)$", re.IGNORECASE),
    },
    {
        "doi": re.compile(r"10\.18653/v1/(.+)$"),
        "url": re.compile(r"https?://aclanthology\.org/([^/]+)/?$"),
    },
)
# What an identifier of the publisher says of where the paper stands; the book title must say the same.
_ANTHOLOGY = r"(?:10\.18653/v1/|https?://aclanthology\.org/)[0-9]{4}\."
_CHAPTERS = r"(?:acl|emnlp|naacl|eacl|aacl|ijcnlp)"
_MAIN = r"(?!.*(?:Findings|Workshop|Industry|Demonstration|Student Research))"
_PLACES = tuple(
    (re.compile(identifier), re.compile(booktitle), says)
    for identifier, booktitle, says in (
        (rf"{_ANTHOLOGY}findings-", r"Findings of ", "Findings"),
        (rf"{_ANTHOLOGY}{_CHAPTERS}-(?:long|short|main)\.", _MAIN, "main proceedings"),
        (rf"{_ANTHOLOGY}[a-z]+-industry\.", r".*Industry", "an industry track"),
        (rf"{_ANTHOLOGY}[a-z]+-demos?\.", r".*Demonstration", "demonstrations"),
        (rf"{_ANTHOLOGY}[a-z]+-srw\.", r".*Student Research", "a student workshop"),
        (
            rf"{_ANTHOLOGY}(?!{_CHAPTERS}-|findings-)[a-z0-9]+-[0-9]+\.",
            r"(?!.*(?:Annual Meeting|Chapter) of the Association|.*Conference on Empirical Methods)",
            "a smaller venue",
        ),
        (r"https?://openaccess\.thecvf\.com/content/[A-Z]+[0-9]{4}W/", r".*Workshops", "workshops"),
        (r"https?://openaccess\.thecvf\.com/content/[A-Z]+[0-9]{4}/", _MAIN, "main proceedings"),
    )
)
# Who stands twice in the record of a paper itself, by the paper's id on arXiv or its DOI: two people of one name.
_NAMESAKES = {
    "2402.15200": "Zhang, Min",
    "2409.06679": "Wang, Jun",
    "2508.16568": "Chen, Chen",
    "2504.13837": "Yue, Yang",
    "10.18653/v1/2022.findings-acl.8": "Zhou, Jie",
}
# An organisation stands in braces.
_FAMILY_GIVEN = re.compile(r"[^,]+(, [^,]+){1,2}|\{.+\}")


def _unknown_type(reference: Reference) -> Iterator[Problem]:
    if reference.type not in REQUIRED:
        yield reference.problem(
            f"entry type '{reference.type}' is not known.",
            suggest(reference.type, REQUIRED, f"Use one of: {', '.join(REQUIRED)}."),
        )


def _unknown_field(reference: Reference) -> Iterator[Problem]:
    for field in reference.fields:
        if field not in FIELDS:
            yield reference.problem(
                f"field '{field}' is not known.",
                suggest(field, FIELDS, "Delete it; what the survey says of a paper goes to data/papers.csv."),
            )


def _missing_field(reference: Reference) -> Iterator[Problem]:
    meant = {nearest(field, FIELDS) for field in reference.fields if field not in FIELDS}
    for field in REQUIRED.get(reference.type, ()):
        if not reference.fields.get(field, "").strip() and field not in meant:
            yield reference.problem(
                f"{reference.key} has no {field}.",
                f"An @{reference.type} needs: {', '.join(REQUIRED[reference.type])}.",
            )


def _field_without_value(reference: Reference) -> Iterator[Problem]:
    for field, value in reference.fields.items():
        if not value.strip() and field not in REQUIRED.get(reference.type, ()):
            yield reference.problem(f"{field} has no value.", "Fill it in, or delete the field.")


def _badly_formed_key(reference: Reference) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z]+[0-9]{4}[a-z0-9]+", reference.key):
        yield reference.problem(
            f"key '{reference.key}' is not of the form family name, year, word.",
            "Write it like sung2022vladapter: lower-case ASCII, no punctuation.",
        )


def _not_a_year(reference: Reference) -> Iterator[Problem]:
    year = reference.fields.get("year", "")
    if year and not (re.fullmatch("[0-9]{4}", year) and 1900 <= int(year) <= 2100):
        yield reference.problem(
            f"year '{year}' is not four digits between 1900 and 2100.", "Write the year of publication, as in 2022."
        )


def _not_an_arxiv_id(reference: Reference) -> Iterator[Problem]:
    eprint = reference.fields.get("eprint", "")
    if eprint and not re.fullmatch(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7}", eprint):
        yield reference.problem(
            f"eprint '{eprint}' is not an arXiv id.", "Write it like 2112.06825, without version and without 'arXiv:'."
        )


def _not_a_doi(reference: Reference) -> Iterator[Problem]:
    doi = reference.fields.get("doi", "")
    if doi and not re.fullmatch(DOI, doi):
        yield reference.problem(f"doi '{doi}' is not a DOI.", DOI_REMEDY)


def _not_an_address(reference: Reference) -> Iterator[Problem]:
    url = reference.fields.get("url", "")
    if url and not re.fullmatch(r"https?://[^\s{}\\<>\"`|]+", url):
        yield reference.problem(
            f"url '{url}' is not an http(s) address.", "Write the address of the publisher's page, or delete the field."
        )


def _arxiv_later_than_venue(reference: Reference) -> Iterator[Problem]:
    eprint, year = reference.fields.get("eprint", ""), reference.fields.get("year", "")
    if re.match(r"[0-9]{4}\.", eprint) and re.fullmatch("[0-9]{4}", year) and 2000 + int(eprint[:2]) > int(year) + 1:
        yield reference.problem(
            f"eprint {eprint} is of 20{eprint[:2]}, the paper of {year}.",
            "One of the two belongs to another paper; look both up.",
        )


def _authors_cut_short(reference: Reference) -> Iterator[Problem]:
    names = split_names(reference.fields.get("author", ""))
    if names and plain(names[-1]).casefold() in ("others", "et al.", "et al"):
        yield reference.problem(
            "the author list ends in 'others'.", "Name every author; the publisher's page lists them."
        )


def _authors_misformed(reference: Reference) -> Iterator[Problem]:
    for name in split_names(reference.fields.get("author", "")):
        if not _FAMILY_GIVEN.fullmatch(name) and plain(name).casefold() not in ("others", "et al.", "et al"):
            yield reference.problem(
                f"author '{name}' is not written as Family, Given.",
                "Write 'Family, Given' and separate authors by ' and '; put an organisation in braces.",
            )


def _author_twice(reference: Reference) -> Iterator[Problem]:
    names = split_names(reference.fields.get("author", ""))
    if len({*names}) == len(names):
        return
    known = {_NAMESAKES.get(reference.fields.get(field, "")) for field in ("eprint", "doi")}
    for name in dict.fromkeys(names):
        if names.count(name) > 1 and name not in known:
            yield reference.problem(
                f"author '{name}' stands twice.",
                "Name each author once; for two people of one name, whom the record names both, "
                "put the paper among _NAMESAKES in peft_vlm_survey/read/reference_rules.py.",
            )


def _name_in_one_case(reference: Reference) -> Iterator[Problem]:
    for author in split_names(reference.fields.get("author", "")):
        family = author.partition(",")[0]
        if "{" not in author and "\\" not in author and family.lower() != family != family.upper():
            continue
        name, comma, _ = plain(author).partition(",")
        letters = re.sub(r"[\W\d_]", "", name) if comma and "\\" not in name else ""
        if len(letters) > 1 and letters.isupper():
            yield reference.problem(
                f"author '{name}' is all in capitals.", "Write the name with one capital, as in Zhou."
            )
        elif letters and letters.islower():
            yield reference.problem(f"author '{name}' has no capital.", "Write the name with its capital, as in Zhou.")


def _space_behind_hyphen(reference: Reference) -> Iterator[Problem]:
    if not _HYPHEN_AT_AN_END.search(reference.fields.get("title", "")):
        return
    if "- " in reference.title and (found := re.search(r"\w+- (?!and\b|or\b|to\b)\w+", reference.title)):
        yield reference.problem(
            f"title has '{found.group()}', a hyphen with a space.", "Delete the space, which a line end has left."
        )


def _space_before_colon(reference: Reference) -> Iterator[Problem]:
    if " :" in reference.fields.get("title", ""):
        yield reference.problem("title has a space before a colon.", "Delete the space.")


def _preprint_of_another_year(reference: Reference) -> Iterator[Problem]:
    eprint, year = reference.fields.get("eprint", ""), reference.fields.get("year", "")
    if reference.type == "misc" and re.match(r"[0-9]{4}\.", eprint) and year.isdigit() and f"20{eprint[:2]}" != year:
        yield reference.problem(
            f"eprint {eprint} is of 20{eprint[:2]}, the preprint of {year}.",
            "A preprint is of the year in which it was first posted; correct the year, or name its venue.",
        )


def _pages_backwards(reference: Reference) -> Iterator[Problem]:
    pages = reference.fields.get("pages", "")
    if (found := re.fullmatch("([0-9]+)--([0-9]+)", pages)) and int(found[1]) > int(found[2]):
        yield reference.problem(
            f"pages '{pages}' end before they begin.", "Write the first page first, and every digit of the last."
        )


def _doi_of_another_year(reference: Reference) -> Iterator[Problem]:
    """Yield the DOI of proceedings of IEEE, which names their year, where the entry names another."""
    doi, year = reference.fields.get("doi", ""), reference.fields.get("year", "")
    if (found := _IEEE_PROCEEDINGS.match(doi)) and year.isdigit() and found[1] != year:
        yield reference.problem(
            f"doi {doi} is of {found[1]}, the paper of {year}.",
            "One of the two belongs to another paper; look both up.",
        )


def _ids_of_two_papers(reference: Reference) -> Iterator[Problem]:
    """Yield fields that name the paper by its id on arXiv or in the ACL Anthology, where two of them differ."""
    fields = {name: reference.fields.get(name, "") for name in ("doi", "url", "eprint")}
    for forms in _IDS:
        named = {name: found[1].rstrip(".") for name, form in forms.items() if (found := form.match(fields[name]))}
        if len({identifier.casefold() for identifier in named.values()}) > 1:
            (field, its), (other, another) = list(named.items())[:2]
            yield reference.problem(
                f"{field} is of {its}, {other} of {another}.", "One of the two belongs to another paper; look both up."
            )


def _place_of_another_venue(reference: Reference) -> Iterator[Problem]:
    """Yield papers of Findings, a workshop or another track that are booked elsewhere than their DOI or address says."""
    booktitle = reference.plain("booktitle")
    for field in ("doi", "url"):
        for identifier, place, says in _PLACES:
            if booktitle and identifier.match(reference.fields.get(field, "")) and not place.match(booktitle):
                yield reference.problem(
                    f"{field} is of {says}, booktitle is '{booktitle}'.",
                    "Take the book title from the publisher's page, or correct the identifier.",
                )


def _tex_in_text(reference: Reference) -> Iterator[Problem]:
    for field, value in reference.fields.items():
        if field in ("doi", "url", "eprint") or not _SPECIAL.search(value):
            continue
        if "\\" in FORMULA.sub("", reference.plain(field)):
            yield reference.problem(
                f"{field} has a TeX command, which would print as it stands.",
                "Write the character itself; the file is UTF-8.",
            )
        if bare := re.search(r"(?<!\\)[%&#_^]", FORMULA.sub("", reference.fields[field])):
            yield reference.problem(
                f"{field} has a bare '{bare.group()}', which TeX would read as a command.", f"Write \\{bare.group()}."
            )
        for formula in FORMULA.findall(reference.fields[field]):
            if unsafe := _unsafe(formula):
                yield reference.problem(f"{field} has {unsafe} in a formula.", _FORMULA_REMEDY)


_FORMULA_REMEDY = (
    "A formula may use letters, digits, ^, _ and the commands listed in peft_vlm_survey/read/reference_rules.py."
)


def _unsafe(formula: str) -> str:
    """Return what a formula has that it may not have, as the problem names it; empty if there is nothing."""
    for command in re.findall(r"\\([A-Za-z]+|.)", formula):
        if command not in MATH_COMMANDS:
            return f"\\{command}"
    if "^^" in formula:  # TeX reads it as the beginning of any character, a backslash among them
        return "'^^'"
    rest = re.sub(r"\\[A-Za-z]+", "", formula.strip("$"))
    odd = re.search(r"[^\w\s^_{}()\[\]+\-=<>/*,.:;|!']", rest)
    return f"'{odd.group()}'" if odd else ""


def _spaces(reference: Reference) -> Iterator[Problem]:
    for field, value in reference.fields.items():
        if "  " in value or "\n" in value or "\t" in value or " " in (value[:1], value[-1:]):
            yield reference.problem(
                f"{field} has a space at an end, two in a row, or a line break.",
                "Write the value on one line with single spaces.",
            )


RULES: tuple[Callable[[Reference], Iterator[Problem]], ...] = (
    _unknown_type,
    _unknown_field,
    _missing_field,
    _field_without_value,
    _badly_formed_key,
    _not_a_year,
    _not_an_arxiv_id,
    _not_a_doi,
    _not_an_address,
    _arxiv_later_than_venue,
    _authors_cut_short,
    _authors_misformed,
    _author_twice,
    _name_in_one_case,
    _space_behind_hyphen,
    _space_before_colon,
    _preprint_of_another_year,
    _pages_backwards,
    _doi_of_another_year,
    _ids_of_two_papers,
    _place_of_another_venue,
    _tex_in_text,
    _spaces,
)
