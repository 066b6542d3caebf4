"""GRPO without a GPU: the real algorithm on a policy so small that the standard library trains it in a minute.

Named for what it is: it teaches nothing about large models. It runs the user's own reward functions, writes what a
trainer writes, and so shows in a minute what a run looks like.
"""
