import type { AppContext } from "./app-types.ts";

/** Logs who did something that cannot be undone, as JSON: called once it is committed. `target` holds no secrets. */
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
