"""Which method for a task and a budget, with reasons, evidence and what is not established. This is the one door."""

from peft_vlm_survey.choose.facts import facts, facts_of
from peft_vlm_survey.choose.order import choose
from peft_vlm_survey.choose.question import Question, read_question
from peft_vlm_survey.choose.words import RULE

__all__ = ["RULE", "Question", "choose", "facts", "facts_of", "read_question"]
