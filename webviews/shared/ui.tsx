import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, type ComponentChildren, type VNode } from 'preact';

// The toolkit's repository is archived; every use of it goes through this file, so that a successor is a change of one file.
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

/** One of the toolkit's elements; it knows its own attributes, so their types end here. */
function element(tag: string, props: object, children?: ComponentChildren): VNode {
  return h(tag, props as Record<string, unknown>, children) as VNode;
}

interface Common {
  readonly class?: string;
  readonly title?: string;
  readonly id?: string;
}

export function Button(
  props: Common & {
    onClick: () => void;
    appearance?: 'primary' | 'secondary' | 'icon';
    disabled?: boolean;
    children?: ComponentChildren;
  },
): VNode {
  const { onClick, children, title, ...rest } = props;
  return element('vscode-button', { ...rest, title, 'aria-label': title, onClick }, children);
}

export function Checkbox(
  props: Common & { checked: boolean; onChange: (checked: boolean) => void; children?: ComponentChildren },
): VNode {
  const { checked, onChange, children, ...rest } = props;
  const changed = (event: Event): void => onChange((event.target as HTMLInputElement).checked);
  return element('vscode-checkbox', { ...rest, checked, onChange: changed }, children);
}

export function TextField(
  props: Common & { value: string; onInput: (value: string) => void; placeholder?: string; size?: number },
): VNode {
  const { value, onInput, ...rest } = props;
  const changed = (event: Event): void => onInput((event.target as HTMLInputElement).value);
  return element('vscode-text-field', { ...rest, value, 'aria-label': props.title, onInput: changed });
}

export function Dropdown(
  props: Common & { value: string; options: readonly string[]; onChange: (value: string) => void },
): VNode {
  const { value, options, onChange, ...rest } = props;
  const changed = (event: Event): void => onChange((event.target as HTMLSelectElement).value);
  const children = options.map((option) =>
    element('vscode-option', { key: option, value: option, selected: option === value }, option),
  );
  return element('vscode-dropdown', { ...rest, value, 'aria-label': props.title, onChange: changed }, children);
}
