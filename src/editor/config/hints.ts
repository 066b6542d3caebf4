import * as vscode from 'vscode';
import { factsOf } from '../../domain/language/compose';
import { winners } from '../../domain/language/winners';
import { isSecret } from '../../domain/secret';
import type { Documents } from '../documents';
import { isIn } from '../places';
import { surroundings } from './surroundings';

/** Longest value that stands beside its variable. */
const LONGEST = 40;

/** Beside `$NAME`: what it stands for; beside a value that is not the last word: what wins, and over what. */
export function hintsIn(documents: Documents, document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
  const around = surroundings(document);
  return documents.read(document).judged.flatMap((judged) => {
    const variables = judged.sheet.settings.flatMap((setting) => {
      const { valueSpan, variable, text } = setting;
      if (!valueSpan || variable === undefined || text === undefined || isSecret(setting.path, text)) return [];
      const label = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
      return [{ at: valueSpan.end, text: `= ${label}` }];
    });
    return [...variables, ...winners(judged, factsOf(judged, around))]
      .filter(({ at }) => isIn(document, { start: at, end: at }, range))
      .map(({ at, text }) => hint(document.positionAt(at), text));
  });
}

function hint(place: vscode.Position, text: string): vscode.InlayHint {
  const result = new vscode.InlayHint(place, text, vscode.InlayHintKind.Parameter);
  result.paddingLeft = true;
  return result;
}
