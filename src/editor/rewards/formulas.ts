import type { AdvantageVariant } from '../../domain/rollouts/advantage';
import type { FrameworkId } from '../../domain/frameworks/framework';
import { frameworks } from '../../domain/frameworks/which';

/** A way from rewards to advantages, named with its framework. */
export interface Formula {
  readonly label: string;
  readonly of: AdvantageVariant;
}

/** Every formula of every framework, those of `first` before the others. */
export function formulas(first: FrameworkId | undefined): Formula[] {
  const ordered = [...frameworks].sort((a, b) => Number(b.id === first) - Number(a.id === first));
  return ordered.flatMap(({ name, advantages }) =>
    advantages.map((variant) => ({ label: `${name}: ${variant.label}`, of: variant })),
  );
}

/** The formula that is meant where none was chosen: its framework's default; none for a trainer of one's own. */
export function standardFormula(framework: FrameworkId | undefined): Formula | undefined {
  const known = frameworks.find(({ id }) => id === framework);
  const [variant] = known?.advantages ?? [];
  return known && variant && { label: `${known.name}: ${variant.label}`, of: variant };
}
