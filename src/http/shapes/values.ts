export const time = (ms: number): string => new Date(ms).toISOString();

export const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms));

export const parseObject = (json: string) => JSON.parse(json) as Record<string, unknown>;

/**
 * Takes the value of each field that is `null`: the contract's types are not nullable, and JSON leaves out what is
 * undefined. A copy without these fields would cost more than all else that a list of groups does.
 */
export function withoutEmpty<T extends object>(fields: T) {
  const shown: Record<string, unknown> = fields as Record<string, unknown>;
  for (const key in shown) if (shown[key] === null) shown[key] = undefined;
  return shown as { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
  };
}
