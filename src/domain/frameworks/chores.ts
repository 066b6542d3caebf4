import type { Chore } from '../runs/chore';
import { evaluateCheckpoint, evaluateCompletions, precheck } from './chores/answering';
import { copyModel, downloadDataset, downloadModel } from './chores/bringing';
import { gad, offline, prepareEnvironment } from './chores/hosts';
import { mergeCheckpoint, mergeEasyR1, mergeLora, mergeVerl } from './chores/merging';
import { prepareDataset, runPipeline } from './chores/running';

/** Every chore, in the order in which they are offered. */
export const chores: readonly Chore[] = [
  downloadModel,
  downloadDataset,
  copyModel,
  prepareEnvironment,
  prepareDataset,
  precheck,
  runPipeline,
  evaluateCheckpoint,
  evaluateCompletions,
  mergeLora,
  mergeCheckpoint,
  mergeVerl,
  mergeEasyR1,
  offline,
  gad,
];
