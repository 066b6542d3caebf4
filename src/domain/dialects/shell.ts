import type { Finding } from '../config/finding';
import type { Setting, Sheet } from '../config/sheet';
import type { Reader, Tick } from './dialect';
import { readFlags, spanOf } from './flags';
import { readOverrides } from './overrides';
import { programOf, type Program } from './program';
import { textOf } from './shell/expand';
import { Stretches } from './shell/stretches';
import { shifted } from './shift';
import type { WrittenFile } from './shell/written';
import { readScript, type Script, type ShellCommand } from './words';
import { yaml } from './yaml';

const OVERRIDE = /^[+~]{0,2}[\w@/][\w.@/-]*=/;

/** Flags that go with overrides. */
const HYDRAS = /^--(config-(path|name|dir)|experimental-rerun|multirun|hydra-help|info|cfg|package|resolve|run)(=|$)/;

/** Which way of writing settings a command uses, by what most of its words look like. */
function writesOverrides({ rest, command }: Program): boolean {
  let [overrides, flags] = [0, 0];
  for (const word of rest) {
    const text = textOf(word) ?? word.pieces[0]?.text ?? '';
    if (HYDRAS.test(text)) continue;
    if (text.startsWith('--')) flags++;
    else if (OVERRIDE.test(text)) overrides++;
  }
  if (overrides + flags === 0) return command.includes('-m') && command.some((word) => word.includes('.trainer'));
  return overrides >= flags;
}

function sheetOf(command: ShellCommand, script: Script): Sheet | undefined {
  const program = programOf(command.words);
  if (!program) return undefined;
  const overrides = writesOverrides(program);
  const read = overrides ? readOverrides(program.rest) : readFlags(program.rest);
  const [head] = program.commandWords;
  const tail = program.commandWords.at(-1);
  const start = head ? spanOf(head).start : command.span.start;
  const end = tail ? spanOf(tail).end : start;
  const inside = script.findings.filter(({ span }) => command.span.start <= span.start && span.end <= command.span.end);
  return {
    dialect: overrides ? 'overrides' : 'flags',
    span: command.span,
    command: program.command,
    commandSpan: { start, end },
    environment: command.environment,
    ...read,
    settings: read.settings.map((setting) => defined(setting, script)),
    options: [...program.options, ...(read.options ?? [])],
    ...(inside.some(isUnclosed) ? { open: true } : {}),
    findings: inside,
  };
}

/** Adds where the variable behind a value is assigned. */
function defined(setting: Setting, { assigned }: Script): Setting {
  const definition = setting.variable === undefined ? undefined : assigned.get(setting.variable);
  return definition ? { ...setting, definition } : setting;
}

/** A configuration that the script writes by itself, read where it stands. */
function writtenSheet({ path, span, expands }: WrittenFile, text: string): [string, Sheet][] {
  if (!/\.(ya?ml|json)$/.test(path)) return [];
  const [sheet] = yaml.read(text.slice(span.start, span.end), undefined);
  if (!sheet) return [];
  const moved = shifted(sheet, span.start);
  const settings = expands ? moved.settings.map(expanded) : moved.settings;
  return [[path, { ...moved, settings }]];
}

/** What the shell puts in is not known here. */
function expanded(setting: Setting): Setting {
  if (!/[$`]/.test(setting.text ?? '')) return setting;
  const { text: _text, value: _value, items: _items, ...rest } = setting;
  return rest;
}

const isUnclosed = ({ rule }: Finding): boolean => rule === 'unclosed-quote';

/** What is wrong between the commands: a quote only where no other could be the one that is not closed. */
function between({ commands, findings }: Script): Finding[] {
  const [quote, ...more] = findings.filter(isUnclosed);
  const isIn = (at: number): boolean => commands.some(({ span }) => span.start <= at && at <= span.end);
  return quote && more.length === 0 && !isIn(quote.span.start) ? [quote] : [];
}

/** Stretches of scripts that were read before. */
const stretches = new Stretches();

/** One sheet for each command of a script, and for each configuration that it writes; `known` is what need not be read again. */
export function readShell(text: string, known: Stretches | undefined, tick?: Tick): Sheet[] {
  const script = readScript(text, known, tick);
  const commands = script.commands.flatMap((command) => sheetOf(command, script) ?? []);
  const around = between(script);
  if (around.length > 0 && commands[0]) commands[0] = { ...commands[0], around };
  if (script.files.length === 0) return commands;
  const written = new Map(script.files.flatMap((file) => writtenSheet(file, text)));
  return [...commands.map((sheet) => ({ ...sheet, written })), ...written.values()];
}

/** Shell scripts. */
export const shell: Reader = {
  languages: ['shellscript'],
  read: (text, _grammars, tick) => readShell(text, stretches, tick),
};
