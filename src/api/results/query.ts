import { z } from "@hono/zod-openapi";
import { JOB_STATUSES, type JobStatus } from "../../domain/job.ts";
import { LIMITS } from "../../domain/limits.ts";
import { FORMATS } from "./formats.ts";

const ONE_STATUS = `(${JOB_STATUSES.join("|")})`;
const STATUSES = new RegExp(`^${ONE_STATUS}(,${ONE_STATUS})*$`);
const POINTERS = new RegExp(String.raw`^/([^~\x00]|~[01])*$`);

/** Pointers begin with a slash, so a comma before another character belongs to a key. */
const pointersIn = (list: string): string[] => list.split(/,(?=\/)/);

export const ResultsQuery = z
  .strictObject({
    format: z
      .enum(FORMATS)
      .default("ndjson")
      .openapi({ description: "Format of the lines.", example: "csv" }),
    status: z
      .string()
      .regex(STATUSES, `must be a list of ${JOB_STATUSES.join(", ")}, with commas between them.`)
      .default("completed,failed,cancelled")
      .transform((list) => list.split(",") as JobStatus[])
      .openapi({
        type: "string",
        pattern: STATUSES.source,
        default: "completed,failed,cancelled",
        description: "Only jobs that stand in one of these, with commas between them.",
      }),
    fields: z
      .string()
      .max(LIMITS.resultFieldsCharacters)
      .regex(POINTERS, "must be JSON pointers such as /total,/vendor/name.")
      .transform(pointersIn)
      .refine(
        (pointers) => pointers.length <= LIMITS.resultFields,
        `must be at most ${LIMITS.resultFields} pointers.`,
      )
      .default([])
      .openapi({
        type: "string",
        pattern: POINTERS.source,
        maxLength: LIMITS.resultFieldsCharacters,
        description:
          `Up to ${LIMITS.resultFields} JSON pointers into the extracted data, with commas between them. In CSV each becomes ` +
          "a column. In NDJSON a line then has their values by pointer as `fields`, and no `extractedData`.",
        example: "/invoiceNumber,/total",
      }),
    after: z
      .string()
      .regex(/^[0-9a-f]{24}$/, "must be the id of a job.")
      .optional()
      .openapi({
        description:
          "Only jobs after this one, so that an export can go on where it broke off. CSV then has no line of names.",
      }),
    bom: z
      .enum(["true", "false"])
      .default("false")
      .transform((value) => value === "true")
      .openapi({
        type: "boolean",
        default: false,
        description: "Begins the CSV with a byte order mark, by which Excel knows UTF-8.",
      }),
  })
  .refine(({ bom, format }) => !bom || format === "csv", {
    path: ["bom"],
    error: "is for format=csv: JSON has no byte order mark.",
  });
