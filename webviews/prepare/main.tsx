import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { EMPTY_PART, RECIPE_FORMS, type RecipeForm, type RecipePart } from '../../src/domain/dataset/recipeForm';
import type { PrepareOpening, PreparePanel, RecipePreview } from '../../src/wire/preparePanel';
import { RecordCard } from '../shared/record';
import { connect } from '../shared/port';
import { isCancelled, messageOf } from '../shared/problems';
import { addStyle } from '../shared/style';
import { Button, Dropdown, TextField } from '../shared/ui';
import style from './style.css';

const editor = connect<PreparePanel>();
const PAUSE_MS = 250;

function Page(): VNode {
  const [opened, setOpened] = useState<PrepareOpening>();
  const [shown, setShown] = useState<RecipePreview>();
  const [said, setSaid] = useState('');
  const fail = (error: unknown): void => setSaid(messageOf(error));
  useEffect(() => void editor.ask('hello', {}).then(setOpened, fail), []);
  useEffect(() => {
    if (!opened) return;
    const { form, target } = opened;
    const ask = (): void => void editor.ask('preview', { form, target }).then(setShown, unlessOlder(setShown));
    const timer = setTimeout(ask, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [opened]);
  if (!opened) return <p class="empty">{said === '' ? 'Reading the recipe…' : said}</p>;
  const { file, form, target, targets } = opened;
  const done = (told: { readonly file: string }): void => setSaid(`The recipe is in ${told.file}.`);
  const moveTo = (name: string): void => {
    setShown(undefined);
    setOpened({ ...opened, target: name });
  };
  return (
    <main class="prepare">
      <section class="form" aria-label="Recipe">
        <h1>{file.split(/[\\/]/).at(-1)}</h1>
        {targets.length > 1 && (
          <label class="place">
            <span>Data lies on</span>
            <Dropdown title="Where the data lies" value={target} options={targets} onChange={moveTo} />
          </label>
        )}
        <Form form={form} change={(now) => setOpened({ ...opened, form: now })} fields={shown?.fields ?? []} />
        <p class="acts">
          <Button onClick={() => void editor.ask('run', { form, target }).then(done, fail)}>Make the data set…</Button>
          <Button appearance="secondary" onClick={() => void editor.ask('save', { form }).then(done, fail)}>
            Save the recipe
          </Button>
        </p>
        <p role="status">{said}</p>
      </section>
      <Preview shown={shown} target={target} />
    </main>
  );
}

/** Why there is no preview stands in its place; one that a newer one has taken the place of is no failure. */
function unlessOlder(show: (preview: RecipePreview) => void): (error: unknown) => void {
  return (error) => {
    if (!isCancelled(error)) show({ items: [], fields: [], left: [], problem: messageOf(error) });
  };
}

interface FormProps {
  readonly form: RecipeForm;
  readonly fields: readonly string[];
  readonly change: (form: RecipeForm) => void;
}

function Form({ form, fields, change }: FormProps): VNode {
  const [at, setAt] = useState(0);
  const part = form.parts[at] ?? form.parts[0] ?? EMPTY_PART;
  const set = (more: Partial<RecipeForm>): void => change({ ...form, ...more });
  const setPart = (more: Partial<RecipePart>): void =>
    set({ parts: form.parts.map((one, index) => (index === at ? { ...one, ...more } : one)) });
  const names = form.parts.map((one, index) => `${index + 1}: ${one.read}`);
  const forms = Object.entries(RECIPE_FORMS).map(([id, about]) => `${id} — ${about}`);
  return (
    <div class="fields">
      <Line name="Data folder" value={form.data_root} set={(data_root) => set({ data_root })} />
      <Line name="Write to" value={form.output} set={(output) => set({ output })} />
      <label>
        <span>Form</span>
        <Dropdown
          title="Form of the records"
          value={forms.find((one) => one.startsWith(`${form.write} `)) ?? forms[0] ?? ''}
          options={forms}
          onChange={(value) => set({ write: value.split(' ')[0] ?? 'messages' })}
        />
      </label>
      <p class="parts">
        <Dropdown
          title="Part"
          value={names[at] ?? ''}
          options={names}
          onChange={(name) => setAt(names.indexOf(name))}
        />
        <Button
          appearance="secondary"
          onClick={() => {
            set({ parts: [...form.parts, EMPTY_PART] });
            setAt(form.parts.length);
          }}
        >
          Add a part
        </Button>
      </p>
      <Line name="Annotations" value={part.read} set={(read) => setPart({ read })} />
      <Line name="List in it" value={part.each} set={(each) => setPart({ each })} />
      <Area name="Prompt" value={part.prompt} set={(prompt) => setPart({ prompt })} rows={5} />
      <Area name="System" value={part.system} set={(system) => setPart({ system })} rows={2} />
      <Line name="Solution" value={part.solution} set={(solution) => setPart({ solution })} />
      <Area name="Images" value={part.images} set={(images) => setPart({ images })} rows={2} />
      <Area name="Videos" value={part.videos} set={(videos) => setPart({ videos })} rows={1} />
      <Area name="Columns" value={part.columns} set={(columns) => setPart({ columns })} rows={3} />
      {fields.length > 0 && <p class="known">An entry has {fields.map((name) => `{${name}}`).join(' ')}</p>}
    </div>
  );
}

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly set: (value: string) => void;
}

function Line({ name, value, set }: FieldProps): VNode {
  return (
    <label>
      <span>{name}</span>
      <TextField title={name} value={value} onInput={set} />
    </label>
  );
}

function Area({ name, value, set, rows }: FieldProps & { readonly rows: number }): VNode {
  return (
    <label>
      <span>{name}</span>
      <textarea aria-label={name} rows={rows} value={value} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

function Preview({ shown, target }: { readonly shown: RecipePreview | undefined; readonly target: string }): VNode {
  const where = target === 'here' ? '' : ` on ${target}`;
  if (!shown) return <section class="preview empty">Making the first records{where}…</section>;
  return (
    <section class="preview" aria-label="First records">
      {shown.problem !== null && <p class="problem">{shown.problem}</p>}
      {shown.left.map((why) => (
        <p class="problem" key={why}>
          {why}
        </p>
      ))}
      {shown.items.map((item) => (
        <RecordCard key={item.row} item={item} />
      ))}
    </section>
  );
}

addStyle(style);
render(<Page />, document.getElementById('root') ?? document.body);
