/** The command with `--name value`, in the place of what stood there before. */
export function withFlag(command: readonly string[], name: string, value: string): readonly string[] {
  const flags = [`--${name}`, `--${name.replaceAll('_', '-')}`];
  const kept: string[] = [];
  for (let at = 0; at < command.length; at++) {
    const word = command[at] ?? '';
    if (flags.some((flag) => word.startsWith(`${flag}=`))) continue;
    if (!flags.includes(word)) kept.push(word);
    else if (command[at + 1]?.startsWith('-') === false) at++;
  }
  return [...kept, `--${name}`, value];
}

/** The command with `path=value`, in the place of what stood there before. */
export function withOverride(command: readonly string[], path: string, value: string): readonly string[] {
  const kept = command.filter((word) => word.replace(/^\+{1,2}/, '').split('=')[0] !== path);
  return [...kept, `${path}=${value}`];
}
