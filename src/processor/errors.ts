export interface ThrottledDetails {
  /** 0 to 86,400. */
  retryAfterSeconds: number;
  /** Stands in the job's history. */
  reason?: string;
  /** `document`: only this document has to wait. `engine`, the default: the processor claims nothing meanwhile. */
  scope?: "engine" | "document";
}

/** A reader throws it to be asked again later. The job is released and waits; no attempt is counted. */
export class Throttled extends Error {
  readonly retryAfterSeconds: number;
  readonly scope: "engine" | "document";

  constructor({ retryAfterSeconds, reason, scope = "engine" }: ThrottledDetails) {
    super(reason ?? `the engine asks to wait ${retryAfterSeconds} s`);
    this.name = "Throttled";
    this.retryAfterSeconds = retryAfterSeconds;
    this.scope = scope;
  }
}

export interface UnreadableDetails {
  /** `[a-z0-9_.-]{1,64}` */
  errorCode: string;
  message?: string;
  /** A failed reading may cost money, too. */
  pages?: number;
  cost?: number;
  currency?: string;
}

/** A reader throws it when no attempt can succeed. The job fails for good, with this code. */
export class Unreadable extends Error {
  readonly errorCode: string;
  readonly pages: number | undefined;
  readonly cost: number | undefined;
  readonly currency: string | undefined;

  constructor({ errorCode, message, pages, cost, currency }: UnreadableDetails) {
    super(message ?? errorCode);
    this.name = "Unreadable";
    this.errorCode = errorCode;
    this.pages = pages;
    this.cost = cost;
    this.currency = currency;
  }
}
