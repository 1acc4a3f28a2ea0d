const MAX_REMEMBERED = 10_000;

/** Notes something for this isolate; what is full begins anew. */
export function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  memory.set(key, value);
}
