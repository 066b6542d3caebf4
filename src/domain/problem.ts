/** What kind of trouble it is; tests and remedies go by this, people by the message. */
export type ProblemCode =
  | 'bad-input'
  | 'cancelled'
  | 'closed'
  | 'exists'
  | 'import-failed'
  | 'invalid-message'
  | 'missing'
  | 'no-python'
  | 'refused'
  | 'ssh'
  | 'timeout'
  | 'untrusted'
  | 'unsupported';

/** What the user may do about it; the editor knows which command each one is. */
export type Remedy =
  | 'choose-interpreter'
  | 'edit-target'
  | 'install-package'
  | 'log-in'
  | 'open-log'
  | 'open-window'
  | 'retry'
  | 'trust-workspace';

/** A problem as plain data: what crosses the wire and what `--json` prints. */
export interface ProblemRecord {
  readonly code: ProblemCode;
  /** One plain sentence: what, where, what to do. */
  readonly message: string;
  readonly detail?: string;
  readonly remedy?: Remedy;
}

/** The world said no. Not a bug of ours, and not a fault of the user's text (that is a `Finding`). */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly remedy?: Remedy;

  constructor(record: ProblemRecord) {
    super(record.message);
    this.name = 'Problem';
    this.code = record.code;
    if (record.detail !== undefined) this.detail = record.detail;
    if (record.remedy !== undefined) this.remedy = record.remedy;
  }

  get record(): ProblemRecord {
    return {
      code: this.code,
      message: this.message,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
    };
  }
}
