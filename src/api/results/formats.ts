import { JobSummary } from "../jobs/schema.ts";
import { presentJob } from "../jobs/present.ts";
import type { Result } from "../../store/read/results.ts";
import { csvLine } from "./csv.ts";
import { pointerReader } from "./json-pointer.ts";

export const FORMATS = ["ndjson", "csv"] as const;
export type FormatName = (typeof FORMATS)[number];

export const CONTENT_TYPES = { ndjson: "application/x-ndjson", csv: "text/csv" } as const;

interface Format {
  /** The text before the first result. */
  readonly head: string;
  readonly line: (result: Result) => string;
}

/** The first columns of the CSV. The other fields of a job follow, in the order of its schema. */
const FIRST = ["jobId", "jobNumber", "documentName", "status"];
const COLUMNS = [...new Set([...FIRST, ...Object.keys(JobSummary.shape)])];

/** The lines of an export. `fields` are JSON pointers into the extracted data. */
export function formatOf(name: FormatName, fields: readonly string[]): Format {
  const readers = fields.map((pointer) => [pointer, pointerReader(pointer)] as const);
  if (name === "csv") {
    return {
      head: csvLine([...COLUMNS, ...fields]),
      line: ({ job, beats, extractedData }) => {
        const shown: Record<string, unknown> = presentJob(job, beats);
        const data = readers.length === 0 ? null : parsed(extractedData());
        return csvLine([
          ...COLUMNS.map((name) => shown[name]),
          ...readers.map(([, read]) => read(data)),
        ]);
      },
    };
  }
  return {
    head: "",
    line: ({ job, beats, extractedData }) => {
      const shown = presentJob(job, beats);
      if (readers.length === 0) return `${withData(JSON.stringify(shown), extractedData())}\n`;
      const data = parsed(extractedData());
      const chosen = Object.fromEntries(readers.map(([pointer, read]) => [pointer, read(data)]));
      return `${JSON.stringify({ ...shown, fields: chosen })}\n`;
    },
  };
}

const parsed = (json: string | null): unknown => (json === null ? null : JSON.parse(json));

/** The stored text is JSON without line ends, so it is put in as it is. */
const withData = (object: string, data: string | null): string =>
  data === null ? object : `${object.slice(0, -1)},"extractedData":${data}}`;
