import type { VNode } from 'preact';
import type { Spread } from '../../src/domain/dataset/spread';

const [WIDTH, HEIGHT] = [300, 80];

/** How lengths are spread: bars, with a line where the limit falls. */
export function Bars({ title, unit, spread }: { title: string; unit: string; spread: Spread }): VNode {
  const { bars, first, last, middle, width, limit, over } = spread;
  const most = Math.max(...bars);
  // Few bars stay narrow.
  const each = WIDTH / Math.max(12, bars.length);
  const place = limit === undefined ? undefined : ((limit + 1 - first) / width) * each;
  const said = `${title}: ${first} to ${last} ${unit}, half up to ${middle}`;
  return (
    <figure class="bars">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        {bars.map((count, at) => {
          const tall = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
          const beyond = place !== undefined && at * each >= place;
          return (
            <rect class={beyond ? 'over' : ''} x={at * each} y={HEIGHT - tall} width={each - 1} height={tall}>
              <title>{`${first + at * width} to ${first + (at + 1) * width - 1} ${unit}: ${count}`}</title>
            </rect>
          );
        })}
        {place !== undefined && place >= 0 && place <= WIDTH && <line x1={place} x2={place} y1={0} y2={HEIGHT} />}
      </svg>
      <p class="axis">
        <span>{first.toLocaleString('en')}</span>
        <span>half up to {middle.toLocaleString('en')}</span>
        <span>
          {last.toLocaleString('en')} {unit}
        </span>
      </p>
      {limit !== undefined && (
        <p class={over > 0 ? 'problem' : 'quiet'}>
          {over.toLocaleString('en')} of {spread.rows.toLocaleString('en')} over the limit of{' '}
          {limit.toLocaleString('en')}
        </p>
      )}
    </figure>
  );
}

/** How often each solution stands in the set. */
export function Classes({ classes, rows }: { classes: readonly (readonly [string, number])[]; rows: number }): VNode {
  const most = classes[0]?.[1] ?? 1;
  return (
    <figure class="bars">
      <figcaption>solutions</figcaption>
      <table class="classes">
        {classes.map(([solution, count]) => (
          <tr key={solution}>
            <th scope="row" title={solution}>
              {solution === '' ? '(empty)' : solution}
            </th>
            <td>
              <meter min={0} max={most} value={count} aria-label={`${count} of ${rows}`} />
            </td>
            <td>{Math.round((100 * count) / rows)}%</td>
          </tr>
        ))}
      </table>
    </figure>
  );
}
