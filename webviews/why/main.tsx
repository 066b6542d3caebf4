import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WhyShown, WhyTab } from '../../src/wire/whyPanel';
import cause from '../shared/cause.css';
import { messageOf } from '../shared/problems';
import { addStyle } from '../shared/style';
import { editor } from './editor';
import { Flips } from './flips';
import { Pressure } from './pressure';
import { Sample } from './sample';
import style from './style.css';

const TABS: readonly (readonly [WhyTab, string])[] = [
  ['why', 'Why'],
  ['pressure', 'Update pressure'],
  ['flips', 'Flips'],
];

function Page(): VNode {
  const [shown, setShown] = useState<WhyShown>();
  const [tab, setTab] = useState<WhyTab>('why');
  const [failed, setFailed] = useState<string>();
  useEffect(() => {
    const take = (told: WhyShown): void => {
      setShown((before) => {
        if (before?.tab !== told.tab || before.reward !== told.reward) setTab(told.tab);
        return told;
      });
    };
    const following = editor.on('shown', take);
    editor.ask('hello', {}).then(take, (error: unknown) => setFailed(messageOf(error)));
    return () => following.dispose();
  }, []);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!shown) return <p class="empty">Reading…</p>;
  if (shown.file === '') return <p class="empty">{shown.empty}</p>;
  return (
    <>
      <header class="top">
        <h1>{shown.reward}</h1>
        <span class="quiet">{shown.name}</span>
        <nav role="tablist">
          {TABS.map(([id, label]) => (
            <button key={id} role="tab" aria-selected={id === tab} onClick={() => setTab(id)}>
              {label}
            </button>
          ))}
        </nav>
      </header>
      <Tab shown={shown} tab={tab} />
    </>
  );
}

function Tab({ shown, tab }: { shown: WhyShown; tab: WhyTab }): VNode {
  const { sample, empty, reward, file } = shown;
  if (tab === 'flips') return <Flips about={shown} />;
  if (tab === 'pressure') return <Pressure selected={sample?.sample ?? -1} about={`${file}\n${reward}`} />;
  return sample ? <Sample sample={sample} at={shown.at} /> : <p class="empty">{empty}</p>;
}

addStyle(`${cause}\n${style}`);
render(<Page />, document.getElementById('root') ?? document.body);
