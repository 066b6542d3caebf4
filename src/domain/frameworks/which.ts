import { catalogueAt } from '../language/catalogue';
import type { Judged } from '../language/resolve';
import type { Catalogue } from '../config/parameter';
import type { Sheet } from '../config/sheet';
import type { Framework, FrameworkId } from './framework';
import { easyr1 } from './easyr1';
import { accelerate } from './launchers/accelerate';
import { deepspeed } from './launchers/deepspeed';
import { peft } from './launchers/peft';
import { swift } from './swift';
import { trl } from './trl';
import { verl } from './verl';

/** Every framework that ships with us. */
export const frameworks: readonly Framework[] = [swift, trl, verl, easyr1];

/** What starts a training reads files of its own. */
const launchers: readonly Framework[] = [deepspeed, accelerate, peft];

/** The framework that a sheet is written for; undefined for everything else that a document holds. */
export function which(sheet: Sheet): Framework | undefined {
  let best: Framework | undefined;
  let score = 0;
  for (const framework of [...frameworks, ...launchers]) {
    const own = framework.isIn(sheet);
    if (own > score) [best, score] = [framework, own];
  }
  return best;
}

/** What may decide how a sheet is judged, in the place of what the sheet itself tells. */
export interface Wish {
  readonly framework?: FrameworkId | undefined;
  readonly version?: string | undefined;
  /** The parameters of what is installed, where they are known. */
  readonly installed?: ((framework: Framework) => Catalogue | undefined) | undefined;
}

/** A sheet with its framework and the part of the catalogue that counts; undefined where no framework knows it. */
export function judge(sheet: Sheet, wish: Wish = {}): Judged | undefined {
  const framework = wish.framework ? frameworks.find(({ id }) => id === wish.framework) : which(sheet);
  if (!framework) return undefined;
  const whole = wish.installed?.(framework) ?? framework.catalogue;
  const catalogue = wish.version === undefined ? whole : catalogueAt(whole, wish.version);
  return { sheet, framework, catalogue: framework.scope?.(sheet, catalogue) ?? catalogue };
}
