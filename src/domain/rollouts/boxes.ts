/** A box in a picture: in pixels, in fractions of its sides, or in thousandths of them. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly unit: 'pixel' | 'fraction' | 'thousandth';
}

const NUMBER = String.raw`\s*(-?\d+(?:\.\d+)?)\s*`;
const FOUR = [NUMBER, NUMBER, NUMBER, NUMBER].join(',');
/** As Qwen2.5-VL writes boxes (`"bbox_2d": […]`), as Qwen2-VL does (thousandths), and the usual tags around four numbers. */
const FORMS: readonly (readonly [form: RegExp, unit?: Box['unit']])[] = [
  [new RegExp(String.raw`"?bbox(?:_2d)?"?\s*[:=]\s*\[${FOUR}\]`, 'g')],
  [new RegExp(String.raw`<\|box_start\|>\(${NUMBER},${NUMBER}\),\(${NUMBER},${NUMBER}\)`, 'g'), 'thousandth'],
  [new RegExp(String.raw`<(?:box|bbox|answer)>\s*\[?\[${FOUR}\]`, 'g')],
];
const COLUMN = /^(bbox|bboxes|box|boxes|bbox_2d|solution|ground_truth|answer)$/;
const MOST = 40;

/** Boxes that a completion speaks of. */
export function boxesIn(text: string): Box[] {
  const found = FORMS.flatMap(([form, unit]) =>
    [...text.matchAll(form)].flatMap((match) => boxOf(match.slice(1), unit)),
  );
  return found.slice(0, MOST);
}

/** A list of four numbers as a column's text: one a line. */
const LINES = new RegExp(`^${[NUMBER, NUMBER, NUMBER, NUMBER].join('\\n')}$`);

/** Boxes of a record's own columns: four numbers, or a list of such. */
export function boxesOfColumns(columns: Readonly<Record<string, string>>): Box[] {
  const texts = Object.entries(columns).flatMap(([name, text]) => (COLUMN.test(name) ? [text] : []));
  const bare = new RegExp(String.raw`\[${FOUR}\]`, 'g');
  const found = texts.flatMap((text) => {
    const alone = LINES.exec(text);
    return alone ? [alone] : [...text.matchAll(bare)];
  });
  return found.flatMap((match) => boxOf(match.slice(1))).slice(0, MOST);
}

function boxOf(numbers: readonly (string | undefined)[], told?: Box['unit']): Box[] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers.map(Number);
  if (x2 <= x1 || y2 <= y1) return [];
  return [{ x1, y1, x2, y2, unit: told ?? (Math.max(x2, y2) <= 1 ? 'fraction' : 'pixel') }];
}

/** The box in pixels of a picture of this size. */
export function inPixels({ x1, y1, x2, y2, unit }: Box, { width, height }: { width: number; height: number }): Box {
  const [across, down] =
    unit === 'pixel' ? [1, 1] : [width, height].map((side) => (unit === 'fraction' ? side : side / 1000));
  const [x, y] = [across ?? 1, down ?? 1];
  return { x1: x1 * x, y1: y1 * y, x2: x2 * x, y2: y2 * y, unit: 'pixel' };
}
