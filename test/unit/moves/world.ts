import { sql } from "drizzle-orm";
import { afterEach, beforeEach, vi } from "vitest";
import { moveWorkspaces } from "../../../src/coordinator/move-workspaces.ts";
import { GroupWriter } from "../../../src/coordinator/group-writer.ts";
import type { CommandRequest, Outcome } from "../../../src/coordinator/protocol.ts";
import type { Command } from "../../../src/domain/commands.ts";
import type { AddJobs } from "../../../src/domain/commands.ts";
import { randomHex } from "../../../src/lib/hex.ts";
import { runBatch } from "../../../src/store/db.ts";
import { homeOf } from "../../../src/store/shards.ts";
import { announcement } from "../../../src/cli/announcement.ts";
import { GROUP_INPUT } from "../../support/group-input.ts";
import { NodeD1 } from "../../support/node-d1.ts";

export const WORKSPACE = "acme";
const MINUTE_MS = 60_000;

/** The tables of a workspace's rows. The lines of filters are made anew by the claims that ask for them. */
const TABLES = [
  "job_group",
  "job",
  "delivery",
  "receipt",
  "webhook",
  "job_group_tag",
  "job_group_count",
];

/** For each test of a file: a clock that only the world moves, waits that end at once, and no log lines. */
export function stopTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.stubGlobal("scheduler", { wait: () => Promise.resolve() });
    vi.spyOn(console, "log").mockReturnValue();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

/** Two databases, of which the first has all rows of a workspace. */
export class World {
  readonly databases = [new NodeD1().migrate(), new NodeD1().migrate()] as const;
  /** Batches until a run is killed. */
  left = Number.POSITIVE_INFINITY;
  readonly env: Env;
  #now = Date.parse("2026-11-26T12:00:00Z");
  readonly groups: string[] = [];

  constructor() {
    vi.setSystemTime(this.#now);
    const [DB, DB_1] = this.databases.map((database) => this.#mortal(database.d1));
    this.env = { DB, DB_1 } as unknown as Env;
  }

  /** Dies once no batch is left: in turn before the batch and after it, so both its fates are met. */
  #mortal(d1: D1Database): D1Database {
    const batch = async (statements: D1PreparedStatement[]) => {
      if (--this.left < -1) throw new Error("killed");
      if (this.left === -1 && this.diesBefore) throw new Error("killed");
      const results = await d1.batch(statements);
      if (this.left === -1) throw new Error("killed");
      return results;
    };
    const mortal = { prepare: d1.prepare.bind(d1), batch };
    return { ...mortal, withSession: () => ({ ...mortal, getBookmark: () => null }) } as never;
  }
  diesBefore = false;

  later(ms: number): void {
    this.#now += ms;
    vi.setSystemTime(this.#now);
  }

  /** Sends commands to a group of a workspace, in the database with this number. */
  async send(
    groupId: string,
    commands: readonly Command[],
    { workspace = WORKSPACE, shard = 0, keyHash = "" } = {},
  ): Promise<readonly (Outcome | Error)[] | string> {
    const writer = new GroupWriter(this.env, NO_ALARM, () => {});
    const idempotency = { operation: "addJobs", keyHash, fingerprint: "f" };
    const requests = commands.map((command): CommandRequest => ({
      groupId,
      workspace,
      shard,
      command,
      ...(keyHash !== "" && { idempotency }),
    }));
    const result = await writer.write(requests);
    return result.kind === "answered" ? result.outcomes : result.kind;
  }

  /** A group with so many jobs: the first is completed, the second failed and the third leased. */
  async newGroup(jobs: number, workspace = WORKSPACE): Promise<string> {
    const id = randomHex(24);
    const create: Command = {
      kind: "create",
      id,
      input: { ...GROUP_INPUT, tags: ["a"], recipients: ["a@example.com"] },
    };
    await this.send(id, [create], { workspace });
    await this.send(id, [adds(jobs)], { workspace, keyHash: randomHex(64) });
    const claim = {
      kind: "claim",
      workerId: "w",
      maxJobs: 3,
      leaseIds: [1, 2, 3].map(() => randomHex(32)),
    } as const;
    const [, claimed] = (await this.send(id, [{ kind: "open" }, claim], {
      workspace,
    })) as Outcome<"claim">[];
    if (!claimed?.ok) throw new Error("three leases were asked for");
    const [first, second] = claimed.reply.leases;
    if (first === undefined || second === undefined) throw new Error("three leases were asked for");
    const cost = { costMicros: 10_000, currency: null };
    const extractedData = JSON.stringify({ total: 1, text: "invoice ".repeat(300) });
    await this.send(
      id,
      [
        {
          kind: "complete",
          jobId: first.jobId,
          leaseId: first.leaseId,
          pages: 1,
          confidence: 0.93,
          extractedData,
          ...cost,
        },
        {
          kind: "fail",
          jobId: second.jobId,
          leaseId: second.leaseId,
          error: "blurred",
          errorCode: "blurred",
          retryable: false,
          retryAfterSeconds: null,
          pages: null,
          ...cost,
        },
      ],
      { workspace },
    );
    this.groups.push(id);
    return id;
  }

  async announce(to: number): Promise<void> {
    this.databases[0].sqlite.exec(announcement(WORKSPACE, to, Date.now()));
    this.later(MINUTE_MS * 2);
  }

  /** Runs the Cron Trigger once a minute until the move has ended. */
  async finish(): Promise<void> {
    for (let runs = 0; runs < 40 && this.move() !== undefined; runs++) {
      await moveWorkspaces(this.env);
      this.later(MINUTE_MS);
    }
  }

  move() {
    const query = "SELECT phase, failure FROM workspace_home WHERE moves_to IS NOT NULL";
    return this.databases[0].sqlite.prepare(query).get();
  }

  home = async (): Promise<number> => (await homeOf(this.env, WORKSPACE)).shard;

  /** All rows of a workspace in a database. The numbers of groups' rows are of a database alone, and so are the keys of jobs. */
  rows(shard: number, workspace = WORKSPACE): Record<string, unknown[]> {
    const { sqlite } = this.databases[shard] ?? this.databases[0];
    return Object.fromEntries(
      TABLES.map((table) => {
        const counted = table === "job_group_count" ? "AND groups > 0" : "";
        const found = sqlite
          .prepare(`SELECT * FROM ${table} WHERE workspace = ? ${counted}`)
          .all(workspace);
        const texts = found.map((row) => JSON.stringify({ ...row, rowid: null, key: null }));
        return [table, texts.toSorted()];
      }),
    );
  }

  async hook(): Promise<void> {
    await runBatch(this.databases[0].db, [
      sql`INSERT INTO webhook (id, workspace, url, events, secret, created_at)
        VALUES (${randomHex(24)}, ${WORKSPACE}, 'https://a.example', '[]', 's', 1)`,
    ]);
  }
}

export const NO_ALARM = { arm: async () => {}, forget: async () => {} };

export const adds = (count: number): AddJobs => ({
  kind: "add",
  idSuffix: randomHex(19),
  jobs: Array.from({ length: count }, (_, index) => ({
    documentName: `invoice ${index}.pdf`,
    documentUrl: null,
    documentType: null,
    jobNumber: null,
    metadata: null,
  })),
});
