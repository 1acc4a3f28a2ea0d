import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";

/** Who is calling. */
export interface Principal {
  readonly workspace: string;
}

export interface AppEnv {
  Bindings: Env;
  Variables: { requestId: string; principal: Principal };
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;
