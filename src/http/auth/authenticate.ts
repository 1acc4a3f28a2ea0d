import { type Scope, SCOPES } from "../../domain/api-key.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems.ts";

const MIN_ROOT_KEY_LENGTH = 32;
const DEFAULT_WORKSPACE = "default";

/** Who is calling, and what for. */
export interface Principal {
  readonly workspace: string;
  readonly scopes: readonly Scope[];
}

const ROOT: Principal = { workspace: DEFAULT_WORKSPACE, scopes: SCOPES };

const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

/** Whose key the request carries. Without a configured root key, of 32 characters or more, nobody's. */
export async function authenticate(c: AppContext): Promise<Principal> {
  const key = c.req.header("api-key") ?? bearer(c.req.header("authorization"));
  const root: string | undefined = c.env.ROOT_API_KEY;
  if (key === undefined || root === undefined || root.length < MIN_ROOT_KEY_LENGTH) throw refused();
  // Digests have one length, so the comparison takes the same time whatever was sent.
  if (!crypto.subtle.timingSafeEqual(await digest(key), await digest(root))) throw refused();
  return ROOT;
}

const bearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];

const refused = () =>
  new ProblemError("UNAUTHORIZED", "The API key is missing or not known. Send it as `api-key`.");
