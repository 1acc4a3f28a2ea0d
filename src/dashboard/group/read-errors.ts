import { ask, groups } from "../data/client.ts";
import type { JobErrors } from "../data/types.ts";

/** The failed jobs of a group by their code, most first. */
export async function readErrors(id: string, signal: AbortSignal): Promise<readonly JobErrors[]> {
  const request = groups.value[":id"].errors.$get({ param: { id } }, { init: { signal } });
  return (await ask(request)).data;
}
