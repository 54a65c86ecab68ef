"""Which method for a task and a budget, with reasons, evidence and what is not known. This is the one door."""

from peft_vlm_survey.choose.answer import Answer, choose
from peft_vlm_survey.choose.question import Question, read_question
from peft_vlm_survey.choose.words import RULE

__all__ = ["RULE", "Answer", "Question", "choose", "read_question"]
