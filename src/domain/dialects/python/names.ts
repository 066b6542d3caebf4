import type { Setting } from '../../config/sheet';
import type { SyntaxNode } from '../dialect';
import { literal, type Lookup } from './literal';

/** A class as a call names it: the library's own below the file's aliases and subclasses. */
export interface Named {
  readonly name: string;
  /** Fields that subclasses in the file add. */
  readonly fields: ReadonlySet<string>;
}

interface Subclass {
  readonly bases: readonly string[];
  readonly fields: ReadonlySet<string>;
}

/** Aliases, subclasses and constants of one Python file. A name that is assigned twice stands for nothing. */
export class Names implements Lookup {
  readonly #aliases = new Map<string, string>();
  readonly #classes = new Map<string, Subclass>();
  readonly #values = new Map<string, SyntaxNode | undefined>();

  constructor(root: SyntaxNode) {
    this.#walk(root, 0);
  }

  valueOf(name: string): SyntaxNode | undefined {
    return this.#values.get(name);
  }

  classOf(name: string): Named {
    const fields = new Set<string>();
    let current = name;
    for (let steps = 0; steps < 10; steps++) {
      current = this.#aliases.get(current) ?? current;
      const subclass = this.#classes.get(current);
      if (!subclass) break;
      for (const field of subclass.fields) fields.add(field);
      current = subclass.bases.find((base) => /(Config|Arguments|Args)$/.test(this.#aliases.get(base) ?? base)) ?? '';
    }
    return { name: current, fields };
  }

  /** Entries of a dictionary, written here or under a name, as settings; undefined where they are not known. */
  entries(node: SyntaxNode | undefined): Setting[] | undefined {
    const target = node?.type === 'identifier' ? this.#values.get(node.text) : node;
    if (target?.type === 'dictionary') return this.#pairs(target);
    if (target?.type === 'call' && target.childForFieldName('function')?.text === 'dict') return this.#keywords(target);
    return undefined;
  }

  #pairs(dictionary: SyntaxNode): Setting[] | undefined {
    const settings: Setting[] = [];
    for (const pair of dictionary.namedChildren) {
      if (!pair || pair.type === 'comment') continue;
      if (pair.type === 'dictionary_splat') {
        const inner = this.entries(pair.namedChildren[0] ?? undefined);
        if (!inner) return undefined;
        settings.push(...inner);
        continue;
      }
      const key = pair.childForFieldName('key');
      const value = pair.childForFieldName('value');
      const path = key && literal(key, this).value;
      if (!key || typeof path !== 'string') return undefined;
      settings.push({
        path,
        key: { start: key.startIndex, end: key.endIndex },
        ...(value ? literal(value, this) : {}),
      });
    }
    return settings;
  }

  #keywords(call: SyntaxNode): Setting[] | undefined {
    const settings: Setting[] = [];
    for (const argument of call.childForFieldName('arguments')?.namedChildren ?? []) {
      if (!argument || argument.type === 'comment') continue;
      const name = argument.childForFieldName('name');
      const value = argument.childForFieldName('value');
      if (argument.type !== 'keyword_argument' || !name) return undefined;
      const key = { start: name.startIndex, end: name.endIndex };
      settings.push({ path: name.text, key, ...(value ? literal(value, this) : {}) });
    }
    return settings;
  }

  #walk(node: SyntaxNode, depth: number): void {
    if (depth > 60) return;
    if (node.type === 'aliased_import') this.#alias(node.childForFieldName('alias'), node.childForFieldName('name'));
    else if (node.type === 'assignment') this.#assign(node);
    else if (node.type === 'augmented_assignment')
      this.#values.set(node.childForFieldName('left')?.text ?? '', undefined);
    else if (node.type === 'class_definition') this.#class(node);
    for (const child of node.namedChildren) if (child && HOLDS.test(child.type)) this.#walk(child, depth + 1);
  }

  #alias(alias: SyntaxNode | null, name: SyntaxNode | null): void {
    if (alias && name) this.#aliases.set(alias.text, name.text.split('.').pop() ?? name.text);
  }

  #assign(node: SyntaxNode): void {
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    if (!left) return;
    if (left.type === 'subscript') this.#values.set(left.childForFieldName('value')?.text ?? '', undefined);
    if (left.type !== 'identifier' || !right) return;
    if (right.type === 'identifier' && /^[A-Z]/.test(right.text)) this.#alias(left, right);
    this.#values.set(left.text, this.#values.has(left.text) ? undefined : right);
  }

  #class(node: SyntaxNode): void {
    const name = node.childForFieldName('name')?.text;
    if (name === undefined) return;
    const bases = (node.childForFieldName('superclasses')?.namedChildren ?? []).flatMap((base) =>
      base && base.type !== 'keyword_argument' ? [base.text.split('.').pop() ?? base.text] : [],
    );
    const fields = new Set<string>();
    for (const statement of node.childForFieldName('body')?.namedChildren ?? []) {
      const field = statement?.namedChildren[0];
      if (field?.type === 'assignment') fields.add(field.childForFieldName('left')?.text ?? '');
    }
    this.#classes.set(name, { bases, fields });
  }
}

/** Statements that may hold imports, assignments and classes. */
const HOLDS =
  /^(module|block|import_statement|import_from_statement|aliased_import|expression_statement|assignment|augmented_assignment|class_definition|decorated_definition|function_definition|if_statement|else_clause|elif_clause|with_statement|for_statement|while_statement|try_statement|except_clause)$/;
