/** About the characters that a value has as JSON, counted without writing the JSON. */
export function charactersIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let characters = 0;
  for (const [key, part] of Object.entries(value)) characters += key.length + charactersIn(part);
  return characters;
}
