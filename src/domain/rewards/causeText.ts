import type { CaughtException, Missed, Reason } from './explained';

/** `because line 12 \`m\` was False`: why a statement was reached, for people. */
export function reasonText({ how, line, test, outcome, value, operand, caught }: Reason): string {
  if (how === 'except') return `in the handler at line ${line}: ${caughtText(caught)}`;
  const truth = outcome === null ? 'was never evaluated' : `was ${outcome ? 'True' : 'False'}`;
  const settled = operand ? `, since ${operand.text} was ${operand.value ?? 'never evaluated'}` : '';
  const given = value === undefined ? '' : ` (${value})`;
  const lead = how === 'guard' ? 'after the guard at' : 'because';
  return `${lead} line ${line} ${test} ${truth}${given}${settled}`;
}

/** Why a statement was not reached: a test that was False is another thing than one that was never evaluated. */
export function missedText({ testLine, test, outcome, caught }: Missed): string {
  const place = `because line ${testLine} ${test}`;
  if (outcome !== null) return `${place} was ${outcome ? 'True' : 'False'}`;
  return caught ? `${place} was never evaluated: ${caughtText(caught)}` : `${place} was never evaluated`;
}

function caughtText(caught: CaughtException | undefined): string {
  if (!caught) return 'an exception was caught';
  const { type, message, raisedAt, line } = caught;
  const said = message === '' ? type : `${type}: ${message}`;
  return `line ${raisedAt} raised ${said}${line === undefined ? '' : `, swallowed at line ${line}`}`;
}
