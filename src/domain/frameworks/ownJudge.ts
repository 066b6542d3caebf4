import type { Grammars, SyntaxNode } from '../dialects/dialect';
import { evaluate } from '../dialects/python/literal';
import { catalogueFrom, type StoredParameter } from '../language/catalogue';
import type { Judged } from '../language/resolve';
import type { Value } from '../config/parameter';
import type { Sheet } from '../config/sheet';
import type { Framework, Surroundings } from './framework';
import { own } from './own';
import { argparseFields } from './ownArgparse';
import { swift } from './swift';

const PARSES = /HfArgumentParser|TrlParser|ArgumentParser\s*\(/;
/** More flags than the script itself declares are taken. */
const OPEN = /parse_known_args|add_subparsers|parents\s*=|return_remaining_strings\s*=\s*True/;
/** A script that takes more than it declares: nothing is unknown for certain. */
const known: Framework = { ...own, judges: () => 'known' };

const nothing = { valueOf: () => undefined };

/** A command that starts a script of the user's with a parser over dataclasses, judged by that script's own fields. */
export function judgeOwn(sheet: Sheet, { file }: Surroundings, grammars: Grammars | undefined): Judged | undefined {
  const script = sheet.command.at(-1) ?? '';
  const text = sheet.dialect === 'flags' && script.endsWith('.py') ? file?.(script) : undefined;
  if (text === undefined || !grammars || !PARSES.test(text)) return undefined;
  const texts = [text, ...modulesOf(text).flatMap((name) => file?.(`${script.replace(/[^/]*$/, '')}${name}.py`) ?? [])];
  const classes = texts.flatMap((one) => dataclasses(grammars.python(one)));
  const flags = /ArgumentParser\s*\(/.test(text) ? argparseFields(grammars.python(text)) : [];
  const fields = [...classes.flatMap((one) => one.fields), ...flags];
  const parameters = new Map(fields.map((field) => [field.path, field]));
  if (parameters.size === 0) return undefined;
  const { framework, version, repository } = own.catalogue;
  const stored = { framework, version, repository, parameters: [...parameters.values()], removed: [] };
  const catalogue = catalogueFrom(stored, 'installed');
  const inherits = classes.some(({ bases }) => bases.some((base) => /TrainingArguments$/.test(base)));
  const inherited = inherits
    ? swift.catalogue.parameters.filter(
        ({ path, source = '' }) => source.startsWith('transformers:') && !parameters.has(path),
      )
    : [];
  const judging = OPEN.test(text) || !isWhole(text, classes) ? known : own;
  return {
    sheet,
    framework: judging,
    catalogue: { ...catalogue, parameters: [...catalogue.parameters, ...inherited] },
  };
}

/** What a parser is made for. */
const PARSED = /(?:HfArgumentParser|TrlParser)\s*\(\s*[[(]?([^)\]]*)/g;

/** Were all dataclasses read that the parser takes, and all that they build on? */
function isWhole(text: string, classes: readonly Dataclass[]): boolean {
  const isRead = (name: string): boolean =>
    /(^|\.)TrainingArguments$/.test(name) || classes.some((one) => one.name === name.split('.').pop());
  const asked = [...text.matchAll(PARSED)].flatMap(([, names = '']) => names.match(/[\w.]+/g) ?? []);
  return [...asked, ...classes.flatMap(({ bases }) => bases)].every((name) => isRead(name));
}

/** Last parts of the modules that a script imports from beside itself. */
function modulesOf(text: string): string[] {
  const found = [...text.matchAll(/^\s*from\s+([\w.]+)\s+import/gm)].map(
    ([, module = '']) => module.split('.').pop() ?? '',
  );
  return [...new Set(found)].filter((name) => name !== '').slice(0, 20);
}

interface Dataclass {
  readonly name: string;
  readonly bases: readonly string[];
  readonly fields: readonly StoredParameter[];
}

function dataclasses(root: SyntaxNode): Dataclass[] {
  return root.namedChildren.flatMap((node) => {
    const decorated =
      node?.type === 'decorated_definition' && /@(dataclasses\.)?dataclass\b/.test(node.text.slice(0, 200));
    const definition = decorated ? node.childForFieldName('definition') : null;
    if (definition?.type !== 'class_definition') return [];
    const bases = (definition.childForFieldName('superclasses')?.namedChildren ?? []).map((base) => base?.text ?? '');
    const body = definition.childForFieldName('body')?.namedChildren ?? [];
    const name = definition.childForFieldName('name')?.text ?? '';
    return [{ name, bases, fields: body.flatMap((statement) => fieldOf(statement?.namedChildren[0] ?? null) ?? []) }];
  });
}

function fieldOf(node: SyntaxNode | null): StoredParameter | undefined {
  const name = node?.type === 'assignment' ? node.childForFieldName('left') : null;
  const type = node?.childForFieldName('type');
  if (!node || name?.type !== 'identifier' || !type) return undefined;
  const value = node.childForFieldName('right');
  const call = value?.type === 'call' ? keywords(value) : new Map<string, SyntaxNode>();
  const standard = value?.type === 'call' ? call.get('default') : value;
  const known = standard ? evaluate(standard, nothing) : undefined;
  const metadata = call.get('metadata');
  const more = metadata ? (evaluate(metadata, nothing) as Readonly<Record<string, Value>> | undefined) : undefined;
  const choices = Array.isArray(more?.['choices']) ? { choices: more['choices'] as readonly Value[] } : {};
  const doc = typeof more?.['help'] === 'string' ? { doc: more['help'] } : {};
  return {
    path: name.text,
    type: type.text,
    ...doc,
    ...choices,
    grpo: true,
    ...(known === undefined ? {} : { default: known }),
  };
}

function keywords(call: SyntaxNode): Map<string, SyntaxNode> {
  const found = new Map<string, SyntaxNode>();
  for (const argument of call.childForFieldName('arguments')?.namedChildren ?? []) {
    const value = argument?.childForFieldName('value');
    const name = argument?.childForFieldName('name');
    if (argument?.type === 'keyword_argument' && name && value) found.set(name.text, value);
  }
  return found;
}
