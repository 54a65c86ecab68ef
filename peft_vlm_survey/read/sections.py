"""Read data/sections.csv: which section of the book treats a task."""

from dataclasses import dataclass

from peft_vlm_survey.read.sheets import Row, column


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskSection:
    """One row of sections.csv: a section by the label above it, or a chapter, with its heading; an empty `label` means the chapter."""

    task: str = column(required=True, unique=True, leads="asked_tasks")
    chapter: str = column(required=True, pattern="[a-z_]+", form="the name of a chapter's file without .md")
    label: str = column(pattern="[a-z0-9-]+", form="the label above a heading")
    heading: str = column(required=True)
    row: Row

    @property
    def address(self) -> str:
        """Where on the site it stands."""
        return f"{self.chapter}.html" + (f"#{self.label}" if self.label else "")
