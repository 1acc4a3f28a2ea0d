import { type ChildProcess, fork } from "node:child_process";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Throttled, Unreadable } from "../../errors.ts";
import { type AnswerMessage, OUT_OF_MEMORY, type Reading, type ReadMessage } from "./messages.ts";

const OWN_PATH = fileURLToPath(import.meta.url);
/** Beside this file, as TypeScript or compiled. */
const CHILD = join(dirname(OWN_PATH), `child${extname(OWN_PATH)}`);
/** Enough of the standard error for the reason of a crash. */
const KEPT_ERRORS = 4096;
/** WebAssembly never gives memory back: a process that holds this share of its limit is replaced. */
const WORN_OUT = 0.6;

/** A child process that reads one document at a time. It keeps nobody's event loop alive while it is idle. */
export class ReadingProcess {
  readonly #child: ChildProcess;
  #errors = "";
  #usable = true;

  constructor() {
    this.#child = fork(CHILD, [], {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString("utf8")).slice(-KEPT_ERRORS);
    });
    this.#child.once("close", () => {
      this.#usable = false;
    });
    this.#rest();
  }

  /** False once it has ended or should read nothing more. */
  get usable(): boolean {
    return this.#usable;
  }

  end() {
    this.#usable = false;
    this.#child.kill("SIGKILL");
  }

  /** The reading, or `Unreadable`; the reason of `signal` when that aborts first. */
  async read(message: ReadMessage, signal: AbortSignal | undefined): Promise<Reading> {
    const { limits } = message;
    this.#child.ref();
    this.#child.channel?.ref();
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const end = () => this.end();
    stop.addEventListener("abort", end);
    try {
      return await this.#exchange(message);
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted)
        throw new Unreadable({
          errorCode: "reading_timed_out",
          message: `not read within ${limits.timeoutMs} ms`,
        });
      throw error;
    } finally {
      stop.removeEventListener("abort", end);
      if (this.#usable) this.#rest();
    }
  }

  async #exchange(message: ReadMessage): Promise<Reading> {
    const answer = await new Promise<AnswerMessage>((resolve, reject) => {
      const closed = (code: number | null) => reject(this.#reasonOfEnd(code));
      this.#child.once("close", closed);
      this.#child.once("message", (received) => {
        this.#child.off("close", closed);
        resolve(received as AnswerMessage);
      });
      this.#child.send(message, (error) => error && reject(error));
    });
    if (answer.memoryBytes > WORN_OUT * message.limits.maxMemoryBytes) this.end();
    if ("unreadable" in answer) throw new Unreadable(answer.unreadable);
    if ("throttled" in answer) throw new Throttled(answer.throttled);
    if ("engineFault" in answer) throw new Error(answer.engineFault);
    return answer.reading;
  }

  /** A crash or a full memory is the document's doing. A signal from outside is not, so that may be tried again. */
  #reasonOfEnd(code: number | null): Error {
    this.#usable = false;
    if (this.#errors.includes(OUT_OF_MEMORY))
      return new Unreadable({
        errorCode: "out_of_memory",
        message: "the document needs more memory than it may have",
      });
    if (code === null) return new Error("the reading process was killed from outside");
    return new Unreadable({
      errorCode: "reader_crashed",
      message: this.#errors.trim().slice(-500),
    });
  }

  #rest() {
    this.#child.unref();
    this.#child.channel?.unref();
    if (this.#child.stderr && "unref" in this.#child.stderr)
      (this.#child.stderr as { unref(): void }).unref();
  }
}
