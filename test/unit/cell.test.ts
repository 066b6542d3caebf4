import { expect, it } from 'vitest';
import { readCell } from '../../src/domain/dialects/cell';

/** Each setting as `path=text`, with the text of its key as it stands in the cell. */
function check(language: string, text: string, expected: readonly string[]): void {
  const { sheets } = readCell(language, text, undefined);
  const settings = sheets.flatMap((sheet) => sheet.settings);
  expect(
    settings.map(({ path, text: value, key }) => `${path}=${value} (${text.slice(key.start, key.end)})`),
    text,
  ).toEqual(expected);
}

it('commands are read in cells of a shell, in shell cells of a Python notebook, and behind an exclamation mark', () => {
  const command = 'swift rlhf \\\n  --rlhf_type grpo';
  const expected = ['rlhf_type=grpo (--rlhf_type)'];
  check('shellscript', command, expected);
  check('shellscript', `%%launch --name x\n${command}`, expected);
  check('python', `%%bash\n${command}`, expected);
  check('python', `x = 1\n!${command}\ny = x`, expected);
  check('python', command, []);
  check('yaml', '# %%launch python -m verl.trainer.main_ppo --config {file}\ndata:\n  seed: 1', [
    'data=undefined (data)',
    'data.seed=1 (seed)',
  ]);
});
