"""A rule beside the discriminator: how much of the teacher's words the student's answer holds.

In generative adversarial distillation the critic scores the rollouts; stock verl has no such critic and scores by this
function instead, so that the recipe can be tried on it.
"""

import re
from collections import Counter

WORD = re.compile(r"\w+")


def _words(text):
    return Counter(WORD.findall(text.lower()))


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **kwargs):
    """F1 of the words of both texts, from 0 to 1."""
    student, teacher = _words(solution_str), _words(ground_truth)
    shared = sum((student & teacher).values())
    if shared == 0:
        return {"score": 0.0, "precision": 0.0, "recall": 0.0}
    precision, recall = shared / sum(student.values()), shared / sum(teacher.values())
    return {"score": 2 * precision * recall / (precision + recall), "precision": precision, "recall": recall}
