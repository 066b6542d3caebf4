// Catalogues of frameworks that take command line flags: ms-swift and TRL.

/** Groups whose parameters are about GRPO itself. */
const GRPO_GROUPS = /GRPO|RolloutTrainer|RLHFArguments|VllmArguments|^ScriptArguments/;
const COMMON = new Set(
  [
    'beta bf16 dataset dataset_name deepspeed eval_steps eval_strategy gradient_accumulation_steps gradient_checkpointing',
    'learning_rate logging_steps lora_alpha lora_rank lora_r lora_target_modules max_length max_steps model',
    'model_name_or_path num_train_epochs output_dir per_device_eval_batch_size per_device_train_batch_size report_to',
    'save_steps save_strategy seed system temperature top_k top_p torch_dtype dtype tuner_type use_peft warmup_ratio',
  ].flatMap((line) => line.split(' ')),
);

/** Rules that a value outside the choices of a parameter breaks. */
const CHOICE_RULES = {
  swift: {
    importance_sampling_level: 'swift.importance_level',
    loss_type: 'swift.loss_type_known',
    truncation_strategy: 'swift.truncation_strategy',
  },
  trl: {
    importance_sampling_level: 'trl.level_known',
    loss_type: 'trl.loss_known',
    multi_objective_aggregation: 'trl.aggregation_known',
    scale_rewards: 'trl.scale_rewards_known',
    vllm_importance_sampling_mode: 'trl.is_mode_known',
    vllm_mode: 'trl.vllm_mode',
  },
};

const plain = (version) => version?.replace(/^v/, '');

/** What is undefined, empty or false says nothing and takes no room. */
export const compact = (row) =>
  Object.fromEntries(
    Object.entries(row).filter(([key, v]) => v !== undefined && (key === 'default' || (v !== '' && v !== false))),
  );

function since(version) {
  return version === undefined || version.startsWith('<=') ? undefined : plain(version);
}

function choicesOf({ choices }) {
  if (Array.isArray(choices)) return { choices };
  if (choices === undefined) return {};
  return { known: choices.presets ?? choices.builtin ?? choices.known, otherwise: choices.or };
}

function noteOf(p) {
  const notes = [p.note];
  if (p.transformers5?.removed) notes.push('Gone in transformers 5.');
  else if (p.onlyTransformers4) notes.push('Only with transformers 4.');
  return notes.filter(Boolean).join(' ') || undefined;
}

function parameter(p, framework) {
  return compact({
    path: p.name,
    type: p.type,
    doc: p.description,
    default: p.default,
    ...choicesOf(p),
    since: since(p.since),
    changes: p.defaultChanges?.map(({ version, from, to }) => ({ version: plain(version), from, to })),
    effective: p.effectiveDefault === undefined ? undefined : String(p.effectiveDefault),
    note: noteOf(p),
    deprecated: p.deprecated ? (p.replacedBy ?? '') || true : undefined,
    deprecatedSince: p.name === 'custom_register_path' ? '4.0.0' : undefined,
    rule: CHOICE_RULES[framework][p.name],
    source: p.source.replace(/^huggingface\/transformers\([^)]*\):/, 'transformers:'),
    group: p.group,
    grpo: GRPO_GROUPS.test(p.group) || COMMON.has(p.name),
  });
}

function removed(p) {
  return compact({
    path: p.name,
    type: p.type,
    default: p.lastDefault ?? undefined,
    since: since(p.addedIn),
    until: p.removedIn.startsWith('before') ? undefined : plain(p.removedIn),
    replacement: p.replacedBy ?? undefined,
    note: p.note,
    prefixOf: p.acceptedAsPrefixOf?.replace(/^--/, ''),
  });
}

export function flags(framework, facts) {
  return {
    framework,
    version: facts.version,
    repository: facts.repo,
    commit: facts.commit,
    parameters: facts.parameters.map((p) => parameter(p, framework)),
    removed: facts.removed.map(removed),
  };
}

const TYPES = { "<class 'dict'>": 'dict', "<class 'bool'>": 'bool' };

/** TRL's own parser has the last word: what it does not know at this version is gone, what it knows has its types. */
export function trlAsInstalled(catalogue, installed) {
  const known = new Map(installed.parameters.map((p) => [p.name, p]));
  const read = new Map(catalogue.parameters.map((p) => [p.path, p]));
  const merged = installed.parameters.map((p) => {
    const bare = p.type.replace(/^<class '(\w+)'>$/, '$1').replace(/^<enum '(\w+)'>$/, 'str');
    const type = read.get(p.name)?.type ?? TYPES[p.type] ?? bare;
    const { note: _, choices: later, ...rest } = read.get(p.name) ?? {};
    const choices = p.choices ?? later;
    const late = p.choices === null && later !== undefined;
    return compact({ ...rest, path: p.name, type, default: p.default ?? null, choices, late, dataclass: p.class });
  });
  const gone = catalogue.parameters.filter((p) => !known.has(p.path));
  return {
    ...catalogue,
    parameters: merged,
    removed: [
      ...catalogue.removed.filter((p) => !known.has(p.path)),
      ...gone.map((p) =>
        compact({
          path: p.path,
          type: p.type,
          default: p.default ?? undefined,
          since: p.since,
          until: catalogue.version,
          note: 'gone with transformers 5',
        }),
      ),
    ],
  };
}
