"""What the trainer can be told on the command line; read by HfArgumentParser."""

from dataclasses import dataclass, field
from typing import Optional


@dataclass
class ModelArguments:
    model_name_or_path: str = field(default="Qwen/Qwen2.5-VL-3B-Instruct", metadata={"help": "Model id or folder."})
    tune_mm_llm: bool = field(default=True, metadata={"help": "Train the language model."})
    tune_mm_vision: bool = field(default=False, metadata={"help": "Train the vision encoder."})
    tune_mm_mlp: bool = field(default=True, metadata={"help": "Train the connector between the two."})


@dataclass
class DataArguments:
    dataset_use: str = field(default="", metadata={"help": "Names of data sets, separated by commas."})
    min_frames: int = field(default=4, metadata={"help": "Fewest frames that are sampled from a video."})
    max_frames: int = field(default=8, metadata={"help": "Most frames that are sampled from a video."})


@dataclass
class GRPOArguments:
    output_dir: str = field(default="./output/grpo_model", metadata={"help": "Where checkpoints and logs go."})
    num_train_epochs: float = field(default=3.0, metadata={"help": "Passes over the data."})
    per_device_train_batch_size: int = field(default=1, metadata={"help": "Prompts per device and step."})
    learning_rate: float = field(default=2e-5, metadata={"help": "Peak learning rate."})
    gradient_checkpointing: bool = field(default=True, metadata={"help": "Less memory for more time."})
    grpo_alpha: float = field(default=0.5, metadata={"help": "Scale of the reward."})
    grpo_beta: float = field(default=0.1, metadata={"help": "Weight of the KL penalty."})
    format_reward_weight: float = field(default=0.3, metadata={"help": "Weight of the format reward."})
    accuracy_reward_weight: float = field(default=0.7, metadata={"help": "Weight of the accuracy reward."})
    grpo_sample_size: int = field(default=4, metadata={"help": "Completions per prompt."})
    generation_temperature: float = field(default=0.7, metadata={"help": "Sampling temperature."})
    generation_top_p: float = field(default=0.9, metadata={"help": "Nucleus sampling: share of probability kept."})
    generation_max_length: int = field(default=512, metadata={"help": "Most tokens of a completion."})
    seed: Optional[int] = field(default=42, metadata={"help": "Seed of every random choice."})
