import { type CommittedGroup, sequenceEnd } from "../../domain/group.ts";
import { type JobStatus, sequenceAfter } from "../../domain/job.ts";
import type { Db } from "../../store/db.ts";
import { groupExists } from "../../store/read/reads.ts";
import { readResults, type Result } from "../../store/read/results.ts";

/** Jobs that one page looks at: at the beginning, and at most. */
const FIRST_RANGE = 100;
const LONGEST_RANGE = 250;
const TEXT_CHARACTERS = 250_000;
/** A Worker may ask D1 1,000 times in one invocation. */
const MAX_PAGES = 950;
/** Short pages hold others up for a short time. Only a long export needs longer ones, to end within its pages. */
const FIRST_PAGE_BYTES = 125_000;
const LONGEST_PAGE_BYTES = 1_000_000;
const PAGES_OF_A_SIZE = 100;

const pageBytes = (page: number): number =>
  Math.min(FIRST_PAGE_BYTES * 2 ** Math.floor(page / PAGES_OF_A_SIZE), LONGEST_PAGE_BYTES);

export interface ResultsRequest {
  readonly group: CommittedGroup;
  readonly statuses: readonly JobStatus[];
  readonly withData: boolean;
  /** Jobs up to this id are left out. */
  readonly after: string | undefined;
}

export interface Turn {
  readonly take: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** The export is over, in one way or another. */
  readonly leave: () => void;
}

/**
 * Streams the lines of a group's jobs, read page by page as the client takes them. Jobs that are added meanwhile are
 * left out. A group that is deleted meanwhile breaks the connection off: an export that ends properly is whole.
 */
export function streamResults(
  db: Db,
  request: ResultsRequest,
  head: string,
  lineOf: (result: Result) => string,
  turn: Turn,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const texts = readTexts(db, request, head, lineOf);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value: text, done } = await turn.take(() => texts.next());
          if (text) controller.enqueue(encoder.encode(text));
          if (!done) return;
          turn.leave();
          controller.close();
        } catch (error) {
          turn.leave();
          throw error;
        }
      },
      cancel: turn.leave,
    },
    { highWaterMark: 0 },
  );
}

/** The lines, many in a text, but no text much longer than a page may be: data is decoded as its line is made. */
async function* readTexts(
  db: Db,
  request: ResultsRequest,
  head: string,
  lineOf: (result: Result) => string,
): AsyncGenerator<string, string> {
  let text = head;
  for await (const page of readPages(db, request)) {
    for (const result of page) {
      text += lineOf(result);
      if (text.length < TEXT_CHARACTERS) continue;
      yield text;
      text = "";
    }
    if (text !== "") yield text;
    text = "";
  }
  return text;
}

async function* readPages(
  db: Db,
  { group, after, ...request }: ResultsRequest,
): AsyncGenerator<readonly Result[]> {
  const { id: groupId, workspace } = group;
  const end = sequenceEnd(group);
  let from = after === undefined ? 0 : sequenceAfter(after);
  let length = FIRST_RANGE;
  for (let pages = 0; from < end; pages++) {
    if (pages === MAX_PAGES) throw new Error("the export is too long for one answer");
    const before = Math.min(from + length, end);
    const range = { workspace, groupId, from, before, maxBytes: pageBytes(pages) };
    const page = await readResults(db, { ...request, ...range });
    yield page.results;
    const last = page.results.at(-1)?.job.id;
    const isCut = page.isFull && last !== undefined;
    const next = isCut ? sequenceAfter(last) : before;
    // A little more than fitted: what lies beyond is looked at once more.
    length = isCut ? Math.ceil(1.25 * (next - from)) : Math.min(2 * length, LONGEST_RANGE);
    from = next;
  }
  if (!(await groupExists(db, workspace, groupId))) {
    throw new Error("the group was deleted while its results were being read");
  }
}
