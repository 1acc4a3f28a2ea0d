export const time = (ms: number): string => new Date(ms).toISOString();

export const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms));

export const parseObject = (json: string) => JSON.parse(json) as Record<string, unknown>;

/** Leaves out fields without a value: the contract's types are not nullable. */
export function withoutEmpty<T extends object>(fields: T) {
  const shown: Record<string, unknown> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null && value !== undefined) shown[key] = value;
  }
  return shown as { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
  };
}
