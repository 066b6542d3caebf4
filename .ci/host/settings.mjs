// The settings of a window under test: quiet, and alone.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const QUIET = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'chat.disableAIFeatures': true,
  'npm.fetchOnlinePackageInfo': false,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  // As on a desktop; in a browser VS Code saves after a second.
  'files.autoSave': 'off',
  // What moves or is drawn beside the text costs time, and no journey looks at it.
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
};

/** Writes the settings of a user-data folder that has none yet. */
export function writeSettings(userData, { untrusted }) {
  const file = path.join(userData, 'User/settings.json');
  if (existsSync(file)) return;
  const trust = {
    'security.workspace.trust.enabled': untrusted,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...QUIET, ...trust }, null, 2));
}
