import type { Mutant } from "./mutant.ts";

export const httpMutants: readonly Mutant[] = [
  {
    name: "a number is taken as it was rounded",
    file: "src/http/input/altered-numbers.ts",
    find: "canonical(literal) !== canonical(String(Number(literal)))",
    replace: "!Number.isFinite(Number(literal))",
    killedBy: { file: "test/unit/altered-numbers.test.ts", test: "altered exactly when" },
  },
  {
    name: "numbers outside free-form objects too",
    file: "src/http/input/validation.ts",
    find: "schema !== undefined && isInFreeForm(schema, path)",
    replace: "schema !== undefined && path.length > 0",
    killedBy: { file: "test/workers/numbers.test.ts", test: "a rule of their own" },
  },
  {
    name: "any scope will do",
    file: "src/http/auth/requires.ts",
    find: "if (scopes.length > 0 && !scopes.some((scope) => principal.scopes.includes(scope))) {",
    replace: "if (scopes.length > 0 && principal.scopes.length === 0) {",
    killedBy: {
      file: "test/workers/api-keys.test.ts",
      test: "refuses a key with every scope but its own",
    },
  },
  {
    name: "a key is remembered for longer",
    file: "src/http/auth/remembered.ts",
    find: "REMEMBERED_MS = 60_000",
    replace: "REMEMBERED_MS = 61_000",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "stops within that minute" },
  },
  {
    name: "a mistyped key is looked up",
    file: "src/http/auth/key-format.ts",
    find: '(await publicChecksum(body)) === checksum ? "public" : undefined',
    replace: '"public"',
    killedBy: { file: "test/workers/api-keys.test.ts", test: "a mistyped key" },
  },
  {
    name: "a short root key",
    file: "src/http/auth/authenticate.ts",
    find: "root.length < MIN_ROOT_KEY_LENGTH",
    replace: "root.length === 0",
    killedBy: { file: "test/workers/api-keys.test.ts", test: "missing or short" },
  },
  {
    name: "the rest of a refused body is left unread",
    file: "src/http/input/drain-body.ts",
    find: "bytes <= limit",
    replace: "bytes < 0",
    killedBy: {
      file: "test/workers/drain-body.test.ts",
      test: "is read to its end",
    },
  },
  {
    name: "the access log tells the path as it was sent",
    file: "src/http/access-log.ts",
    find: "c.req.method, routePath(c)]",
    replace: "c.req.method, c.req.path]",
    killedBy: { file: "test/workers/logs.test.ts", test: "tells no key, no query and no id" },
  },
  {
    name: "a database that hangs leaves the API ready",
    file: "src/store/read/answers.ts",
    find: "setTimeout(late.reject,",
    replace: "setTimeout(late.resolve,",
    killedBy: { file: "test/workers/readiness.test.ts", test: "unready after five seconds" },
  },
  {
    name: "a limit that no two keys share",
    file: "src/http/auth/rate-limit.ts",
    find: "key: `workspace:${workspace}`,",
    replace: "key: `workspace:${workspace}:${keyId}`,",
    killedBy: { file: "test/workers/rate-limit.test.ts", test: "the keys of a workspace share" },
  },
  {
    name: "a dear call that counts once",
    file: "src/http/auth/rate-limit.ts",
    find: "key: `workspace:${workspace}`, delta }",
    replace: "key: `workspace:${workspace}` }",
    killedBy: { file: "test/workers/rate-limit.test.ts", test: "a dear call counts for more" },
  },
  {
    name: "a checksum that anyone can make passes for the server's own",
    file: "src/http/auth/rate-limit.ts",
    find: "keyed: 1, public: 10",
    replace: "keyed: 1, public: 1",
    killedBy: {
      file: "test/workers/rate-limit.test.ts",
      test: "a key that is not made with the secret",
    },
  },
  {
    name: "a key that any secret made",
    file: "src/http/auth/key-format.ts",
    find: "(await keyedChecksum(secret, body)) === checksum",
    replace: "checksum !== undefined",
    killedBy: {
      file: "test/workers/rate-limit.test.ts",
      test: "a key knows the secret that made it",
    },
  },
  {
    name: "replicas that nobody asked for",
    file: "src/http/headers/bookmark.ts",
    find: "configOf(c.env).readReplicas ?",
    replace: "!configOf(c.env).readReplicas ?",
    killedBy: { file: "test/workers/bookmark.test.ts", test: "where replicas may answer" },
  },
];
