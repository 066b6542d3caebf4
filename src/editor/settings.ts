import * as vscode from 'vscode';
import { settings, type SettingId } from '../contributions';

type Wide<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;

/** The value in force for a setting of ours, of the type of its default. */
export function setting<K extends SettingId>(id: K, scope?: vscode.Uri): Wide<(typeof settings)[K]> {
  const value: unknown = vscode.workspace.getConfiguration(undefined, scope).get(id);
  const standard = settings[id];
  return (typeof value === typeof standard ? value : standard) as Wide<(typeof settings)[K]>;
}

/** Calls `run` whenever one of the settings changes. */
export function onSetting(ids: readonly SettingId[], run: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (ids.some((id) => change.affectsConfiguration(id))) run();
  });
}
