import { Marked, type Token, type Tokens, type TokenizerExtension } from 'marked';
import type { ComponentChildren, VNode } from 'preact';
import { Maths } from './maths';

interface MathsToken {
  readonly type: 'maths';
  readonly raw: string;
  readonly text: string;
  readonly block: boolean;
}

/** `$x$`, `$$x$$`, `\(x\)` and `\[x\]`; a sign of money before a number and behind one is none. */
const FORMS: readonly (readonly [form: RegExp, block: boolean])[] = [
  [/^\$\$([^$]+?)\$\$/, true],
  [/^\\\[([^]+?)\\\]/, true],
  [/^\\\(([^]+?)\\\)/, false],
  [/^\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?!\d)/, false],
];

const maths: TokenizerExtension = {
  name: 'maths',
  level: 'inline',
  start: (text: string) => /\$|\\[([]/.exec(text)?.index,
  tokenizer: (text: string): MathsToken | undefined => {
    for (const [form, block] of FORMS) {
      const [raw, formula] = form.exec(text) ?? [];
      if (raw !== undefined && formula !== undefined) return { type: 'maths', raw, text: formula.trim(), block };
    }
    return undefined;
  },
};

const marked = new Marked({ gfm: true, breaks: true, extensions: [maths] });

/**
 * Markdown and maths as elements of our own: what would be HTML, a link or a picture is shown as text, so nothing in a
 * completion is ever executed, followed or loaded.
 */
export function Markdown({ text }: { text: string }): VNode {
  return <div class="markdown">{blocks(marked.lexer(text))}</div>;
}

function blocks(tokens: readonly Token[]): ComponentChildren {
  return tokens.map((token, at) => <Block key={at} token={token} />);
}

function inline(tokens: readonly Token[] | undefined, text: string): ComponentChildren {
  return tokens ? tokens.map((token, at) => <Inline key={at} token={token} />) : text;
}

function Block({ token }: { token: Token }): VNode | null {
  switch (token.type) {
    case 'space':
      return null;
    case 'heading':
      return <p class={`heading h${String(token.depth)}`}>{inline(token.tokens, token.text as string)}</p>;
    case 'code':
      return <pre class="mono">{token.text}</pre>;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>;
    case 'hr':
      return <hr />;
    case 'list':
      return <Items list={token as Tokens.List} />;
    case 'table':
      return <Cells table={token as Tokens.Table} />;
    case 'paragraph':
      return <p dir="auto">{inline(token.tokens, token.text as string)}</p>;
    case 'text':
      return <span>{inline((token as Tokens.Text).tokens, token.raw)}</span>;
    default:
      return <p dir="auto">{token.raw}</p>;
  }
}

function Items({ list }: { list: Tokens.List }): VNode {
  const items = list.items.map((item, at) => <li key={at}>{blocks(item.tokens)}</li>);
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function Cells({ table: { header, rows } }: { table: Tokens.Table }): VNode {
  const line = (cells: readonly Tokens.TableCell[]): ComponentChildren =>
    cells.map((cell, at) => <td key={at}>{inline(cell.tokens, cell.text)}</td>);
  return (
    <table>
      <thead>
        <tr>{line(header)}</tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>{line(row)}</tr>
        ))}
      </tbody>
    </table>
  );
}

function Inline({ token }: { token: Token }): VNode {
  const inner = (): ComponentChildren => inline('tokens' in token ? token.tokens : undefined, token.raw);
  switch (token.type) {
    case 'maths':
      return <Maths source={(token as unknown as MathsToken).text} block={(token as unknown as MathsToken).block} />;
    case 'strong':
      return <strong>{inner()}</strong>;
    case 'em':
      return <em>{inner()}</em>;
    case 'del':
      return <s>{inner()}</s>;
    case 'codespan':
      return <code>{token.raw.replace(/^`+|`+$/g, '')}</code>;
    case 'br':
      return <br />;
    case 'escape':
      return <>{token.text}</>;
    default:
      return <>{token.raw}</>;
  }
}
