import { configOf } from "../../config.ts";
import { isUsable, SCOPES } from "../../domain/api-key.ts";
import type { AppContext } from "../app-types.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { hex } from "../../lib/hex.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { sha256 } from "../../lib/sha256.ts";
import { knownKey } from "./known-keys.ts";
import type { Principal } from "./principal.ts";
import { knownHome } from "./remembered.ts";

const MIN_ROOT_KEY_LENGTH = 32;
/** The workspace of the root key. */
export const DEFAULT_WORKSPACE = "default";
/** Longer keys are not kept in memory, so a caller cannot fill it with long ones. */
const MAX_KNOWN_LENGTH = 256;
const digests = new BoundedMap<ArrayBuffer>();

const ROOT: Omit<Principal, "shard"> = {
  keyId: "root",
  name: "Root key",
  workspace: DEFAULT_WORKSPACE,
  scopes: SCOPES,
  expiresAt: null,
};

/** The workspace whose keys the caller administers; `undefined` for the root key, which administers all. */
export const administeredWorkspace = (principal: Principal): string | undefined =>
  principal.keyId === ROOT.keyId ? undefined : principal.workspace;

/** Finds the caller by the request's key. Every refusal is the same, so that it tells nothing about the key. */
export async function authenticate(c: AppContext): Promise<Principal> {
  const key = c.req.header("api-key") ?? bearer(c.req.header("authorization"));
  if (key === undefined) throw refused();
  const digest = await digestOf(key);
  if (await isRootKey(digest, configOf(c.env).rootKey)) {
    return { ...ROOT, shard: (await knownHome(c.env, DEFAULT_WORKSPACE)).shard };
  }
  const found = await knownKey(c, key, hex(new Uint8Array(digest)));
  if (found === undefined || !isUsable(found.key, Date.now())) throw refused();
  const { id: keyId, name, workspace, scopes, expiresAt } = found.key;
  return { keyId, name, workspace, shard: found.home.shard, scopes, expiresAt };
}

/** `false` for every key when the configured root key is missing or too short. */
async function isRootKey(digest: ArrayBuffer, root: string | undefined): Promise<boolean> {
  if (root === undefined || root.length < MIN_ROOT_KEY_LENGTH) return false;
  // Both digests have the same length, so the comparison takes the same time for every key.
  return crypto.subtle.timingSafeEqual(digest, await digestOf(root));
}

/** Hashes a key once in an isolate rather than once for each request. */
async function digestOf(key: string): Promise<ArrayBuffer> {
  const known = digests.get(key);
  if (known !== undefined) return known;
  const digest = await sha256(key);
  if (key.length <= MAX_KNOWN_LENGTH) digests.set(key, digest);
  return digest;
}

const bearer = (header: string | undefined): string | undefined =>
  /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];

const refused = () =>
  new ProblemError("UNAUTHORIZED", "The API key is missing or not known. Send it as `api-key`.");
