/**
 * Where this preview and Python's jinja2 write different text, by @huggingface/jinja 0.5 beside jinja2 3.1.6
 * (test/frameworks/jinja.test.ts tries each).
 */
const WRITTEN: readonly { readonly sign: RegExp; readonly says: string; readonly chat?: false }[] = [
  {
    sign: /\{\{-?\s*(?:true|false|True|False|none|None|not\b[^}]*|[^}|]*(?:\bis\s+\w+|==|!=|[^-]>|<|\.(?:startswith|endswith)\([^)]*\)))\s*-?\}\}/,
    says: 'Python writes True, False and None where this preview writes true, false and nothing.',
  },
  {
    sign: /\|\s*(?:dictsort|list|sort|unique|batch|items)\b[^}|]*-?\}\}|\.(?:items|split|keys|values)\([^)]*\)(?:\s*\|\s*list)?\s*-?\}\}/,
    says: 'Python writes lists and pairs as [\'a\'] and (\'a\', 1), this preview as ["a"] and ["a", 1].',
  },
  {
    sign: /\|\s*tojson\b/,
    chat: false,
    says: "jinja2’s own tojson writes < > & ' and letters beyond ASCII as \\u…; this preview writes them as they are, as transformers’ tojson does.",
  },
  {
    sign: /[^\w|]-\s*\w+\s*%\s*\w/,
    says: 'The remainder of a negative number is positive in Python, negative in this preview.',
  },
];

/** What the preview cannot carry out at all, though Python's jinja2 can. */
const FILTERS =
  'attr batch center count e filesizeformat forceescape format groupby list max min pprint random reject reverse round ' +
  'select slice striptags sum truncate urlencode urlize wordcount wordwrap xmlattr';
const STATEMENTS = ['raw', 'block', 'extends', 'include', 'import', 'from', 'with', 'autoescape', 'filter'];

/**
 * One sentence for each way in which Python may come to another text than the preview; none where there is none.
 * `chat`: a chat template, for which transformers brings a `tojson` of its own.
 */
export function differences(template: string, { chat = false } = {}): readonly string[] {
  const tags = (template.match(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g) ?? []).join('\n');
  const written = WRITTEN.filter((one) => one.sign.test(tags) && !(chat && one.chat === false)).map(({ says }) => says);
  const known = new Set(FILTERS.split(' '));
  const filters = [...tags.matchAll(/\|\s*(\w+)/g)].map(([, name = '']) => name).filter((name) => known.has(name));
  const statements = [...tags.matchAll(/\{%-?\s*(\w+)/g)].map(([, name = '']) => name);
  const missing = STATEMENTS.filter((name) => statements.includes(name)).map((name) => `{% ${name} %}`);
  const only = [...new Set([...filters.map((name) => `the filter ${name}`), ...missing])];
  const said = only.map(
    (what) => `Python knows ${what}; this preview does not for every value, and then shows nothing.`,
  );
  return [...written, ...said];
}
