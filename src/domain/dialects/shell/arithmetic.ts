/** The whole number that a shell's `$(( … ))` gives, as text; undefined where a name is unknown or the form is not plain. */
export function arithmetic(text: string, lookup: (name: string) => string | undefined): string | undefined {
  const tokens = text.match(/\$\{?\d\}?|\d+|\$?\{?[A-Za-z_]\w*\}?|[-+*/%()]|\S/g) ?? [];
  let at = 0;
  const peek = (): string | undefined => tokens[at];

  const atom = (): number => {
    const token = tokens[at++];
    if (token === undefined) return NaN;
    if (token === '-') return -atom();
    if (token === '(') {
      const inner = sum();
      return tokens[at++] === ')' ? inner : NaN;
    }
    if (/^\d+$/.test(token)) return Number(token);
    const name = /^\$?\{?([A-Za-z_]\w*|\d)\}?$/.exec(token)?.[1];
    const known = name === undefined ? undefined : lookup(name);
    return known !== undefined && /^-?\d+$/.test(known.trim()) ? Number(known) : NaN;
  };
  const product = (): number => {
    let left = atom();
    for (let sign = peek(); sign === '*' || sign === '/' || sign === '%'; sign = peek()) {
      at++;
      const right = atom();
      left = sign === '*' ? left * right : sign === '/' ? Math.trunc(left / right) : left % right;
    }
    return left;
  };
  const sum = (): number => {
    let left = product();
    for (let sign = peek(); sign === '+' || sign === '-'; sign = peek()) {
      at++;
      left = sign === '+' ? left + product() : left - product();
    }
    return left;
  };

  if (tokens.length === 0 || tokens.length > 200) return undefined;
  const result = sum();
  return at === tokens.length && Number.isFinite(result) ? String(result) : undefined;
}
