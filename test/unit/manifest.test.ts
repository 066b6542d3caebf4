import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands, customEditors, settings, views } from '../../src/contributions';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { default: unknown; type: string }>> };
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
    readonly customEditors?: readonly { viewType: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string }[]>>;
  };
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest;
const { contributes } = manifest;

describe('package.json and contributions.ts say the same', () => {
  it('commands, with their titles', () => {
    const stated = Object.fromEntries(contributes.commands.map(({ command, title }) => [command, title]));
    expect(stated).toEqual(commands);
    expect(new Set(contributes.commands.map((command) => command.category))).toEqual(new Set(['GRPO']));
  });

  it('settings, with their defaults', () => {
    const stated = Object.entries(contributes.configuration.properties).map(([id, { default: value }]) => [id, value]);
    expect(Object.fromEntries(stated)).toEqual(settings);
    for (const { type, default: value } of Object.values(contributes.configuration.properties)) {
      expect(Array.isArray(value) ? 'array' : typeof value).toBe(type);
    }
  });

  it('views and editors', () => {
    const stated = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    expect([...stated].sort()).toEqual([...views].sort());
    expect((contributes.customEditors ?? []).map(({ viewType }) => viewType).sort()).toEqual([...customEditors].sort());
  });

  it('menus name only commands that exist', () => {
    for (const { command } of Object.values(contributes.menus).flat()) expect(Object.keys(commands)).toContain(command);
  });
});
