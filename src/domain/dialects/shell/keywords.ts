export const OPENERS: ReadonlySet<string> = new Set(['if', 'while', 'until', 'for', 'case', 'select']);
/** What follows them up to the line's end is no command. */
export const HEADERS: ReadonlySet<string> = new Set(['for', 'case', 'select']);
export const BRANCHES: ReadonlySet<string> = new Set(['else', 'elif', ';;', ';&', ';;&']);
export const CLOSERS: ReadonlySet<string> = new Set(['fi', 'done', 'esac']);
export const NOISE: ReadonlySet<string> = new Set(['then', 'do', '{', '}', '!', 'time', 'in', 'function']);
