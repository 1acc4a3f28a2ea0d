import type { Hono } from "hono";
import { hc } from "hono/client";
import type { Endpoint } from "hono/types";
import type { Operations } from "./api/operations.ts";

/** Makes a part of a request optional when none of its fields is required. */
type Lenient<Input> = {
  [Part in keyof Input as {} extends Input[Part] ? never : Part]: Input[Part];
} & { [Part in keyof Input as {} extends Input[Part] ? Part : never]?: Input[Part] };

type Callable<E> = E extends Endpoint
  ? { [Field in keyof E]: Field extends "input" ? Lenient<E[Field]> : E[Field] }
  : never;

type Api = Hono<
  object,
  { [Path in keyof Operations]: { [M in keyof Operations[Path]]: Callable<Operations[Path][M]> } }
>;

const client = hc<Api>("");

/** The client has a method for each operation, by path: `client["ocr-invoice-job-group"][":id"].$get(…)`. */
export type Client = typeof client;

/** A typed client of the API at `baseUrl`. An answer's type follows from its `ok` and `status`. */
export const createClient = (baseUrl: string, apiKey: string): Client =>
  hc<Api>(baseUrl, { headers: { "api-key": apiKey } });
