"""Which method for a task and a budget, with reasons, evidence and what is not established. This is the one door."""

from survey.choose.facts import facts, facts_of
from survey.choose.order import choose
from survey.choose.question import Question, read_question
from survey.choose.words import RULE

__all__ = ["RULE", "Question", "choose", "facts", "facts_of", "read_question"]
