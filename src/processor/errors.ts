/** A reader throws it when its engine asks to come back later. The job is to be released after the wait. */
export class Throttled extends Error {
  readonly retryAfterSeconds: number;

  constructor({ retryAfterSeconds, message }: { retryAfterSeconds: number; message?: string }) {
    super(message ?? `the engine asks to wait ${retryAfterSeconds} s`);
    this.name = "Throttled";
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A reader throws it when no attempt can succeed. The job is to be failed for good, with this code. */
export class Unreadable extends Error {
  readonly errorCode: string;

  /** @param errorCode `[a-z0-9_.-]{1,64}`, the code that failJob takes. */
  constructor({ errorCode, message }: { errorCode: string; message?: string }) {
    super(message ?? errorCode);
    this.name = "Unreadable";
    this.errorCode = errorCode;
  }
}
