/** The path of all groups. */
export const BASE = "/ocr-invoice-job-group";

// oxlint-disable-next-line typescript/no-explicit-any -- bodies are checked against the spec or by what is done with them
export type Json = any;

export interface Answer {
  /** The copy that gave it. */
  url: string;
  status: number;
  headers: Headers;
  body: Json;
}

export interface Options {
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  /** `null` sends no key. */
  key?: string | null;
}

export interface GroupFields {
  readonly settings?: object;
  readonly release?: boolean;
  readonly [field: string]: unknown;
}

const JOBS_A_CALL = 1_000;
/** Lines, which may be none. */
const LINES = /^(application\/x-ndjson|text\/csv)/;
/** workerd warns of `text()` on what it does not know as text. */
const decoder = new TextDecoder();

/** The first piece of a stream that ends only with its group. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

/** One copy of the API, called with one key. */
export class Client {
  readonly url: string;
  readonly key: string;
  readonly #send: (request: Request) => Promise<Response>;

  constructor(url: string, key: string, send: (request: Request) => Promise<Response> = fetch) {
    this.url = url;
    this.key = key;
    this.#send = send;
  }

  /** Sends the request once. Throws when there is no whole answer. */
  async call(method: string, path: string, options: Options = {}): Promise<Answer> {
    const { body: json, raw, key = this.key } = options;
    const headers: Record<string, string> = { ...options.headers };
    if (key !== null) headers["api-key"] = key;
    if (json !== undefined) headers["content-type"] ??= "application/json";
    const sent = raw ?? (json === undefined ? null : JSON.stringify(json));
    const request = new Request(new URL(path, this.url), { method, headers, body: sent });
    const response = await this.#send(request);
    const type = response.headers.get("content-type") ?? "";
    const text =
      type === "text/event-stream"
        ? await beginningOf(response)
        : decoder.decode(await response.arrayBuffer());
    const answer = { url: this.url, status: response.status, headers: response.headers };
    if (LINES.test(type)) return { ...answer, body: text };
    if (text === "") return { ...answer, body: undefined };
    return { ...answer, body: type.includes("json") ? JSON.parse(text) : text };
  }

  /** The `data` of an answer that must have succeeded. */
  async data(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.call(method, path, body === undefined ? {} : { body });
    if (answer.status < 300) return answer.body.data;
    throw new Error(`${method} ${path} is answered ${JSON.stringify(answer.body)}`);
  }

  /** A new group with `jobs` jobs, released unless told otherwise; answers its id. */
  async newGroup(jobs = 0, { settings = {}, release = true, ...fields }: GroupFields = {}) {
    const input = { name: "Test", template: "t-1", processingSettings: settings, ...fields };
    const { _id } = await this.data("POST", BASE, input);
    for (let added = 0; added < jobs; added += JOBS_A_CALL) {
      const batch = Array.from({ length: Math.min(JOBS_A_CALL, jobs - added) }, (_, index) => ({
        documentName: `invoice-${added + index + 1}.pdf`,
      }));
      await this.data("POST", `${BASE}/${_id}/jobs`, { jobs: batch });
    }
    if (release && jobs > 0) await this.data("POST", `${BASE}/${_id}/process`);
    return _id as string;
  }

  claim(group: string, maxJobs = 10): Promise<Json[]> {
    return this.data("POST", `${BASE}/${group}/jobs/claim`, { workerId: "w", maxJobs });
  }
}
