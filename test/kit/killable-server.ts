import { createProcessor } from "../../src/processor/kit/index.ts";
import type { Processor, ProcessorOptions } from "../../src/processor/kit/index.ts";
import { BASE, type GroupFields, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { buildWorker, type Server, startServer, workFolder } from "../support/worker-server.ts";

/** The built Worker, which a test may kill and start again on the same port and database. */
export class KillableServer {
  readonly #folder = workFolder();
  #port = 0;
  #server: Server | undefined;

  async build(): Promise<void> {
    this.#port = await freePort();
    await buildWorker(this.#folder);
    await this.start();
  }

  get running(): Server {
    if (this.#server === undefined) throw new Error("the server is not started");
    return this.#server;
  }

  async start(): Promise<void> {
    this.#server = startServer(this.#folder, this.#port);
    await this.#server.ready;
  }

  kill(): Promise<void> {
    return this.running.kill();
  }

  newGroup(jobs: number, fields: GroupFields = {}): Promise<string> {
    return this.running.api.newGroup(jobs, {
      settings: { parallelJobs: 10, retryCount: 0 },
      ...fields,
    });
  }

  group(id: string): Promise<Json> {
    return this.running.api.data("GET", `${BASE}/${id}`);
  }

  jobs(id: string): Promise<Json[]> {
    return this.running.api.data("GET", `${BASE}/${id}/jobs`);
  }

  /** Counts the rows anew: `true` when counters, pages and costs equal the sums. */
  async isExact(id: string): Promise<boolean> {
    const { consistent } = await this.running.api.data("GET", `${BASE}/${id}/verify`);
    return consistent;
  }

  processor(options: Partial<ProcessorOptions> & Pick<ProcessorOptions, "read">): Processor {
    const { url, api } = this.running;
    return createProcessor({
      url,
      apiKey: api.key,
      heartbeatSeconds: 15,
      handleSignals: false,
      ...options,
    });
  }
}
