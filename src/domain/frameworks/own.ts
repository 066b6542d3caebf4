import type { Catalogue } from '../config/parameter';
import type { Framework } from './framework';

/** Nothing is known of a trainer of one's own until its script is read. */
const unread: Catalogue = {
  framework: 'own',
  version: 'this script',
  repository: '',
  from: 'installed',
  parameters: [],
  removed: [],
};

/** A trainer of the user's: its parameters are the fields of the dataclasses that its own script hands to a parser. */
export const own: Framework = {
  id: 'own',
  name: 'Your trainer',
  package: '',
  catalogue: unread,
  isIn: () => 0,
  judges: () => 'all',
  reads: 'words',
  files: () => [],
  rules: [],
  metric: () => undefined,
  advantages: [],
};
