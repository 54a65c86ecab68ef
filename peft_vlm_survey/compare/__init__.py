"""What may be set side by side: groups, boards, gain, re-runs, fronts, ties and nearness, each defined once."""
