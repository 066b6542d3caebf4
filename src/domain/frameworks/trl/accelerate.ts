/** Flags of `accelerate launch` that `trl grpo` hands on (accelerate 1.15, `commands/launch.py`). */
const NAMES = new Set(
  [
    'config_file quiet cpu multi_gpu tpu ipex mixed_precision num_processes num_machines num_cpu_threads_per_process',
    'enable_cpu_affinity dynamo_backend dynamo_mode dynamo_use_fullgraph dynamo_use_dynamic use_deepspeed use_fsdp',
    'dynamo_use_regional_compilation use_parallelism_config use_megatron_lm use_xpu gpu_ids same_network machine_rank',
    'main_process_ip main_process_port tee log_dir role rdzv_backend rdzv_conf max_restarts monitor_interval module',
    'no_python main_training_function downcast_bf16 deepspeed_config_file zero_stage offload_optimizer_device',
    'offload_param_device offload_optimizer_nvme_path offload_param_nvme_path gradient_clipping zero3_init_flag',
    'zero3_save_16bit_model deepspeed_hostfile deepspeed_exclusion_filter deepspeed_inclusion_filter',
    'deepspeed_multinode_launcher deepspeed_moe_layer_cls_names debug mpirun_hostfile mpirun_ccl help',
  ].flatMap((line) => line.split(' ')),
);

/** Does `accelerate launch` read this flag? */
export function acceleratesWith(path: string): boolean {
  return NAMES.has(path) || /^(fsdp|fp8|megatron_lm|parallelism_config|tpu)_/.test(path);
}
