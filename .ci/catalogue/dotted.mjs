// Catalogues of frameworks that take dotted paths: verl and EasyR1.
import { compact } from './flags.mjs';

/** Rules that a value outside the choices of a parameter breaks, by the end of its path. */
const CHOICE_RULES = {
  verl: [
    [/actor\.loss_agg_mode$/, 'verl.loss.agg_mode'],
    [/(actor|ref|critic)\.(fsdp_config\.)?strategy$/, 'verl.strategy.fsdp'],
    [/kl_ctrl\.type$/, 'verl.kl.ctrl_type'],
    [/kl_penalty$|kl_loss_type$/, 'verl.kl.penalty_name'],
    [/lr_scheduler_type$/, 'verl.optim.scheduler'],
    [/^actor_rollout_ref\.rollout\.mode$/, 'verl.rollout.mode_unknown'],
    [/v1\.trainer_mode$/, 'verl.v1.mode'],
    [/trainer\.logger$/, 'verl.logger.backend'],
  ],
  easyr1: [
    [/adv_estimator$/, 'easyr1.adv.name'],
    [/kl_type$/, 'easyr1.kl.type'],
    [/kl_penalty$/, 'easyr1.kl.penalty'],
    [/loss_avg_mode$/, 'easyr1.loss.avg'],
    [/optim\.strategy$/, 'easyr1.optim.strategy'],
    [/lr_scheduler_type$/, 'easyr1.optim.scheduler'],
    [/trainer\.logger$/, 'easyr1.logger.backend'],
  ],
};

/** What a value outside the choices is warned about, but not refused for. */
const LATE = new Set(['verl.rollout.mode_unknown']);

/** Choices that a setting beside them opens: a rule judges these. */
const OPEN = new Set([
  'algorithm.rollout_correction.rollout_rs',
  'reward.reward_manager.name',
  'critic.strategy',
  'actor_rollout_ref.rollout.checkpoint_engine.backend',
]);

/** First releases in which keys did nothing or were deprecated, where the reason does not tell: read from the tags. */
const IDLE_SINCE = {
  'data.truncation': '0.7.0',
  'trainer.balance_batch': '0.9.0',
  'trainer.esi_redundant_time': '0.9.0',
  'trainer.ray_wait_register_center_timeout': '0.9.0',
};
const DEPRECATED_SINCE = {
  'actor_rollout_ref.actor.ulysses_sequence_parallel_size': '0.7.0',
  'actor_rollout_ref.rollout.mode': '0.7.0',
  'data.val_batch_size': '0.3.0',
  'actor_rollout_ref.actor.ppo_micro_batch_size': '0.2.0',
  'actor_rollout_ref.rollout.log_prob_micro_batch_size': '0.2.0',
  'actor_rollout_ref.ref.log_prob_micro_batch_size': '0.2.0',
  'critic.ppo_micro_batch_size': '0.2.0',
};

const plain = (version) => (version === 'HEAD' ? undefined : version?.replace(/^v/, ''));

/** First release after `last`; undefined where `last` is the newest. */
function after(tags, last) {
  const at = tags.findIndex(({ tag }) => tag === last);
  return tags[at + 1] === undefined ? undefined : plain(tags[at + 1].tag);
}

function parameter(p, facts, extra = {}) {
  const rule = p.choices && CHOICE_RULES[facts.id].find(([path]) => path.test(p.path))?.[1];
  const first = facts.tags_compared?.[0]?.tag;
  const head = p.since === 'HEAD' ? facts.version : plain(p.since);
  return compact({
    path: p.path,
    type: p.type,
    doc: p.description,
    default: p.default,
    ...(OPEN.has(p.path) ? { known: p.choices, otherwise: 'a class of your own' } : { choices: p.choices }),
    rule,
    late: rule !== undefined && LATE.has(rule),
    required: p.required,
    since: p.since === first ? undefined : head,
    absentIn: p.absent_in?.map(plain),
    changes: facts.changes?.get(p.path),
    inert: typeof p.inert === 'string' ? p.inert : undefined,
    inertSince: p.inert ? (IDLE_SINCE[p.path] ?? /since v([\d.]*\d)/.exec(p.inert)?.[1]) : undefined,
    unread: p.no_reader_found,
    needsPlus: p.needs_plus,
    auto: p.auto,
    source: p.source ?? p.dataclass?.match(/\((.*)\)/)?.[1],
    grpo: p.description !== '' && !/profiler|trace|prometheus/.test(p.path),
    ...extra,
  });
}

function removed(p, tags) {
  return compact({
    path: p.path,
    default: p.last_default ?? undefined,
    since: p.first_seen === tags[0].tag ? undefined : plain(p.first_seen),
    until: after(tags, p.last_seen),
    replacement: p.replacement ?? undefined,
    note: p.note === 'renamed' ? undefined : p.note,
  });
}

/** Parameters that mean nothing under `model_engine=megatron` or only there are marked. */
function verl(facts) {
  const onlyDp = new Set(facts.megatron_variant.only_in_dp);
  const legacy = new Map(facts.legacy_keys_still_parsed.map((key) => [key.path, key]));
  const mark = (p) => {
    const old = legacy.get(p.path);
    const deprecated =
      old && !p.inert
        ? {
            deprecated: old.replacement ?? true,
            deprecatedSince: DEPRECATED_SINCE[p.path],
            note: old.note || undefined,
          }
        : {};
    const replacement = old?.replacement && p.inert ? { replacement: old.replacement } : {};
    return compact({ ...(onlyDp.has(p.path) ? { only: 'dp' } : {}), ...deprecated, ...replacement });
  };
  return [
    ...facts.parameters.map((p) => parameter(p, facts, mark(p))),
    ...facts.append_only_parameters.map((p) => parameter(p, facts)),
    ...facts.megatron_variant.only_in_megatron.map((p) => parameter(p, facts, { only: 'megatron' })),
    ...facts.megatron_variant.append_only_parameters.map((p) => parameter(p, facts, { only: 'megatron' })),
  ];
}

export function dotted(framework, facts) {
  const changes = new Map(
    (facts.default_changes ?? []).map(({ path, changes }) => [
      path,
      changes.map(({ tag, from, to }) => ({ version: plain(tag) ?? facts.version, from, to })),
    ]),
  );
  const all = { ...facts, changes, id: framework };
  return {
    framework,
    version: facts.version,
    repository: facts.repository.split(' ')[0],
    commit: facts.commit,
    parameters: framework === 'verl' ? verl(all) : facts.parameters.map((p) => parameter(p, all)),
    removed: (facts.removed_or_renamed ?? []).map((p) => removed(p, facts.tags_compared)),
    ...(facts.sections ? { sections: facts.sections.map(({ path }) => path) } : {}),
  };
}
