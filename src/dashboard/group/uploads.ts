import { signal } from "@preact/signals";
import { answered } from "../data/client.ts";
import { upload } from "../data/upload.ts";

const AT_ONCE = 3;

export interface Sent {
  readonly file: File;
  readonly key: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly state: "waiting" | "sending" | "stored" | Error;
}

/** The files that a user has given to a group, a few of them on their way at a time. */
export class Uploads {
  readonly #groupId: string;
  readonly #sent = signal<readonly Sent[]>([]);
  #running = 0;

  constructor(groupId: string) {
    this.#groupId = groupId;
  }

  get all(): readonly Sent[] {
    return this.#sent.value;
  }

  get isBusy(): boolean {
    return this.all.some(({ state }) => state === "waiting" || state === "sending");
  }

  add(files: Iterable<File>): void {
    const added = Array.from(files, (file): Sent => ({
      file,
      key: crypto.randomUUID(),
      share: 0,
      state: "waiting",
    }));
    this.#sent.value = [...this.#sent.peek(), ...added];
    this.#go();
  }

  /** Sends those again that were not stored, each under its key. */
  retry(): void {
    this.#sent.value = this.#sent
      .peek()
      .map((one) => (one.state instanceof Error ? { ...one, share: 0, state: "waiting" } : one));
    this.#go();
  }

  #go(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#sent.peek().find(({ state }) => state === "waiting");
      if (next === undefined) return;
      this.#running++;
      void this.#send(next);
    }
  }

  async #send({ file, key }: Sent): Promise<void> {
    this.#change(key, { state: "sending" });
    const onProgress = (share: number) => this.#change(key, { share });
    try {
      await answered(upload({ groupId: this.#groupId, file, key, onProgress }));
      this.#change(key, { share: 1, state: "stored" });
    } catch (error) {
      this.#change(key, { state: error as Error });
    }
    this.#running--;
    this.#go();
  }

  #change(key: string, change: Partial<Sent>): void {
    this.#sent.value = this.#sent
      .peek()
      .map((one) => (one.key === key ? { ...one, ...change } : one));
  }
}
