"""What our small trainings with TRL's own trainer share; imported first, since it keeps them off the network and the GPU."""

import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="", TOKENIZERS_PARALLELISM="false")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

from trl import GRPOConfig, GRPOTrainer


def trainer(folder, model, reward, data, tokens, **more):
    """Groups of four on the processor; `more` goes to the configuration."""
    config = GRPOConfig(
        output_dir=os.path.join(folder, "out"),
        per_device_train_batch_size=4,
        num_generations=4,
        max_completion_length=6,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        **more,
    )
    return GRPOTrainer(model, reward, args=config, train_dataset=data, processing_class=tokens)


def train(made):
    """Trains, and prints the reward of each step as the trainer has logged it."""
    made.train()
    history = [{"step": row["step"], "reward": row["reward"]} for row in made.state.log_history if "reward" in row]
    print(json.dumps(history))
