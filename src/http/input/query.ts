import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app-types.ts";
import { invalid } from "../problems/errors.ts";

/** Refuses the parts of a query that the framework's parser would drop or leave undecoded. */
export const assertReadableQuery: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { url } = c.req;
  if (!url.includes("?")) return next();
  const pairs = new URL(url).search.slice(1).split("&");
  const errors = pairs.flatMap((pair) => {
    const [parameter = ""] = pair.split("=");
    if (!isUtf8(pair)) return { parameter, detail: "is not UTF-8." };
    if (pair.startsWith("=")) return { parameter, detail: "a parameter must have a name." };
    const isRepeated = pairs.find((other) => other.split("=")[0] === parameter) !== pair;
    return isRepeated ? { parameter, detail: "is given more than once." } : [];
  });
  if (errors.length > 0) throw invalid(errors);
  await next();
};

/** `false` when the escapes are not UTF-8. A `%` that begins no escape is a plain character. */
function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped.replaceAll(/%(?![0-9a-f]{2})/gi, "%25"));
    return true;
  } catch {
    return false;
  }
}
