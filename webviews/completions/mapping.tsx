import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Mapping } from '../../src/domain/rollouts/rollout';
import type { Unmapped } from '../../src/wire/completionsPanel';
import { Button, Checkbox, Dropdown } from '../shared/ui';

interface MappingProps {
  readonly unmapped: Unmapped;
  readonly onMap: (mapping: Mapping) => void;
}

const NONE = '—';
const ROLES: readonly (readonly [role: 'text' | 'prompt' | 'step' | 'group' | 'advantage', what: string])[] = [
  ['text', 'Completion: what the model wrote'],
  ['prompt', 'Prompt'],
  ['step', 'Step'],
  ['group', 'Group: the same for all completions of a prompt'],
  ['advantage', 'Advantage'],
];

/** Asks once what the columns of an unknown file mean. */
export function MappingForm({ unmapped: { file, columns }, onMap }: MappingProps): VNode {
  const [roles, setRoles] = useState<Readonly<Record<string, string>>>({});
  const [scores, setScores] = useState(columns.filter(({ number }) => number).map(({ name }) => name));
  const names = columns.map(({ name }) => name);
  const taken = new Set(Object.values(roles));
  const { text, ...others } = roles;
  const map = (): void => {
    if (text === undefined) return;
    onMap({ text, ...others, scores: scores.filter((name) => !taken.has(name)) });
  };
  const choose = (role: string, name: string): void => {
    const { [role]: _old, ...rest } = roles;
    setRoles(name === NONE ? rest : { ...rest, [role]: name });
  };
  return (
    <section class="mapping" aria-label="Columns of this file">
      <p>
        <strong>{file.split(/[\\/]/).at(-1)}</strong> is of no kind that is known here. Say once what its columns mean;
        files with the same columns then open by themselves.
      </p>
      <div class="mapping-roles">
        {ROLES.map(([role, what]) => (
          <label key={role}>
            <span>{what}</span>
            <Dropdown
              title={what}
              value={roles[role] ?? NONE}
              options={[NONE, ...names]}
              onChange={(name) => choose(role, name)}
            />
          </label>
        ))}
      </div>
      <p>Scores of rewards:</p>
      <table>
        {columns.map(({ name, sample }) => (
          <tr key={name}>
            <td>
              <Checkbox
                checked={scores.includes(name) && !taken.has(name)}
                onChange={(on) => setScores([...scores.filter((each) => each !== name), ...(on ? [name] : [])])}
              >
                {name}
              </Checkbox>
            </td>
            <td class="quiet mono">{sample}</td>
          </tr>
        ))}
      </table>
      <Button onClick={map} disabled={text === undefined}>
        {text === undefined ? 'Choose the completion’s column first' : 'Open'}
      </Button>
    </section>
  );
}
