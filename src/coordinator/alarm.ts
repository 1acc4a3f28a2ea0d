/** An object's one alarm, never moved later: one that finds nothing to do is harmless. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  /** `null` when it is not known. */
  #at: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Makes sure that it goes off at `at` or before. */
  async arm(groupId: string, at: number): Promise<void> {
    const stored = this.#at ?? (await this.#storage.getAlarm());
    // Commands and notices arm it at the same time: nothing may come between this look and the change.
    const armed = Math.min(
      stored ?? Number.POSITIVE_INFINITY,
      this.#at ?? Number.POSITIVE_INFINITY,
    );
    this.#at = Math.min(armed, at);
    if (armed <= at) return;
    try {
      this.#storage.kv.put("groupId", groupId);
      await this.#storage.setAlarm(at);
    } catch (error) {
      this.#at = null;
      throw error;
    }
  }

  /** The group for which the alarm that is going off was set. */
  wentOff(): string | undefined {
    this.#at = null;
    return this.#storage.kv.get<string>("groupId");
  }

  /** Leaves nothing in storage. */
  async forget(): Promise<void> {
    this.#at = null;
    if (this.#storage.kv.get("groupId") === undefined) return;
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}
