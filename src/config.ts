/** The webhooks that a workspace may have where the deployment does not say. */
export const DEFAULT_MAX_WEBHOOKS = 10;

/** The default of each text variable. */
const DEFAULTS = {
  ROOT_API_KEY: "",
  DOCUMENT_URL_SECRET: "",
  CORS_ORIGINS: "",
  JURISDICTION: "",
  LOCATION_HINT: "",
  ACCESS_LOG: "false",
  EMAIL_FROM: "",
  BASE_URL: "",
  /** Half a minute, 5 and 30 minutes, 2, 6 and 16 hours: seven attempts in 24 and a half hours. */
  NOTICE_RETRY_SECONDS: "30,300,1800,7200,21600,57600",
  WEBHOOKS_TO_LOCALHOST: "false",
  /** Without it groups are kept for ever. */
  RETENTION_DAYS: "",
  /** The most of each that a workspace may have; empty: any number. */
  MAX_GROUPS: "",
  MAX_API_KEYS: "",
  MAX_WEBHOOKS: String(DEFAULT_MAX_WEBHOOKS),
  MAX_STORED_BYTES: "",
  READ_REPLICAS: "false",
  API_KEY_SECRETS: "",
} as const satisfies Partial<Record<keyof Env, string>>;

type Variable = keyof typeof DEFAULTS;

/** The Worker's configuration. `undefined` stands for an optional value that is not set or not bound. */
export interface Config {
  readonly rootKey: string | undefined;
  /** Origins whose pages may call the API; `*` stands for all. */
  readonly corsOrigins: readonly string[];
  /** The jurisdiction in which the Durable Objects must stay, such as `eu`. */
  readonly jurisdiction: DurableObjectJurisdiction | undefined;
  /** The place that new Durable Objects are put near, such as `weur`: that of the database. */
  readonly locationHint: DurableObjectLocationHint | undefined;
  /** Logs a line for each request. */
  readonly accessLog: boolean;
  /** Counts the look-ups of keys that an address sends and this isolate does not know. */
  readonly strangerLimiter: RateLimit | undefined;
  /** Counts the calls of a key, and of an address without one. */
  readonly rateLimiter: RateLimit | undefined;
  /** Counts what the calls of a workspace cost. */
  readonly workspaceLimiter: RateLimit | undefined;
  readonly documents: R2Bucket | undefined;
  /** Signs the URLs of documents in leases. Leases have none without it, or when it is too short. */
  readonly documentUrlSecret: string | undefined;
  readonly email: EmailConfig;
  /** Milliseconds to wait after the first failed attempt to deliver a notice, the second, and so on. */
  readonly noticeRetriesMs: readonly number[];
  readonly webhooksToLocalhost: boolean;
  /** Days for which an ended group is kept when its input does not say. */
  readonly retentionDays: number | undefined;
  readonly quotas: Quotas;
  /** Lists without a bookmark may be answered by the nearest replica. */
  readonly readReplicas: boolean;
  /** Secrets of the checksums of API keys. The first one makes new keys, and each knows its own. */
  readonly apiKeySecrets: readonly string[];
}

/** The most of each that a workspace may have; `undefined`: any number. */
export interface Quotas {
  readonly groups: number | undefined;
  readonly apiKeys: number | undefined;
  readonly webhooks: number | undefined;
  /** The bytes of documents. */
  readonly storedBytes: number | undefined;
}

/** E-mail needs all three settings. `missing` names those that are not set. */
export type EmailConfig =
  | { readonly mailer: SendEmail; readonly from: string; readonly baseUrl: string }
  | { readonly missing: readonly string[] };

const parsed = new WeakMap<Env, Config>();

/** The configuration of an environment, parsed at the first call. */
export function configOf(env: Env): Config {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const config = parse(env);
  parsed.set(env, config);
  return config;
}

function parse(env: Partial<Env>): Config {
  const read = (name: Variable): string => env[name] || DEFAULTS[name];
  return {
    rootKey: read("ROOT_API_KEY") || undefined,
    corsOrigins: read("CORS_ORIGINS")
      .split(/[\s,]+/)
      .filter(Boolean),
    // The platform refuses a name that it does not know, so no object is made in a wrong place.
    jurisdiction: (read("JURISDICTION") || undefined) as DurableObjectJurisdiction | undefined,
    locationHint: (read("LOCATION_HINT") || undefined) as DurableObjectLocationHint | undefined,
    accessLog: read("ACCESS_LOG") === "true",
    rateLimiter: env.RATE_LIMITER,
    workspaceLimiter: env.WORKSPACE_LIMITER,
    strangerLimiter: env.STRANGER_LIMITER,
    documents: env.DOCUMENTS,
    documentUrlSecret: secretIn(read("DOCUMENT_URL_SECRET")),
    email: emailOf(env.EMAIL, read("EMAIL_FROM"), read("BASE_URL")),
    noticeRetriesMs:
      delaysMs(read("NOTICE_RETRY_SECONDS")) ?? delaysMs(DEFAULTS.NOTICE_RETRY_SECONDS) ?? [],
    webhooksToLocalhost: read("WEBHOOKS_TO_LOCALHOST") === "true",
    retentionDays: wholeNumberIn(read("RETENTION_DAYS")),
    quotas: {
      groups: wholeNumberIn(read("MAX_GROUPS")),
      apiKeys: wholeNumberIn(read("MAX_API_KEYS")),
      webhooks: wholeNumberIn(read("MAX_WEBHOOKS")),
      storedBytes: wholeNumberIn(read("MAX_STORED_BYTES")),
    },
    readReplicas: read("READ_REPLICAS") === "true",
    apiKeySecrets: read("API_KEY_SECRETS")
      .split(/[\s,]+/)
      .filter((secret) => secretIn(secret) !== undefined),
  };
}

function emailOf(mailer: SendEmail | undefined, from: string, baseUrl: string): EmailConfig {
  if (mailer && from && baseUrl) return { mailer, from, baseUrl };
  const needed = { EMAIL: mailer, EMAIL_FROM: from, BASE_URL: baseUrl };
  return { missing: Object.entries(needed).flatMap(([name, value]) => (value ? [] : name)) };
}

/** `undefined` unless the text is a list of positive numbers. */
function delaysMs(text: string): number[] | undefined {
  const seconds = text.split(",").filter(Boolean).map(Number);
  const isValid = seconds.length > 0 && seconds.every((value) => value > 0);
  return isValid ? seconds.map((value) => value * 1000) : undefined;
}

const MIN_SECRET_LENGTH = 32;

const secretIn = (text: string): string | undefined =>
  text.length < MIN_SECRET_LENGTH ? undefined : text;

/** `undefined` unless the text is a whole number above 0. */
function wholeNumberIn(text: string): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
