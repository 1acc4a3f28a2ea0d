import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-types.ts";
import { ProblemError } from "./problems.ts";

const MIN_ROOT_KEY_LENGTH = 32;
const DEFAULT_WORKSPACE = "default";

const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

/** Admits callers with a known key. Without a configured root key, of 32 characters or more, nobody. */
export const authenticate = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header("api-key") ?? bearer(c.req.header("authorization"));
  const root: string | undefined = c.env.ROOT_API_KEY;
  if (key === undefined || root === undefined || root.length < MIN_ROOT_KEY_LENGTH) throw refused();
  // Digests have one length, so the comparison takes the same time whatever was sent.
  if (!crypto.subtle.timingSafeEqual(await digest(key), await digest(root))) throw refused();
  c.set("principal", { workspace: DEFAULT_WORKSPACE });
  await next();
});

const bearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];

const refused = () =>
  new ProblemError("UNAUTHORIZED", "The API key is missing or not known. Send it as `api-key`.");
