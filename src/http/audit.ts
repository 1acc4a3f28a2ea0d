import type { AppContext } from "./app-types.ts";

/** Logs a committed deletion, or a change of keys or secrets, and the key that did it. `target` holds no secret. */
export function audit(c: AppContext, operation: string, target: Record<string, unknown>): void {
  const { workspace, keyId, name } = c.get("principal");
  const at = new Date().toISOString();
  const requestId = c.get("requestId");
  console.log(
    JSON.stringify({
      log: "audit",
      at,
      operation,
      workspace,
      keyId,
      keyName: name,
      target,
      requestId,
    }),
  );
}
