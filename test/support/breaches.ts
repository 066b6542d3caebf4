/** Room, a statement that breaks one of its walls, and what the compiler says of it where it can see it too. */
export const breaches: readonly [room: string, statement: string, compiler?: RegExp][] = [
  ['src/base', `import * as x from '../domain/score';`, /TS6307|TS6059/],
  ['src/base', `import { join } from 'node:path';`, /TS2307|TS2591|TS2882/],
  ['src/domain', `import * as x from 'vscode';`, /TS6307|TS6059/],
  ['src/domain', `import { readFileSync } from 'node:fs';`, /TS2307|TS2591/],
  ['src/domain', `import * as x from '../wire/wire';`, /TS6307|TS6059/],
  ['src/domain', `import * as x from '../machine/table/table';`, /TS6307|TS6059/],
  ['src/wire', `import * as x from 'vscode';`, /TS6307|TS6059/],
  ['src/wire', `import * as x from '../machine/table/table';`, /TS6307|TS6059/],
  ['src/machine', `import * as x from 'vscode';`, /TS6307|TS6059/],
  ['src/machine', `import * as x from '../editor/log';`, /TS6307|TS6059/],
  ['src/machine', `import * as x from '../../webviews/shared/port';`, /TS6307|TS6059/],
  ['src/editor', `import { spawn } from 'node:child_process';`],
  ['src/editor', `import { readFileSync } from 'node:fs';`],
  ['webviews/run', `import * as x from '../../src/machine/table/table';`, /TS6307|TS6059/],
  ['webviews/run', `import * as x from 'vscode';`, /TS6307|TS6059/],
  ['webviews/run', `import { join } from 'node:path';`, /TS2307|TS2591/],
];
