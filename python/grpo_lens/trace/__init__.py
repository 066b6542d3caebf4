"""Rewards traced by rewriting their syntax trees, at two levels.

*Path*: which statements, branches, operands and elements were reached and which exceptions were caught; cheap enough
for all samples on every edit. *Full*: the values too, for one sample.
"""
