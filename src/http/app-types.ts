import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Principal } from "./auth/principal.ts";

export interface AppEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    operation: string;
    principal: Principal;
    bookmark: (() => string | null) | undefined;
  };
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;
