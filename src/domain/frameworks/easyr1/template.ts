import { promptText, type DataRecord } from '../../dataset/dataset';
import type { TemplateValues } from '../../dataset/template';

/** `data.format_prompt` is given one variable, the question (`Template(text.strip()).render(content=…)`,
 * verl/utils/dataset.py:141 @ b44b311b6). */
export const easyr1Template = {
  known: ['content'],
  valuesFor: (record: DataRecord): TemplateValues => ({ values: { content: promptText(record) } }),
} as const;
