/** Group ids and job ids: 24 lower-case hex characters. */
export const isId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);
