"""The questions that answer with a figure."""

from peft_vlm_survey.show.block import attachment
from peft_vlm_survey.show.cost_figures import memory_ratios, printed_against_derived, sizes, stored_bytes
from peft_vlm_survey.show.disagreements import rerun_ranges
from peft_vlm_survey.show.field import code_by_year, families_by_group, growth, migration, venues
from peft_vlm_survey.show.landscape import all_gains, front, reporting
from peft_vlm_survey.show.overview import backbones, benchmarks, families, timeline, trained_shares
from peft_vlm_survey.show.plots import gains, tradeoff

__all__ = [
    "all_gains",
    "attachment",
    "backbones",
    "benchmarks",
    "code_by_year",
    "families",
    "families_by_group",
    "front",
    "gains",
    "growth",
    "memory_ratios",
    "migration",
    "printed_against_derived",
    "reporting",
    "rerun_ranges",
    "sizes",
    "stored_bytes",
    "timeline",
    "tradeoff",
    "trained_shares",
    "venues",
]
