import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Byte-level BPE as Qwen's tokenizer.json is built, with few merges; its expression splits as Qwen2's does. */
export const SPLIT =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
export const SPECIAL = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|vision_start|>',
  '<|vision_end|>',
  '<|image_pad|>',
  '<|video_pad|>',
];
const MERGES = ['h e', 'he r', 'Ġ t', 'o u', 'i n', 'Ġ a', 'Ġ ?'];

/** A chat template of the usual kind: turns between marks, media as marks of their own. */
export const TEMPLATE = `{%- for message in messages %}
<|im_start|>{{ message.role }}
{% if message.content is string %}{{ message.content }}{% else %}
{% for part in message.content %}
{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% elif part.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}
{% endfor %}
{% endif %}<|im_end|>
{% endfor %}
{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

const PREPROCESSOR = {
  image_processor_type: 'Qwen2VLImageProcessor',
  patch_size: 14,
  merge_size: 2,
  temporal_patch_size: 2,
  min_pixels: 3136,
  max_pixels: 12845056,
};

/** Writes the files of a model that say how prompts are made; gives its folder. */
export function tinyModel(folder: string, files: Readonly<Record<string, unknown>> = {}): string {
  mkdirSync(folder, { recursive: true });
  const all: Readonly<Record<string, unknown>> = {
    'tokenizer.json': tokenizer(),
    'tokenizer_config.json': {
      eos_token: '<|im_end|>',
      pad_token: { content: '<|endoftext|>' },
      chat_template: TEMPLATE,
    },
    'preprocessor_config.json': PREPROCESSOR,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    if (content !== undefined)
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

function tokenizer(): object {
  const merged = MERGES.map((merge) => merge.replace(' ', ''));
  const vocab = Object.fromEntries([...bytes(), ...merged].map((token, id) => [token, id]));
  const first = Object.keys(vocab).length;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, at) => ({
      id: first + at,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: SPLIT }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: MERGES,
    },
  };
}

/** The 256 letters that stand for bytes. */
function bytes(): readonly string[] {
  const seen = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(seen(byte) ? byte : next++));
}
