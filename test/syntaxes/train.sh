# SYNTAX TEST "source.shell" "overrides and flags of a command"
    actor_rollout_ref.rollout.n=$N \
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ variable.parameter.override.grpo
#                              ^ keyword.operator.assignment.grpo
    +actor_rollout_ref.rollout.engine_kwargs.vllm.x=True \
#   ^ keyword.operator.append.grpo
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ variable.parameter.override.grpo
    --num_generations 8 \
#   ^^^^^^^^^^^^^^^^^ variable.parameter.flag.grpo
