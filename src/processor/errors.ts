/** Thrown by `read` when the engine asks to come back later: the job is deferred and the attempt does not count. */
export class Throttled extends Error {
  readonly retryAfterSeconds: number;

  constructor({ retryAfterSeconds, message }: { retryAfterSeconds: number; message?: string }) {
    super(message ?? `the engine asks to wait ${retryAfterSeconds} s`);
    this.name = "Throttled";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Thrown by `read` when no attempt can succeed: the job fails with this code and is not retried. */
export class Unreadable extends Error {
  readonly errorCode: string;

  /** @param errorCode `[a-z0-9_.-]{1,64}`, the code that failJob takes. */
  constructor({ errorCode, message }: { errorCode: string; message?: string }) {
    super(message ?? errorCode);
    this.name = "Unreadable";
    this.errorCode = errorCode;
  }
}
