import { z } from "@hono/zod-openapi";
import type { AppContext } from "../app-types.ts";

const ETAG = '"5f0c7a1be94d3826"';

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`;
const TAGS = new RegExp(`^(?:\\*|${TAG}(?:[ \\t]*,[ \\t]*${TAG})*)$`);

const header = <Name extends string>(name: Name, description: string) => {
  const tags = z
    .string()
    .regex(TAGS, 'must be * or ETags such as "5f0c2a9b".')
    .optional()
    .openapi({ description, example: ETAG });
  return z.object({ [name]: tags } as Record<Name, typeof tags>);
};

export const IfMatch = header(
  "If-Match",
  "ETags of the group as the client read it. A group that has changed since is refused with 412.",
);

export const IfNoneMatch = header(
  "If-None-Match",
  "ETags of the client's copies. When one of them is current the answer is a 304 without a body.",
);

export const ETAG_HEADER = {
  ETag: {
    description: "The group's revision. It changes with every change of the group or its jobs.",
    schema: { type: "string" as const },
    example: ETAG,
  },
};

/** A resource with a revision: a token that changes with every change of the resource. */
interface Revised {
  readonly revision: string;
}

export const etag = ({ revision }: Revised) => ({ ETag: `"${revision}"` });

/** The revisions an `If-Match` header allows; `undefined` when it allows any. */
export function ifMatch(c: AppContext): readonly string[] | undefined {
  const tags = entityTags(c, "If-Match");
  // A weak tag never equals a strong one.
  return tags?.flatMap(({ weak, revision }) => (weak ? [] : revision));
}

/** `true` when an ETag of the request's `If-None-Match` is the current one. */
export function isNotModified(c: AppContext, current: Revised): boolean {
  if (c.req.header("If-None-Match")?.trim() === "*") return true;
  const tags = entityTags(c, "If-None-Match");
  return tags?.some(({ revision }) => revision === current.revision) ?? false;
}

function entityTags(c: AppContext, name: string) {
  const value = c.req.header(name)?.trim();
  if (value === undefined || value === "*") return undefined;
  return [...value.matchAll(/(W\/)?"([^"]*)"/g)].map(([, weak, revision = ""]) => ({
    weak: weak !== undefined,
    revision,
  }));
}
