import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ConfigText, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { messageOf } from '../shared/problems';

/** What the run was started with: its command and the files that tell the composed configuration. */
export function Configuration({ editor }: { editor: Called<RunPanel> }): VNode {
  const [texts, setTexts] = useState<readonly ConfigText[]>();
  const [failed, setFailed] = useState<string>();
  useEffect(() => void editor.ask('configuration', {}).then(setTexts, (error) => setFailed(messageOf(error))), []);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!texts) return <p class="empty">Reading the configuration…</p>;
  if (texts.length === 0)
    return (
      <p class="empty">The run's folder holds no configuration: neither args.json nor a copy of what started it.</p>
    );
  return (
    <div class="configuration">
      {texts.map(({ name, text }) => (
        <details key={name} open>
          <summary>{name}</summary>
          <pre class="mono">{text}</pre>
        </details>
      ))}
    </div>
  );
}
