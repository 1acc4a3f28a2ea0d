/** A thread that sends requests without pause on all its connections, whatever is answered, until it is told to end. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parentPort, workerData, Worker } from "node:worker_threads";

/** A request, over and over. */
export interface Attack {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Assault {
  readonly attacks: readonly Attack[];
  readonly connections: number;
}

/** The answers so far, by status. */
export type Answers = Readonly<Record<number, number>>;

/** Begins. The connections take turns at the attacks. The function ends it, once each has its last answer. */
export function beHostile(assault: Assault): () => Promise<Answers> {
  const thread = new Worker(fileURLToPath(import.meta.url), { workerData: assault });
  return async () => {
    const answers = once(thread, "message") as Promise<[Answers]>;
    thread.postMessage("end");
    const [counted] = await answers;
    await thread.terminate();
    return counted;
  };
}

async function assail({ attacks, connections }: Assault): Promise<Answers> {
  const answers: Record<number, number> = {};
  let isOver = false;
  let counted: Answers = {};
  parentPort?.once("message", () => {
    isOver = true;
    // Those that are still to come are of no interest.
    counted = { ...answers };
  });
  const send = async (connection: number): Promise<void> => {
    for (let turn = connection; !isOver; turn++) {
      const { url, ...request } = attacks[turn % attacks.length] ?? raise();
      const answer = await fetch(url, request);
      await answer.arrayBuffer();
      answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, connection) => send(connection)));
  return counted;
}

function raise(): never {
  throw new Error("an assault must have an attack");
}

if (parentPort !== null) parentPort.postMessage(await assail(workerData as Assault));
