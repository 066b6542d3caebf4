import type { Facts } from '../facts';
import type { Rule } from '../rule';
import { processes } from '../world';
import { isForOther, isOwn } from './ownScript';

const SCRIPT = 'trl/scripts/grpo.py';
const TRAINER = 'trl/trainer/grpo_trainer.py';

/** TRL's own script, started with a model and with nothing left open: what it lacks is missing. */
function whole(facts: Facts): boolean {
  const { command, dialect, open } = facts.sheet;
  const ours = isOwn(command) && dialect === 'flags';
  return ours && open !== true && facts.given('model_name_or_path') !== undefined;
}

/** The data sets of a mixture, each a mapping; undefined where the text does not tell. */
function mixture(facts: Facts): readonly Readonly<Record<string, unknown>>[] | undefined {
  const sets = facts.value('datasets');
  if (!Array.isArray(sets)) return undefined;
  const all = sets as readonly unknown[];
  const isMapping = (one: unknown): boolean => typeof one === 'object' && one !== null && !Array.isArray(one);
  return all.every(isMapping) ? (all as readonly Readonly<Record<string, unknown>>[]) : undefined;
}

/** Rules of `trl grpo` itself and of streamed data: warnings, since the arguments are accepted and the run stops later. */
export const scriptRules: readonly Rule[] = [
  {
    id: 'trl.dataset_source',
    weight: 'warning',
    source: `${SCRIPT}:131`,
    broken: (facts) =>
      whole(facts) && !facts.isSet('dataset_name') && !facts.isSet('datasets')
        ? { text: 'trl grpo stops without data: give dataset_name, or datasets in a file.', at: ['dataset_name'] }
        : undefined,
  },
  {
    id: 'trl.reward_source_required',
    weight: 'warning',
    source: `${TRAINER}:691`,
    broken: (facts) => {
      if (!whole(facts) || facts.isSet('reward_funcs') || facts.isSet('reward_model_name_or_path')) return undefined;
      const text = 'trl grpo stops without a reward: give reward_funcs or reward_model_name_or_path.';
      return { text, at: ['reward_funcs'], mends: [{ path: 'reward_funcs', value: 'accuracy_reward' }] };
    },
  },
  {
    id: 'trl.reward_func_path',
    weight: 'warning',
    source: `${SCRIPT}:106`,
    broken: (facts) => {
      const names = facts.parameter('reward_funcs')?.known ?? [];
      const wrong = facts.list('reward_funcs')?.find((one) => !names.includes(one) && !String(one).includes('.'));
      if (wrong === undefined || facts.sheet.dialect === 'call' || String(wrong).length < 2) return undefined;
      if (isForOther(facts)) return undefined;
      const text = `reward_funcs: ${String(wrong)} is neither a reward of TRL (${names.join(', ')}) nor a module.function.`;
      return { text, at: ['reward_funcs'] };
    },
  },
  {
    id: 'trl.mixture_fraction',
    weight: 'warning',
    source: 'trl/scripts/utils.py:463',
    broken: (facts) => {
      const sets = mixture(facts) ?? [];
      const shares = sets.filter(({ fraction }) => fraction !== undefined && fraction !== null).length;
      if (shares === 0) return undefined;
      if (shares < sets.length)
        return {
          text: `${shares} of ${sets.length} data sets have a fraction: give one to all or to none.`,
          at: ['datasets'],
        };
      return facts.is('streaming', true)
        ? {
            text: 'A fraction of a streamed data set cannot be taken: its length is not known.',
            at: ['streaming', 'datasets'],
            mends: [{ path: 'streaming', value: false }],
          }
        : undefined;
    },
  },
  {
    id: 'trl.iterable_workers',
    weight: 'warning',
    source: `${TRAINER}:884`,
    broken: (facts) => {
      const workers = facts.number('dataloader_num_workers');
      if (!streams(facts) || !workers) return undefined;
      return {
        text: `dataloader_num_workers = ${workers} becomes 0 for streamed data: workers would cut groups apart.`,
        at: ['dataloader_num_workers'],
        mends: [{ path: 'dataloader_num_workers', value: 0 }],
      };
    },
  },
  {
    id: 'trl.iterable_dispatch',
    weight: 'warning',
    source: `${TRAINER}:876`,
    broken: (facts) => {
      const written = facts.value('accelerator_config');
      const asked = /"?dispatch_batches"?\s*:\s*true/i.test(
        typeof written === 'string' ? written : JSON.stringify(written ?? ''),
      );
      return streams(facts) && asked
        ? { text: 'Streamed data needs dispatch_batches false in accelerator_config.', at: ['accelerator_config'] }
        : undefined;
    },
  },
  {
    id: 'trl.old_batch_rule',
    weight: 'error',
    source: 'trl/trainer/grpo_trainer.py:605',
    since: '0.15.0',
    until: '0.18.0',
    broken: (facts) => {
      if (isForOther(facts)) return undefined;
      const [each, group, world] = [
        facts.number('per_device_train_batch_size'),
        facts.number('num_generations'),
        processes(facts),
      ];
      const steps = facts.isBefore('0.17.0') ? 1 : facts.number('gradient_accumulation_steps');
      if (!each || !group || !world || !steps || (each * world * steps) % group === 0) return undefined;
      const total = each * world * steps;
      return {
        text: `${each} × ${world} × ${steps} = ${total} completions are not divisible by num_generations = ${group}.`,
        at: ['num_generations', 'per_device_train_batch_size'],
      };
    },
  },
];

const streams = (facts: Facts): boolean => facts.is('dataset_streaming', true) || facts.is('streaming', true);
