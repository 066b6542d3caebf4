import * as v from 'valibot';
import type { Ask, Guards } from '../../../src/wire/wire';

export interface Probe {
  readonly asks: { readonly double: Ask<{ values: Float64Array }, { twice: readonly number[] }> };
  readonly tells: { readonly news: string };
}

export const probeGuards: Guards<Probe> = { double: v.object({ values: v.instance(Float64Array) }) };
