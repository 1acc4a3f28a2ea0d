import { z } from "@hono/zod-openapi";
import type { TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import type { AppContext } from "../app-types.ts";

export const success = z.literal(true);

/** The envelope of an answer with this `data`. */
export const dataOf = <S extends z.ZodType>(data: S) => z.strictObject({ success, data });

export const Done = z.strictObject({ success, message: z.string() }).openapi("Done");

/** A successful response with a JSON body. Without an example the docs show the schema's. */
export const json = <S extends z.ZodType>(schema: S, description: string, example?: object) => ({
  description,
  content: { "application/json": { schema, ...(example && { example }) } },
});

export const envelope = <Fields extends object>(fields: Fields) => ({
  success: true as const,
  ...fields,
});

/** Named, so that the declarations of the typed client need not spell it out. */
type Answered<Fields extends object, Status extends ContentfulStatusCode> = Response &
  TypedResponse<JSONParsed<{ success: true } & Fields>, Status, "json">;

const answer =
  <Status extends ContentfulStatusCode>(status: Status) =>
  <Fields extends object>(
    c: AppContext,
    fields: Fields,
    headers?: Record<string, string>,
  ): Answered<Fields, Status> =>
    c.json(envelope(fields), status, headers);

/** Answers `{ success: true, …fields }`. The route checks the fields and the client knows their types. */
export const ok = answer(200);
export const created = answer(201);
export const accepted = answer(202);

/** A required JSON body. */
export const body = <S extends z.ZodType>(schema: S, example?: object) => ({
  required: true as const,
  content: { "application/json": { schema, ...(example && { example }) } },
});
