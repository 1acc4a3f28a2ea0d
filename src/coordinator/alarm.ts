import type { GroupKey } from "../domain/group.ts";

/** The one alarm of a Durable Object. It is never moved later, because an alarm that finds nothing to do is harmless. */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  /** The time the alarm is set to. `null` when unknown. */
  #at: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Makes sure that the alarm goes off at `at` or earlier. */
  async arm({ workspace, groupId }: GroupKey, at: number): Promise<void> {
    const stored = this.#at ?? (await this.#storage.getAlarm());
    // Commands and notices may arm the alarm at the same time: no await may come between this read and the change.
    const armed = Math.min(
      stored ?? Number.POSITIVE_INFINITY,
      this.#at ?? Number.POSITIVE_INFINITY,
    );
    this.#at = Math.min(armed, at);
    if (armed <= at) return;
    try {
      this.#storage.kv.put("group", { workspace, groupId });
      await this.#storage.setAlarm(at);
    } catch (error) {
      this.#at = null;
      throw error;
    }
  }

  /** Notes that the alarm has gone off. Returns the group it was set for. */
  wentOff(): GroupKey | undefined {
    this.doubt();
    return this.#group();
  }

  #group(): GroupKey | undefined {
    const { kv } = this.#storage;
    // An alarm that was set by an earlier version knows no workspace: there was one database then.
    const groupId = kv.get<string>("groupId");
    return (
      kv.get<GroupKey>("group") ?? (groupId === undefined ? undefined : { groupId, workspace: "" })
    );
  }

  /** Forgets the time the alarm is set to: the next call reads it from storage. */
  doubt(): void {
    this.#at = null;
  }

  /** Deletes the alarm and everything in storage. */
  async forget(): Promise<void> {
    this.#at = null;
    if (this.#group() === undefined) return;
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}
