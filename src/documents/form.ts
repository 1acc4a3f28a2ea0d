import { Busboy } from "@fastify/busboy";

/** The receiver of one part of a form. Each call is awaited before the next is made. */
export interface PartReader {
  /** The bytes are overwritten after it. */
  write(bytes: Uint8Array): Promise<void> | void;
  end(): Promise<void> | void;
}

export interface PartName {
  readonly field: string;
  readonly fileName: string | undefined;
}

/** The body is no form, or ends in the middle of one. */
export class BrokenForm extends Error {}

/** A form's parts are cut short here. Nobody names a file so that its header gets longer. */
const LIMITS = { headerSize: 16 * 1024, headerPairs: 20 };

/** The streams of Node that the parser is made of: the Worker's own types do not know them. */
interface Emitter {
  on(event: string, listener: (...values: never[]) => void): this;
}
interface Parser extends Emitter {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
  end(): void;
}

/**
 * Reads a `multipart/form-data` body piece by piece: no more of it is in memory than one. The parser opens all parts of a piece
 * before it tells their bytes, and those of a part before those of the next. Its calls are put in a row, to be awaited one
 * after the other.
 */
export async function readForm(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
  open: (part: PartName) => PartReader,
): Promise<void> {
  const calls: (() => Promise<void> | void)[] = [];
  const parser = newParser(contentType);
  const done = new Promise<void>((resolve, reject) => {
    parser.on("finish", resolve);
    parser.on("error", (error: Error) => reject(new BrokenForm(error.message)));
  });
  done.catch(() => undefined);
  parser.on("file", (field: string | undefined, stream: Emitter, fileName: string | undefined) => {
    const reader = open({ field: field ?? "", fileName });
    stream.on("data", (bytes: Uint8Array) => calls.push(() => reader.write(bytes)));
    stream.on("end", () => calls.push(() => reader.end()));
    // The parser tells it of the whole form too.
    stream.on("error", () => undefined);
  });
  const makeCalls = async () => {
    for (let call = calls.shift(); call !== undefined; call = calls.shift()) await call();
  };
  for await (const bytes of body) {
    const taken = new Promise<void>((resolve) => parser.write(bytes, () => resolve()));
    await Promise.race([taken, done]);
    await makeCalls();
  }
  parser.end();
  await done;
  await makeCalls();
}

function newParser(contentType: string): Parser {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      preservePath: true,
      isPartAFile: () => true,
      limits: LIMITS,
    });
  } catch (error) {
    throw new BrokenForm(error instanceof Error ? error.message : String(error));
  }
}
