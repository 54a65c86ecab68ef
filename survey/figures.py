"""The questions that answer with a figure."""

from survey.show.block import attachment
from survey.show.landscape import all_gains, front, reporting, rereported
from survey.show.overview import backbones, benchmarks, families, timeline, trained_shares
from survey.show.plots import gains, tradeoff

__all__ = [
    "all_gains",
    "attachment",
    "backbones",
    "benchmarks",
    "families",
    "front",
    "gains",
    "reporting",
    "rereported",
    "timeline",
    "tradeoff",
    "trained_shares",
]
