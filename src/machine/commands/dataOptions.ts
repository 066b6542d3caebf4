import type { DataForm } from '../../domain/dataset/dataset';
import { dataForms } from '../../domain/frameworks/datasets';
import { misuse } from './command';

/** Errors: misuse. */
export function wholeNumber(usage: string, option: string, text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw misuse(usage, `${option} ${text} is no whole number`);
}

/** The form that was named, or nothing. Errors: misuse. */
export function formGiven(usage: string, name: string | undefined): { readonly form?: DataForm } {
  return name === undefined ? {} : { form: formNamed(usage, name) };
}

/** By id or by the first word of the form's name, however it is written. */
export function formNamed(usage: string, name: string | undefined): DataForm {
  const words = (form: DataForm): string[] => [form.id, form.name.split(' ')[0]?.toLowerCase() ?? ''];
  const found = dataForms.find((form) => name !== undefined && words(form).includes(name.toLowerCase()));
  if (found) return found;
  const known = dataForms.map((form) => `${form.id} (${form.name})`).join(', ');
  throw misuse(usage, `${name === undefined ? 'A form is needed' : `There is no form "${name}"`}; forms are ${known}`);
}
