"""A reward by math_verify, for the bench that says what it costs."""

from math_verify import parse, verify


def verified(completions, solution, **kwargs):
    return [float(verify(parse(truth), parse(text))) for text, truth in zip(completions, solution)]
