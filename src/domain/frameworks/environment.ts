/** An environment variable that a training reads. */
export interface KnownVariable {
  readonly name: string;
  readonly doc: string;
  /** Values worth suggesting. */
  readonly values?: readonly string[];
}

const SWITCH = ['1', '0'];

/**
 * Variables that the frameworks, their launchers and their engines read (`swift/cli/main.py`, `swift/utils/env.py` and
 * `swift/template/vision_utils.py @ ms-swift 4.6`; PyTorch's, NCCL's, vLLM's and Hugging Face's own manuals).
 */
export const variables: readonly KnownVariable[] = [
  { name: 'CUDA_VISIBLE_DEVICES', doc: 'Which GPUs the processes see: `0,1`.' },
  { name: 'NPROC_PER_NODE', doc: 'Processes on each host; setting it has `swift` start torchrun.' },
  { name: 'NNODES', doc: 'Hosts in all.' },
  { name: 'NODE_RANK', doc: 'The number of this host, from 0.' },
  { name: 'MASTER_ADDR', doc: 'Address of host 0.' },
  { name: 'MASTER_PORT', doc: 'Port that the processes meet at; another one where it is in use.' },
  { name: 'MAX_PIXELS', doc: 'Pictures are scaled down to at most so many pixels (28 × 28 a token for Qwen2-VL).' },
  { name: 'MIN_PIXELS', doc: 'Pictures are scaled up to at least so many pixels.' },
  { name: 'IMAGE_MAX_TOKEN_NUM', doc: 'At most so many tokens for a picture (Qwen3-VL).' },
  { name: 'VIDEO_MAX_PIXELS', doc: 'At most so many pixels for each frame of a video.' },
  { name: 'FPS_MAX_FRAMES', doc: 'At most so many frames of a video.' },
  { name: 'PYTORCH_CUDA_ALLOC_CONF', doc: 'How PyTorch keeps GPU memory.', values: ['expandable_segments:True'] },
  { name: 'OMP_NUM_THREADS', doc: 'CPU threads of each process.' },
  { name: 'TOKENIZERS_PARALLELISM', doc: 'Threads of the tokenizer.', values: ['true', 'false'] },
  { name: 'NCCL_DEBUG', doc: 'What NCCL tells.', values: ['WARN', 'INFO'] },
  { name: 'NCCL_P2P_DISABLE', doc: 'GPUs do not speak directly to each other.', values: SWITCH },
  { name: 'NCCL_IB_DISABLE', doc: 'No InfiniBand.', values: SWITCH },
  { name: 'NCCL_SOCKET_IFNAME', doc: 'The network interface between hosts.' },
  { name: 'VLLM_ATTENTION_BACKEND', doc: 'Attention of vLLM.', values: ['FLASH_ATTN', 'XFORMERS', 'FLASHINFER'] },
  { name: 'VLLM_WORKER_MULTIPROC_METHOD', doc: 'How vLLM starts its workers.', values: ['spawn', 'fork'] },
  { name: 'HYDRA_FULL_ERROR', doc: 'Whole tracebacks.', values: ['1'] },
  { name: 'RAY_ADDRESS', doc: 'The Ray cluster to work on.' },
  { name: 'HF_HOME', doc: 'Where models and data sets are kept.' },
  { name: 'HF_ENDPOINT', doc: 'Where models and data sets come from.' },
  { name: 'HF_HUB_OFFLINE', doc: 'Nothing is downloaded.', values: SWITCH },
  { name: 'HF_TOKEN', doc: 'Your token: better left out of the script.' },
  { name: 'USE_HF', doc: 'ms-swift takes models and data sets from Hugging Face.', values: SWITCH },
  { name: 'MODELSCOPE_CACHE', doc: 'Where ModelScope keeps models.' },
  { name: 'WANDB_PROJECT', doc: 'Project of Weights & Biases.' },
  { name: 'WANDB_API_KEY', doc: 'Your key: better left out of the script.' },
  { name: 'WANDB_MODE', doc: 'Whether curves are sent.', values: ['offline', 'online', 'disabled'] },
  { name: 'SWANLAB_API_KEY', doc: 'Your key: better left out of the script.' },
];
