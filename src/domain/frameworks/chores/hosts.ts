import { flags, wordsOf, type Chore } from '../../runs/chore';

/** What each framework's seed or own manual asks for at least. */
const PACKAGES = {
  easyr1: 'python>=3.9 transformers>=4.54.0 vllm>=0.8.3 peft datasets flash-attn>=2.4.3',
  swift: 'python>=3.10 ms-swift>=3.5 vllm>=0.8.3 deepspeed math-verify',
  trl: 'python>=3.10 trl>=0.20 vllm>=0.8.3 peft datasets accelerate',
  verl: 'python>=3.10 verl>=0.5.0 vllm>=0.8.3 flash-attn>=2.4.3 peft datasets',
  none: '',
} as const;

const isSet = (name: string): name is keyof typeof PACKAGES => name in PACKAGES;

/** Makes an environment on the host, a wheelhouse where there is a network, or checks what is there. */
export const prepareEnvironment: Chore = {
  id: 'environment',
  title: 'Prepare Environment',
  framework: 'own',
  scripts: ['choring', 'environment'],
  fields: [
    {
      name: 'do',
      asks: 'make an environment, collect a wheelhouse for an offline host, or only check this Python',
      example: 'make',
      choices: ['make', 'wheelhouse', 'check'],
    },
    {
      name: 'for',
      asks: 'packages and least versions of which framework',
      example: 'easyr1',
      choices: Object.keys(PACKAGES),
    },
    { name: 'packages', asks: 'further packages', example: 'qwen-vl-utils>=0.0.10 swanlab', optional: true },
    {
      name: 'path',
      asks: 'folder of the environment or wheelhouse',
      example: './venv',
      optional: true,
      kind: 'folder',
    },
    {
      name: 'wheelhouse',
      asks: 'install from this folder only, without a network',
      example: './wheelhouse',
      optional: true,
    },
    { name: 'editable', asks: 'a framework’s own source to install', example: '../EasyR1', optional: true },
    { name: 'tool', asks: 'uv or pip', example: 'auto', optional: true, choices: ['auto', 'uv', 'pip'], rare: true },
    { name: 'base', asks: 'the Python to build on', example: 'python3.11', optional: true, rare: true },
    { name: 'platform', asks: 'of the offline host', example: 'manylinux_2_28_x86_64', optional: true, rare: true },
    { name: 'python_version', asks: 'of the offline host', example: '3.11', optional: true, rare: true },
    { name: 'find_links', asks: 'collect from this folder only', example: './wheels', optional: true, rare: true },
  ],
  words: (values) => {
    const name = values['for'] ?? '';
    const own = isSet(name) ? PACKAGES[name].split(' ').filter((word) => word !== '') : [];
    const base = values['base'] ? ['--python', values['base']] : [];
    const options = ['path', 'wheelhouse', 'editable', 'tool', 'platform', 'python_version', 'find_links'];
    const given = [...flags(values, ...options), ...base];
    return [values['do'] ?? '', ...own, ...wordsOf(values, 'packages'), ...given];
  },
};

/** Whether the host can do without a network: variables, models, data, packages. */
export const offline: Chore = {
  id: 'offline',
  title: 'Check Offline Mode',
  framework: 'own',
  scripts: ['offline'],
  fields: [
    { name: 'model', asks: 'model folder on the host', example: './model_weights', optional: true, kind: 'model' },
    { name: 'data', asks: 'data set on the host', example: './train.jsonl', optional: true },
    { name: 'packages', asks: 'modules that must be there', example: 'vllm peft', optional: true },
  ],
  words: (values) => [...wordsOf(values, 'packages'), ...flags(values, 'model', 'data')],
};

/** Stock verl trains no discriminator under GRPO; a patched one is known by its source. */
export const gad: Chore = {
  id: 'gad',
  title: 'Look for a verl That Is Patched for GAD',
  framework: 'verl',
  scripts: ['frameworks/verl_gad'],
  fields: [{ name: 'verl', asks: 'folder of its source', example: '../verl', optional: true }],
  words: (values) => flags(values, 'verl'),
};
