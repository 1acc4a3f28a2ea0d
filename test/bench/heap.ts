import { setTimeout as sleep } from "node:timers/promises";

/** What V8 tells of an isolate, in bytes. */
interface HeapUsage {
  readonly usedSize: number;
  /** The memory of buffers, which is not in the heap. */
  readonly backingStorageSize: number;
}

const SAMPLE_MS = 20;

/**
 * The most memory that the Worker's own isolate had at any time of the work, in bytes: its heap, with what is not collected yet,
 * and its buffers. This is what the platform limits to 128 MB. workerd's inspector listens at the port.
 */
export async function peakHeap(port: number, work: () => Promise<unknown>): Promise<number> {
  const inspector = await connect(port);
  let most = 0;
  const done = new AbortController();
  const watching = (async () => {
    for (; !done.signal.aborted; await sleep(SAMPLE_MS)) {
      const { usedSize, backingStorageSize } = await inspector.heapUsage();
      most = Math.max(most, usedSize + backingStorageSize);
    }
  })();
  await work();
  done.abort();
  await watching;
  inspector.close();
  return most;
}

async function connect(port: number) {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const isolates = await list.json<{ webSocketDebuggerUrl: string }[]>();
  const ours = isolates.find(({ webSocketDebuggerUrl: url }) => url.includes(":user:"));
  if (ours === undefined) throw new Error("workerd has no Worker of ours");
  const socket = new WebSocket(ours.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  const heapUsage = () =>
    new Promise<HeapUsage>((resolve) => {
      const answered = ({ data }: MessageEvent) =>
        resolve((JSON.parse(String(data)) as { result: HeapUsage }).result);
      socket.addEventListener("message", answered, { once: true });
      socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
    });
  return { heapUsage, close: () => socket.close() };
}
