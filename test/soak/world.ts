import type { Json } from "../support/client.ts";

/** The ids that fill the path and the body of a request, as the API's answers named them. */
export type Ids = Readonly<Record<string, string>>;

const KINDS = ["group", "job", "finished", "lease", "key", "webhook", "notice"] as const;
export type Kind = (typeof KINDS)[number];

const MOST_OF_A_KIND = 300;

/** The ids that clients have met. Some name what is gone by now: those are refused, as they are in life. */
export class World {
  readonly #known = new Map<Kind, Ids[]>(KINDS.map((kind) => [kind, []]));

  count = (kind: Kind): number => this.#of(kind).length;

  pick(kind: Kind, random: () => number): Ids | undefined {
    const known = this.#of(kind);
    return known[Math.floor(random() * known.length)];
  }

  /** Picks one and forgets it. */
  take(kind: Kind, random: () => number): Ids | undefined {
    const known = this.#of(kind);
    return known.splice(Math.floor(random() * known.length), 1)[0];
  }

  /** Learns the ids in the `data` of a successful answer. */
  learn(operationId: string, sent: Ids, data: Json): void {
    const groupId = sent["id"] ?? "";
    if (operationId === "createJobGroup") this.#add("group", { id: data._id });
    if (operationId === "createApiKey") this.#add("key", { id: data.id });
    if (operationId === "createWebhook") this.#add("webhook", { webhookId: data.webhookId });
    if (operationId === "addJobs" || operationId === "uploadDocuments") {
      for (const { jobId } of data.jobs) this.#add("job", { id: groupId, jobId });
    }
    if (operationId === "listNotifications") {
      for (const { notificationId } of data) this.#add("notice", { id: groupId, notificationId });
    }
    if (operationId === "completeJob" || operationId === "failJob") {
      this.#add("finished", { id: groupId, jobId: sent["jobId"] ?? "" });
    }
    const leases = operationId.startsWith("claim") ? data : [data?.next?.lease ?? []].flat();
    for (const lease of leases) {
      this.#add("lease", { id: lease.groupId, jobId: lease.jobId, leaseId: lease.leaseId });
    }
  }

  #add(kind: Kind, ids: Ids): void {
    const known = this.#of(kind);
    known.push(ids);
    if (known.length > MOST_OF_A_KIND) known.shift();
  }

  #of = (kind: Kind): Ids[] => this.#known.get(kind) ?? [];
}
