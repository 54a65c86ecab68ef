"""What a comparable group is called, and its place on the pages of benchmarks and data sets."""

import re

from peft_vlm_survey.compare.boards import Board
from peft_vlm_survey.compare.dataset_tables import DatasetTable
from peft_vlm_survey.compare.groups import Group
from peft_vlm_survey.read.protocols import Protocol


def board_id(board: Board | DatasetTable | Group) -> str:
    """Return the id of a board in its page, which stays as long as its protocol and its backbone keep their names."""
    if not board.protocol:
        return "group-none"
    return "-".join(["group", board.protocol, re.sub("[^a-z0-9]+", "-", board.backbone.lower()).strip("-")])


def group_name(protocol: Protocol, backbone: str) -> str:
    """Return what a comparable group is called: its protocol and its backbone, which the protocol's name may end with."""

    def bare(text: str) -> str:
        return re.sub("[^a-z0-9]", "", text.lower())

    return protocol.name if bare(protocol.name).endswith(bare(backbone)) else f"{protocol.name}, {backbone}"
