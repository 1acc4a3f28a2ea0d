/** A thread that sends requests without pause on all its connections, whatever is answered, until it is ended. */
import { fileURLToPath } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

/** A request, over and over. */
export interface Attack {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Assault {
  readonly url: string;
  readonly attacks: readonly Attack[];
  readonly connections: number;
  /** Shared by both threads: the answers of each status, and the KiB of all of them in the first place. */
  readonly answers: Int32Array;
}

const STATUSES = 600;
const KIB = 0;

/** Long answers come in pieces: many may be under way and none at its end. */
export interface Answers {
  readonly byStatus: Readonly<Record<number, number>>;
  readonly kib: number;
}

/** Begins. The connections take turns at the attacks. The function ends it, with all requests under way, and tells the answers of each status so far. */
export function beHostile(
  url: string,
  attacks: readonly Attack[],
  connections: number,
): () => Promise<Answers> {
  const answers = new Int32Array(new SharedArrayBuffer(STATUSES * Int32Array.BYTES_PER_ELEMENT));
  const assault: Assault = { url, attacks, connections, answers };
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: assault });
  return async () => {
    const counted = [...answers.entries()].filter(([, count]) => count > 0);
    await thread.terminate();
    return {
      byStatus: Object.fromEntries(counted.filter(([status]) => status !== KIB)),
      kib: answers[KIB] ?? 0,
    };
  };
}

async function assail({ url, attacks, connections, answers }: Assault): Promise<void> {
  const send = async (connection: number): Promise<void> => {
    for (let turn = connection; ; turn++) {
      const { path, ...request } = attacks[turn % attacks.length] ?? { path: "" };
      const answer = await fetch(url + path, request);
      let bytes = 0;
      for await (const piece of answer.body ?? []) {
        Atomics.add(answers, KIB, ((bytes % 1024) + piece.length) >> 10);
        bytes += piece.length;
      }
      Atomics.add(answers, answer.status, 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => send(connection)));
}

if (!isMainThread) await assail(workerData as Assault);
