import type { Wish } from '../../src/domain/runs/launch';
import { Runs } from '../../src/machine/runs/runs';
import { Targets, type TargetsOptions } from '../../src/machine/hosts/targets';

/** What a launching process of its own is told: where, what, under which id. */
interface Order {
  readonly options: TargetsOptions;
  readonly wish: Wish;
  readonly id: string;
}

/** Stands for an editor: starts a run, says so, and stays until it is killed. */
const { options, wish, id } = JSON.parse(process.argv[2] ?? '') as Order;
const runs = new Runs(new Targets(options));
void runs.launch(wish, id).then(
  ({ run, how, detached }) => console.log(JSON.stringify({ folder: run.folder, how, detached })),
  (error: unknown) => console.log(JSON.stringify({ error: String(error) })),
);
setInterval(() => {}, 1000);
