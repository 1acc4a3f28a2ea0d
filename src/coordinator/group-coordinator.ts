import { DurableObject } from "cloudflare:workers";
import type { DeliveryKey } from "../domain/delivery.ts";
import { type CommittedGroup, isBeingCancelled } from "../domain/group.ts";
import { isBeingRemoved } from "../domain/removal.ts";
import { Courier } from "../notify/courier.ts";
import { connect } from "../store/db.ts";
import { databaseAt, type GroupPlace, shardOf } from "../store/shards.ts";
import { reviveDelivery } from "../store/write/outbox.ts";
import { Alarm } from "./alarm.ts";
import { CommandQueue } from "./command-queue.ts";
import { GroupWriter } from "./group-writer.ts";
import { PatientClaims } from "./patient-claims.ts";
import type { CommandRequest, Outcome, Patience, Redelivery } from "./protocol.ts";
import { Remover } from "./remover.ts";
import { UNSENT_MS } from "./wake-time.ts";

const ALARM_RETRY_MS = 5_000;

/**
 * The Durable Object of one group. A Durable Object does not hold back events while it awaits D1, so two
 * commands could read the same state and each write its own. The queue prevents that: it gives the writer one
 * batch at a time.
 */
export class GroupCoordinator extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx.storage);
  readonly #courier = new Courier({
    env: this.env,
    wakeAt: (group, at) => this.#alarm.arm(group, at),
    background: (work) => this.ctx.waitUntil(work),
  });
  readonly #writer = new GroupWriter(this.env, this.#alarm, (group) =>
    this.ctx.waitUntil(this.#wakeCourier(group)),
  );
  readonly #queue = new CommandQueue(
    (requests) => this.#writer.write(requests),
    (work) => this.ctx.waitUntil(work),
  );
  readonly #remover = new Remover(this.env, this.#alarm);
  readonly #patient = new PatientClaims(this.#queue);

  /** Executes one command. Resolves once it is committed or refused. Rejects only for a bug. */
  execute(request: CommandRequest): Promise<Outcome> {
    return this.#queue.execute(request);
  }

  /** Executes a claim. One that finds nothing is held back until it is granted leases or its wait is over. */
  executePatiently(request: CommandRequest, patience: Patience): Promise<Outcome> {
    return this.#patient.execute(request, patience);
  }

  /** The caller of the claim with this ticket has hung up. */
  leave(ticket: string): void {
    this.#patient.leave(ticket);
  }

  /** Makes a delivery due again. Resolves to `null` when the workspace has no delivery with this key. */
  async redeliver(key: DeliveryKey, shard: number): Promise<Redelivery | null> {
    const now = Date.now();
    const group = { workspace: key.workspace, groupId: key.groupId, shard };
    await this.#alarm.arm(group, now + UNSENT_MS);
    const session = databaseAt(this.env, shard).withSession("first-primary");
    const delivery = await reviveDelivery(connect(session), key, now);
    if (delivery === undefined) return null;
    this.ctx.waitUntil(this.#wakeCourier(group));
    return { delivery, bookmark: session.getBookmark() };
  }

  override async alarm(): Promise<void> {
    const group = this.#alarm.wentOff();
    if (group === undefined) return;
    try {
      // The workspace may have moved since the alarm was set.
      await this.#catchUp({ ...group, shard: await shardOf(this.env, group.workspace) });
    } catch (error) {
      console.error("alarm put off", group.groupId, error);
      await this.#alarm.arm(group, Date.now() + ALARM_RETRY_MS);
    }
  }

  /** Does the alarm's work without it, and sets it again. */
  async wake(group: GroupPlace): Promise<void> {
    this.#alarm.doubt();
    await this.#catchUp(group);
  }

  /** Expires leases first, so that the courier starts after every commit that was under way. */
  async #catchUp(place: GroupPlace): Promise<void> {
    const { groupId, workspace, shard } = place;
    const request = { groupId, workspace: "", shard, command: { kind: "expire" } } as const;
    const outcome = (await this.execute(request)) as Outcome<"expire">;
    const failed = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    const group = outcome.ok ? outcome.reply : null;
    const isDone = !failed && (group === null || (await this.#goOn(group, place)));
    if (!isDone) await this.#alarm.arm({ groupId, workspace }, Date.now() + ALARM_RETRY_MS);
  }

  async #goOn(group: CommittedGroup, place: GroupPlace): Promise<boolean> {
    const { workspace } = group;
    if (!isBeingRemoved(group)) {
      const command = { kind: "cancel" } as const;
      const isEnded =
        !isBeingCancelled(group) || (await this.execute({ ...place, workspace, command })).ok;
      return (await this.#wakeCourier({ ...place, workspace })) && isEnded;
    }
    try {
      await this.#remover.run(place);
      return true;
    } catch (error) {
      console.error("remains not removed", group.id, error);
      return false;
    }
  }

  async #wakeCourier(group: GroupPlace): Promise<boolean> {
    try {
      await this.#courier.wake(group);
      return true;
    } catch (error) {
      console.error("notices not sent", group.groupId, error);
      return false;
    }
  }
}
