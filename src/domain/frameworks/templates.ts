import type { DataRecord } from '../dataset/dataset';
import type { TemplateValues } from '../dataset/template';
import { easyr1Template } from './easyr1/template';

/** What some kind of template is given. */
export interface TemplateKind {
  readonly known: readonly string[];
  valuesFor(record: DataRecord): TemplateValues;
}

const CHAT = /\b(messages|add_generation_prompt|bos_token|eos_token|tools)\b/;

/** Chat templates of Hugging Face models get the whole chat; special tokens depend on the model and stay empty here. */
const chatTemplate: TemplateKind = {
  known: [
    'messages',
    'add_generation_prompt',
    'bos_token',
    'eos_token',
    'pad_token',
    'unk_token',
    'tools',
    'documents',
  ],
  valuesFor: ({ messages }) => ({
    chat: true,
    values: {
      messages: messages.map(({ role, content, more }) => ({ role, content, ...more })),
      add_generation_prompt: true,
      bos_token: '',
      eos_token: '',
    },
  }),
};

/** The kind of a template, by the variables that it uses. */
export function templateKind(text: string): TemplateKind {
  return CHAT.test(text) ? chatTemplate : easyr1Template;
}
