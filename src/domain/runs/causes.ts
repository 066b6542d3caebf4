/** What settings should achieve, whatever each framework calls them. */
export type Need =
  | 'smallerMicroBatch'
  | 'shorterCompletions'
  | 'checkpointing'
  | 'offload'
  | 'rolloutMemory'
  | 'rolloutLength'
  | 'lowerLearningRate'
  | 'clipGradients'
  | 'groupSize'
  | 'batchSize'
  | 'timeout'
  | 'port'
  | 'hostMemory';

/** A known end: its sign in the log, and what to say of it. */
export interface Cause {
  readonly cause: string;
  readonly sign: RegExp;
  readonly title: (found: RegExpExecArray, text: string) => string;
  readonly advice: string;
  readonly needs: readonly Need[];
}

const said =
  (title: string): Cause['title'] =>
  () =>
    title;

const LESS: readonly Need[] = ['smallerMicroBatch', 'shorterCompletions', 'checkpointing', 'offload', 'rolloutMemory'];

/** Known ends, the more telling first: what follows from a cause (NCCL's timeout on the other ranks) comes after it. */
export const CAUSES: readonly Cause[] = [
  {
    cause: 'gpu-memory',
    sign: /(?:OutOfMemoryError: )?CUDA out of memory.*|CUDA error: out of memory/,
    title: (found) => memory(found[0]),
    advice: 'Take fewer sequences at once per GPU, shorter ones, or give the rollout engine a smaller share.',
    needs: LESS,
  },
  {
    cause: 'rollout-memory',
    sign: /No available memory for the cache blocks|Free memory on device .*? is less than desired GPU memory utilization/,
    title: said('The rollout engine (vLLM) found too little GPU memory for its cache.'),
    advice: 'Change its share: more if the model alone fills it, less if the trainer already holds the memory.',
    needs: ['rolloutMemory', 'rolloutLength'],
  },
  {
    cause: 'rollout-length',
    sign: /max(?:imum)? (?:seq(?:uence)?|model) len(?:gth)? \(?(\d+)\)? is larger than the maximum number of tokens/i,
    title: (found) => `The rollout engine's cache cannot hold one sequence of ${found[1]} tokens.`,
    advice: 'Limit the length it plans for, or give it more memory.',
    needs: ['rolloutLength', 'rolloutMemory'],
  },
  {
    cause: 'nan-probabilities',
    sign: /probability tensor contains either `inf`, `nan` or element < 0/,
    title: said('The policy gave probabilities that are nan, so sampling failed: the weights are broken.'),
    advice:
      'Look where grad_norm becomes nan; resume from a checkpoint before it with a lower learning rate, gradients clipped, and weights kept in float32.',
    needs: ['lowerLearningRate', 'clipGradients'],
  },
  {
    cause: 'device-assert',
    sign: /device-side assert triggered/,
    title: said(
      'CUDA stopped at a failed assertion: an index out of range (a token outside of the vocabulary), or a nan.',
    ),
    advice: 'Run one step with CUDA_LAUNCH_BLOCKING=1: only then does the traceback show the true line.',
    needs: [],
  },
  {
    cause: 'indivisible',
    sign: /^.*Error: (.*(?:divisible by|must be a multiple of).*)$/m,
    title: (found) => `The batch does not fit the groups: ${found[1]?.replace(/\.$/, '')}.`,
    advice:
      'Choose a group size that divides the batch (completions are counted, or prompts: the parameter says which).',
    needs: ['groupSize', 'batchSize'],
  },
  {
    cause: 'reward-error',
    sign: /^.*(?:_calculate_rewards|reward_func\(|compute_score\(|reward_fn\(|_compute_rewards).*$/m,
    title: (_found, text) =>
      `The reward raised ${last(text, /^(\w+(?:\.\w+)*(?:Error|Exception)(?:: .*)?)$/gm) ?? 'an error'}.`,
    advice:
      'Open the line, or the reward over the recorded completions: the samples that make it raise are listed there.',
    needs: [],
  },
  {
    cause: 'host-memory',
    sign: /oom-kill|Out of memory: Killed process|node running low on memory|exit(?:code|ed with code):? ?-9\b/,
    title: said("The host's memory ran out (not the GPU's), and the system killed a process."),
    advice: 'Load fewer workers, or less data at once, and offload less to the host.',
    needs: ['hostMemory'],
  },
  {
    cause: 'disk-full',
    sign: /No space left on device|Errno 28\b|Disk quota exceeded/,
    title: said('The disk is full.'),
    advice: 'Free space or write elsewhere; fewer kept checkpoints save most.',
    needs: [],
  },
  {
    cause: 'shared-memory',
    sign: /insufficient shared memory|unable to (?:open|allocate) shared memory object|Bus error/,
    title: said("The host's shared memory (/dev/shm) is too small."),
    advice: 'Give the container more (`--shm-size`, `--ipc=host`), or use fewer data workers.',
    needs: [],
  },
  {
    cause: 'port-in-use',
    sign: /Address already in use|EADDRINUSE|address already in use/,
    title: said('A port that it needs is taken: another training, or what is left of one.'),
    advice: 'End what holds the port, or choose another one.',
    needs: ['port'],
  },
  {
    cause: 'no-gpu',
    sign: /No CUDA GPUs are available|Found no NVIDIA driver|CUDA driver version is insufficient|no CUDA-capable device/,
    title: said('No usable GPU was found.'),
    advice: 'See `nvidia-smi` on the host, CUDA_VISIBLE_DEVICES, and whether torch was built for this driver.',
    needs: [],
  },
  {
    cause: 'missing-module',
    sign: /ModuleNotFoundError: No module named '([^']+)'/,
    title: (found) => `The Python package ${found[1]} is not installed where the run runs.`,
    advice: 'Install it there, or activate the right environment in the setup of the target.',
    needs: [],
  },
  {
    cause: 'no-access',
    sign: /Cannot access gated repo|GatedRepoError|401 Client Error|RepositoryNotFoundError/,
    title: said('The model or data set could not be had: no access, or no such name.'),
    advice: 'Check the name, and give the run a token for it (HF_TOKEN) as a secret.',
    needs: [],
  },
  {
    cause: 'no-network',
    sign: /LocalEntryNotFoundError|OfflineModeIsEnabled|Max retries exceeded with url|Temporary failure in name resolution/,
    title: said('Something had to be fetched from the network, and the network could not be reached.'),
    advice: 'Bring the files beforehand and name their folders, or allow the connection.',
    needs: [],
  },
  {
    cause: 'unknown-parameter',
    sign: /unrecognized arguments: (.+)|not used by the HfArgumentParser: (.+)|remaining_argv: (.+)|Key '([^']+)' is not in struct/,
    title: (found) => `It was given parameters that it does not know: ${found.slice(1).find(Boolean)?.trim()}.`,
    advice: 'See the marks in the script or configuration: a typo, or a name of another version.',
    needs: [],
  },
  {
    cause: 'nccl',
    sign: /Watchdog caught collective operation timeout|NCCL (?:error|timeout)|nccl(?:System|UnhandledCuda|Internal|Remote)Error|ProcessGroupNCCL.*(?:timeout|timed out)/,
    title: said('The GPUs lost each other: a collective operation of NCCL did not end in time.'),
    advice:
      'Look for the rank that failed or hung first (an error above, or a very long rollout); NCCL_DEBUG=INFO tells more.',
    needs: ['timeout', 'shorterCompletions'],
  },
];

/** `16.00 MiB were asked for, 13.12 MiB of 139.80 GiB were free` where the message tells. */
function memory(message: string): string {
  const asked = /Tried to allocate ([\d.]+ \w+)/.exec(message)?.[1];
  const [, total, free] = /total capacity of ([\d.]+ \w+) of which ([\d.]+ \w+) is free/.exec(message) ?? [];
  if (asked === undefined || total === undefined) return 'The GPU memory ran out.';
  return `The GPU memory ran out: ${asked} were asked for, ${free} of ${total} were free.`;
}

function last(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}
