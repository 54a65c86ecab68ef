"""The questions that answer with a figure."""

from survey.show.block import attachment
from survey.show.overview import backbones, benchmarks, families, timeline, trained_shares
from survey.show.plots import gains, tradeoff

__all__ = ["attachment", "backbones", "benchmarks", "families", "gains", "timeline", "tradeoff", "trained_shares"]
