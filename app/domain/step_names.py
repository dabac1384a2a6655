"""What people call the steps."""

from __future__ import annotations

import re

from app.domain.vocabulary import Step

STEP_WORDS: dict[Step, str] = {
    Step.REQUIREMENTS: r"requirements?|business goals?|scope|scoping",
    Step.FRAMING: r"framing|problem formulation|ml (?:task|objective|problem)|formulation",
    Step.DATA: r"data(?: prep\w*| pipeline)?|features?|feature engineering|labels?",
    Step.MODELING: r"modell?ing|models?(?: choice| architecture| development)?|architecture of the model|training|loss",
    Step.EVALUATION: r"evaluations?|metrics?|offline metrics|experiments?|a/?b tests?|evals?",
    Step.SERVING: r"serving|deployment|deploying|inference|online serving|latency",
    Step.MONITORING: r"monitoring|infrastructure|infra|drift|retraining|operations|mlops",
}
STEP_NAME = re.compile("|".join(f"(?P<{step}>\\b(?:{words})\\b)" for step, words in STEP_WORDS.items()), re.IGNORECASE)


def named_step(text: str) -> Step | None:
    """The step that a text names, if it names one ("let's talk about serving")."""
    match = STEP_NAME.search(text)
    return Step(match.lastgroup) if match is not None and match.lastgroup else None
