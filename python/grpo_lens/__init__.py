"""The Python side of GRPO Lens: finds, loads and runs reward functions in the user's own interpreter."""
