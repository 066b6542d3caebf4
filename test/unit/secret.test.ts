import { describe, expect, it } from 'vitest';
import { isSecret, partSecrets, redact } from '../../src/domain/secret';

const HEX = '0123456789abcdef0123456789abcdef01234567';
const HF = 'hf_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123';
const SK = 'sk-proj-abcdefghij0123456789ABCDEF';

it.each<[string, string, boolean]>([
  ['WANDB_API_KEY', HEX, true],
  ['HF_TOKEN', HF, true],
  ['ANYTHING', HF, true],
  ['OPENAI', SK, true],
  ['MY_PASSWORD', 'correct horse', true],
  ['AWS_SECRET_ACCESS_KEY', 'abc/def+ghi', true],
  ['hub_token', 'abc', true],
  ['WANDB_API_KEY', 'your_key_here', false],
  ['WANDB_API_KEY', 'xxxx', false],
  ['WANDB_API_KEY', '$WANDB_KEY', false],
  ['WANDB_API_KEY', '<key>', false],
  ['HF_TOKEN', '', false],
  ['max_tokens', '1024', false],
  ['pad_token_id', '151643', false],
  ['eos_token', '<|im_end|>', false],
  ['TOKENIZERS_PARALLELISM', 'false', false],
  ['num_tokens', '17940', false],
  ['reward_key', 'solution', false],
  ['CUDA_VISIBLE_DEVICES', '0,1', false],
])('%s=%s: %s', (name, value, expected) => {
  expect(isSecret(name, value)).toBe(expected);
});

describe('redact', () => {
  it.each<[string, string]>([
    [`WANDB_API_KEY=${HEX} swift rlhf`, 'WANDB_API_KEY=*** swift rlhf'],
    [`export HF_TOKEN="${HF}"`, 'export HF_TOKEN="***"'],
    [`--hub_token ${HF} --x 1`, '--hub_token *** --x 1'],
    [`--api-key=abcdefg`, '--api-key=***'],
    [`api_key: 'qwertyuiop'`, `api_key: '***'`],
    [`{"password": "pw1234"}`, `{"password": "***"}`],
    [`os.environ["WANDB_API_KEY"] = "${HEX}"`, 'os.environ["WANDB_API_KEY"] = "***"'],
    [`login(token='${HF}')`, `login(token='***')`],
    [`a text with ${SK} inside`, 'a text with *** inside'],
    [`commit ${HEX}`, `commit ${HEX}`],
    [`git checkout repo@${HEX}`, `git checkout repo@${HEX}`],
    ['--max_tokens 100 --pad_token_id 3', '--max_tokens 100 --pad_token_id 3'],
    ['WANDB_API_KEY=your_key', 'WANDB_API_KEY=your_key'],
    ['the key is under the mat', 'the key is under the mat'],
    ['key: value', 'key: value'],
    ['prompt_key: problem', 'prompt_key: problem'],
    ['MY_KEY=qwertz', 'MY_KEY=***'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact(expected)).toBe(expected);
  });

  it('takes out what is known to be secret, whatever it looks like', () => {
    expect(redact('a pass$word b', ['pass$word'])).toBe('a *** b');
  });
});

it('takes leading assignments and secret arguments out of a command', () => {
  const command = [`WANDB_API_KEY=${HEX}`, 'MODE=x', 'swift', 'rlhf', '--hub_token', HF, `trainer.key=${SK}`, 'A=b'];
  expect(partSecrets(command, { HF_TOKEN: HF, N: '1' })).toEqual({
    words: [
      'swift',
      'rlhf',
      '--hub_token',
      { before: '', secret: 'GRPO_SECRET_3' },
      { before: 'trainer.key=', secret: 'GRPO_SECRET_4' },
      'A=b',
    ],
    env: { MODE: 'x', N: '1' },
    secrets: { HF_TOKEN: HF, WANDB_API_KEY: HEX, GRPO_SECRET_3: HF, GRPO_SECRET_4: SK },
  });
});
