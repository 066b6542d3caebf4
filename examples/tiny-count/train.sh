#!/bin/sh
# GRPO without a GPU, done in about a minute. GRPO_TINY is the folder of the tiny trainer; a new project has its own.
cd "$(dirname "$0")" || exit 1
[ -d grpo_lens/tiny ] && GRPO_TINY=grpo_lens/tiny
exec python3 "${GRPO_TINY:-../../python/grpo_lens/tiny}" \
  --reward rewards.py:accuracy_reward \
  --reward rewards.py:format_reward \
  --reward_weights 1.0 0.5 \
  --max_steps 120 \
  --num_generations 8 \
  --output_dir output "$@"
