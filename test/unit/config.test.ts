import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configOf } from "../../src/config.ts";
import { coordinatorOf } from "../../src/coordinator/stub.ts";

const given = (variables: Record<string, unknown>) => configOf(variables as unknown as Env);
const mailer = { send: () => Promise.resolve() };

test.each(["", "x", "1,,x", "-1"])(
  "notices are retried for 24 hours and more when NOTICE_RETRY_SECONDS is '%s'",
  (configured) => {
    const delays = given({ NOTICE_RETRY_SECONDS: configured }).noticeRetriesMs;
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  },
);

test("NOTICE_RETRY_SECONDS replaces the delays", () => {
  expect(given({ NOTICE_RETRY_SECONDS: "1,2.5" }).noticeRetriesMs).toEqual([1_000, 2_500]);
});

test("an empty environment has no root key, no origin, no limiter and no local webhooks", () => {
  const { rootKey, corsOrigins, rateLimiter, webhooksToLocalhost } = given({});
  expect({ rootKey, corsOrigins, rateLimiter, webhooksToLocalhost }).toEqual({
    rootKey: undefined,
    corsOrigins: [],
    rateLimiter: undefined,
    webhooksToLocalhost: false,
  });
});

test("quotas are whole numbers above 0, and else there are none but that of webhooks", () => {
  expect(given({}).quotas).toEqual({
    groups: undefined,
    apiKeys: undefined,
    webhooks: 10,
    storedBytes: undefined,
  });
  const quotas = { MAX_GROUPS: "5", MAX_API_KEYS: "0", MAX_WEBHOOKS: "x", MAX_STORED_BYTES: "9" };
  expect(given(quotas).quotas).toEqual({
    groups: 5,
    apiKeys: undefined,
    webhooks: undefined,
    storedBytes: 9,
  });
});

test("a secret of checksums that is too short is left out", () => {
  const long = "0123456789abcdef0123456789abcdef";
  expect(given({ API_KEY_SECRETS: `short,${long}` }).apiKeySecrets).toEqual([long]);
});

test("origins are separated by commas, spaces or both", () => {
  const { corsOrigins } = given({ CORS_ORIGINS: "https://a.example, https://b.example" });
  expect(corsOrigins).toEqual(["https://a.example", "https://b.example"]);
});

test("e-mail names every setting it still needs", () => {
  expect(given({ EMAIL: mailer, EMAIL_FROM: "" }).email).toEqual({
    missing: ["EMAIL_FROM", "BASE_URL"],
  });
  const env = { EMAIL: mailer, EMAIL_FROM: "us@example.com", BASE_URL: "https://a.example" };
  expect(given(env).email).toEqual({
    mailer,
    from: "us@example.com",
    baseUrl: "https://a.example",
  });
});

test.each([
  ["", "everywhere: group"],
  ["eu", "eu: group"],
])("with JURISDICTION '%s' every stub is that of %s", (jurisdiction, expected) => {
  const namespace = (place: string) => ({
    getByName: (name: string) => `${place}: ${name}`,
    jurisdiction: namespace,
  });
  const env = { JURISDICTION: jurisdiction, GROUP_COORDINATOR: namespace("everywhere") };
  expect(coordinatorOf(env as unknown as Env, "group")).toBe(expected);
});

test("with LOCATION_HINT every stub asks for an object at that place, and without it for none", () => {
  const getByName = (_: string, options?: object) => options;
  const env = (hint: string) =>
    ({ LOCATION_HINT: hint, GROUP_COORDINATOR: { getByName } }) as unknown as Env;
  expect(coordinatorOf(env("weur"), "group")).toEqual({ locationHint: "weur" });
  expect(coordinatorOf(env(""), "group")).toBeUndefined();
});

test("one file makes stubs, so none escapes the jurisdiction", () => {
  const makers = globSync("src/**/*.ts").filter((path) =>
    readFileSync(path, "utf8").includes("env.GROUP_COORDINATOR"),
  );
  expect(makers).toEqual(["src/coordinator/stub.ts"]);
});
