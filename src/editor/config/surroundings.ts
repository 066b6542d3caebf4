import type * as vscode from 'vscode';
import type { Surroundings } from '../../domain/frameworks/framework';
import { fileReader } from '../../machine/config/lint';
import { setting } from '../settings';

/** What the checks of a document may know beyond its text: files that it names, and the GPUs that the settings tell. */
export function surroundings({ uri }: vscode.TextDocument): Surroundings {
  const gpus = setting('grpoLens.config.gpus', uri);
  return { ...(uri.scheme === 'file' ? { file: fileReader(uri.fsPath) } : {}), ...(gpus > 0 ? { gpus } : {}) };
}
