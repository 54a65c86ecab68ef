"""The one door to the data: find every problem, or load the whole survey."""

from functools import cache
from pathlib import Path

from peft_vlm_survey.costs import software, verdicts
from peft_vlm_survey.kept import parsed, survey_of
from peft_vlm_survey.problems import Problem, SurveyError
from peft_vlm_survey.read.backbones import read_backbones
from peft_vlm_survey.read.background import read_background
from peft_vlm_survey.read.benchmarks import read_benchmarks
from peft_vlm_survey.read.bibliography import read_bibliography
from peft_vlm_survey.read.chapters import read_citations
from peft_vlm_survey.read.configurations import read_configurations
from peft_vlm_survey.read.contradictions import read_contradictions
from peft_vlm_survey.read.corrections import read_corrections
from peft_vlm_survey.read.description_rules import RULES as DESCRIPTION_RULES
from peft_vlm_survey.read.descriptions import read_descriptions
from peft_vlm_survey.read.edition import read_edition
from peft_vlm_survey.read.errata import read_errata
from peft_vlm_survey.read.excluded import read_excluded
from peft_vlm_survey.read.families import read_families
from peft_vlm_survey.read.implementations import read_implementations
from peft_vlm_survey.read.left_out import read_left_out
from peft_vlm_survey.read.memory_cases import read_memory_cases
from peft_vlm_survey.read.methods import read_methods
from peft_vlm_survey.read.mismatches import read_mismatches
from peft_vlm_survey.read.origins import read_origins
from peft_vlm_survey.read.papers import read_papers
from peft_vlm_survey.read.protocols import read_protocols
from peft_vlm_survey.read.reference import PATH as BIBLIOGRAPHY
from peft_vlm_survey.read.reported_costs import read_reported_costs
from peft_vlm_survey.read.results import read_measurements, read_results
from peft_vlm_survey.read.rules import RULES
from peft_vlm_survey.read.settings import read_settings
from peft_vlm_survey.read.software import read_software
from peft_vlm_survey.read.venues import read_venues
from peft_vlm_survey.read.vocabulary import read_vocabulary
from peft_vlm_survey.read.whole import Survey

ROOT = Path(__file__).resolve().parent.parent


def find_problems(root: Path) -> tuple[Problem, ...]:
    """Return every problem of the sources below the root, sorted by place."""
    return read(root)[1]


def load(root: Path = ROOT) -> Survey:
    """Return the survey below the root. Raises SurveyError, with every problem, if there is any."""
    survey, problems = read(root)
    if problems:
        raise SurveyError(problems)
    return survey


@cache
def the_survey() -> Survey:
    """Return this repository's own survey, read once a process; chapters ask this one."""
    return survey_of(ROOT, load)


def read(root: Path) -> tuple[Survey, tuple[Problem, ...]]:
    """Return what could be read below the root, and every problem, sorted by place."""
    edition, edition_problems = read_edition(root)
    bibliography = parsed(root, BIBLIOGRAPHY, read_bibliography)
    papers, paper_problems = read_papers(root)
    descriptions, description_problems = read_descriptions(root)
    vocabulary, vocabulary_problems = read_vocabulary(root)
    background, background_problems = read_background(root)
    excluded, excluded_problems = read_excluded(root)
    venues, venue_problems = read_venues(root)
    families, family_problems = read_families(root)
    errata, errata_problems = read_errata(root)
    corrections, correction_problems = read_corrections(root)
    origins, origin_problems = read_origins(root)
    benchmarks, benchmark_problems = read_benchmarks(root)
    results, result_problems = read_results(root)
    measurements, measurement_problems = read_measurements(root)
    methods, method_problems = read_methods(root)
    backbones, backbone_problems = read_backbones(root)
    configurations, configuration_problems = read_configurations(root)
    implementations, implementation_problems = read_implementations(root)
    settings, setting_problems = read_settings(root)
    reported_costs, reported_cost_problems = read_reported_costs(root)
    software_rows, software_problems = read_software(root)
    memory_cases, memory_case_problems = read_memory_cases(root)
    protocols, protocol_problems = read_protocols(root)
    mismatches, mismatch_problems = read_mismatches(root)
    contradictions, contradiction_problems = read_contradictions(root)
    left_out, left_out_problems = read_left_out(root)
    citations, chapter_problems = read_citations(root)
    survey = Survey(
        root=root,
        edition=edition,
        references=bibliography.references,
        papers=papers,
        descriptions=descriptions,
        vocabulary=vocabulary,
        background=background,
        excluded=excluded,
        venues=venues,
        families=families,
        errata=errata,
        corrections=corrections,
        origins=origins,
        benchmarks=benchmarks,
        results=results,
        measurements=measurements,
        methods=methods,
        backbones=backbones,
        configurations=configurations,
        implementations=implementations,
        settings=settings,
        reported_costs=reported_costs,
        software=software_rows,
        memory_cases=memory_cases,
        protocols=protocols,
        mismatches=mismatches,
        contradictions=contradictions,
        left_out=left_out,
        citations=citations,
    )
    problems = [
        *edition_problems,
        *bibliography.problems,
        *paper_problems,
        *description_problems,
        *vocabulary_problems,
        *background_problems,
        *excluded_problems,
        *venue_problems,
        *family_problems,
        *errata_problems,
        *correction_problems,
        *origin_problems,
        *benchmark_problems,
        *result_problems,
        *measurement_problems,
        *method_problems,
        *backbone_problems,
        *configuration_problems,
        *implementation_problems,
        *setting_problems,
        *reported_cost_problems,
        *software_problems,
        *memory_case_problems,
        *protocol_problems,
        *mismatch_problems,
        *contradiction_problems,
        *left_out_problems,
        *chapter_problems,
    ]
    # What rests on a wrong shape or number is not derived again.
    countable = not any((configuration_problems, setting_problems, result_problems, measurement_problems))
    for rule, needs in (*RULES, *DESCRIPTION_RULES, *software.RULES, *(verdicts.RULES if countable else ())):
        if not any(problem.loses and problem.path in needs for problem in problems):
            problems += rule(survey)
    return survey, tuple(sorted(set(problems)))
