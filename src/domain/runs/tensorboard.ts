/** One set of scalars as TensorBoard keeps it. */
export interface Scalars {
  readonly step: number;
  /** Unix seconds. */
  readonly wall: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Reads TensorBoard's event files as they grow. A file is a row of TFRecords (length, checksum, event, checksum); an event
 * is a protobuf (tensorboard:tensorboard/compat/proto/event.proto and summary.proto @ 2.20). Checksums are not checked.
 */
export class EventReader {
  #held: Uint8Array = new Uint8Array();

  /** The events that are whole with these bytes; the rest waits for more. Throws a `RangeError` where the file is broken. */
  *push(bytes: Uint8Array): Generator<Scalars> {
    const data = joined(this.#held, bytes);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    let at = 0;
    while (at + 12 <= data.length) {
      const length = Number(view.getBigUint64(at, true));
      if (length > MOST) throw new RangeError(`a record of ${length} bytes at byte ${at}`);
      if (at + 16 + length > data.length) break;
      const event = scalars(data.subarray(at + 12, at + 12 + length));
      if (event) yield event;
      at += 16 + length;
    }
    this.#held = data.slice(at);
  }
}

/** A record larger than this is no record of scalars or text; pictures stay below it too. */
const MOST = 1 << 28;

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

interface Field {
  readonly number: number;
  /** The bytes of a length-delimited field, else the eight or four bytes of a number, else nothing. */
  readonly bytes: Uint8Array;
  readonly varint: number;
}

/** The fields of a protobuf message, in order. */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('a message that ends within a number');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const kind = key & 7;
    const value = kind === 0 ? varint() : 0;
    const size = kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? varint() : 0;
    yield { number: key >> 3, bytes: message.subarray(at, at + size), varint: value };
    at += size;
  }
}

function float64(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}

function float32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
}

/** `Event`: 1 wall_time, 2 step, 5 summary. Undefined for an event without scalars. */
function scalars(message: Uint8Array): Scalars | undefined {
  let step = 0;
  let wall = 0;
  const values: Record<string, number> = {};
  for (const field of fields(message)) {
    if (field.number === 1) wall = float64(field.bytes);
    else if (field.number === 2) step = field.varint;
    else if (field.number === 5)
      for (const part of fields(field.bytes)) if (part.number === 1) take(part.bytes, values);
  }
  return Object.keys(values).length === 0 ? undefined : { step, wall, values };
}

/** The part of the world's text decoding that names need; `globalThis` has it everywhere. */
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

const text = new TextDecoder();

/** `Summary.Value`: 1 tag, 2 simple_value, 8 tensor. */
function take(message: Uint8Array, values: Record<string, number>): void {
  let tag = '';
  let value: number | undefined;
  for (const field of fields(message)) {
    if (field.number === 1) tag = text.decode(field.bytes);
    else if (field.number === 2) value = float32(field.bytes);
    else if (field.number === 8) value = tensorScalar(field.bytes);
  }
  if (value !== undefined) values[tag] = value;
}

/** `TensorProto`: 1 dtype (1 float, 2 double), 4 tensor_content, 5 float_val, 6 double_val. Undefined for what is no number. */
function tensorScalar(message: Uint8Array): number | undefined {
  let kind = 0;
  for (const { number, bytes, varint } of fields(message)) {
    if (number === 1) kind = varint;
    if ((number === 4 || number === 5) && kind === 1 && bytes.length === 4) return float32(bytes);
    if ((number === 4 || number === 6) && kind === 2 && bytes.length === 8) return float64(bytes);
  }
  return undefined;
}

/** A tag as the trainer's own name: TensorBoard's writer puts `train/` before, and `eval/` for `eval_`. */
export function nameOfTag(tag: string): string {
  if (tag.startsWith('train/')) return tag.slice(6);
  return tag.startsWith('eval/') ? `eval_${tag.slice(5)}` : tag;
}
