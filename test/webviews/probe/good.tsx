import { render } from 'preact';
import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import { connect, recall, remember } from '../../../webviews/shared/port';
import { Button } from '../../../webviews/shared/ui';
import type { Probe } from './probe';

const host = connect<Probe>();
const { times } = recall({ times: 0 });
remember({ times: times + 1 });
void main();

async function main(): Promise<void> {
  const { twice } = await host.ask('double', { values: new Float64Array([1, 2, 3]) });
  const root = document.getElementById('root') as HTMLElement;
  render(
    <>
      <p id="answer">{`${twice.join(' ')}; seen ${times} times`}</p>
      <Button onClick={() => void host.ask('double', { values: new Float64Array([4]) })}>Ask</Button>
      <div id="chart" />
    </>,
    root,
  );
  host.on('news', (text) => {
    (document.getElementById('answer') as HTMLElement).textContent = text;
  });
  const { spec } = compile({
    data: { values: twice.map((value, at) => ({ at, value })) },
    mark: 'line',
    encoding: { x: { field: 'at', type: 'quantitative' }, y: { field: 'value', type: 'quantitative' } },
  });
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: '#chart',
  });
  await view.runAsync();
}
