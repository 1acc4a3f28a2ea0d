import { COSTS } from "./exact-costs.ts";
import { table } from "./load.ts";
import type { Measured } from "./simulator/measured.ts";

/** Cloudflare's limit, as published. */
const DATABASE_BYTES = 10e9;
/** A database that is fuller is an alert. */
const FILLED = 0.8;
/** A thread that is busier answers late. */
const BUSY = 0.5;
const DAYS_KEPT = 30;
const DOCUMENT_BYTES = 200_000;
const CPU_MS_A_REQUEST = 2.5;
const OBJECT_GB_SECONDS_A_GROUP = 100 * 0.128;
const ALARMS_A_GROUP = 5;

/** Prices of Workers Paid a month: what is included, and US dollars for each further million. */
const PRICES = {
  workerRequests: [10e6, 0.3],
  workerCpuMs: [30e6, 0.02],
  objectRequests: [1e6, 0.15],
  objectGbSeconds: [400e3, 12.5],
  rowsWritten: [50e6, 1],
  rowsRead: [25e9, 0.001],
  databaseBytes: [5e9, 0.75e-3],
  bucketBytes: [10e9, 0.015e-3],
  bucketWrites: [1e6, 4.5],
  bucketReads: [10e6, 0.36],
} as const;
const SUBSCRIPTION = 5;
type Use = Partial<Record<keyof typeof PRICES, number>>;

const JOBS_A_GROUP = 100;
/** What a group of 100 jobs asks for, by the names of the exact costs. */
const GROUP: Readonly<Record<string, number>> = {
  createJobGroup: 1,
  "addJobs, 100": 1,
  processJobGroup: 1,
  "claimJobs, the group's first": 1,
  "claimJobs, 1": JOBS_A_GROUP - 1,
  completeJob: JOBS_A_GROUP,
  getJobGroup: 10,
};
const WITHOUT_OBJECT: ReadonlySet<string> = new Set(["createJobGroup", "getJobGroup"]);

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const inGroup = (of: (operation: string) => number): number =>
  sum(Object.entries(GROUP).map(([operation, times]) => times * of(operation)));
function rowsOf(operation: string, column: 3 | 4): number {
  const cost = COSTS.find(([name]) => name === operation);
  if (cost === undefined) throw new Error(`${operation} has no exact cost`);
  return cost[column];
}

/** What a group of 100 jobs costs. */
export const groupCosts = {
  requests: inGroup(() => 1),
  objectRequests: inGroup((name) => (WITHOUT_OBJECT.has(name) ? 0 : 1)) + ALARMS_A_GROUP,
  rowsRead: inGroup((name) => rowsOf(name, 3)),
  rowsWritten: inGroup((name) => rowsOf(name, 4)),
};

/** US dollars a month. */
export const dollars = (use: Use): number =>
  sum(
    Object.entries(use).map(([name, amount]) => {
      const [included, aMillion] = PRICES[name as keyof Use];
      return (Math.max(0, amount - included) * aMillion) / 1e6;
    }),
  );

/** What so many databases hold and do, and what it costs when they are full of jobs kept for 30 days. */
export function capacityOf(databases: number, { service, bytesAJob, bytesAGroup }: Measured) {
  const groups = (databases * DATABASE_BYTES * FILLED) / (bytesAGroup + JOBS_A_GROUP * bytesAJob);
  const jobs = groups * JOBS_A_GROUP;
  const commandMs = service.commit.baseMs + service.commit.perCommandMs;
  const alone: Readonly<Record<string, number>> = {
    createJobGroup: service.createMs,
    getJobGroup: service.getMs,
  };
  const groupMs = inGroup((name) => alone[name] ?? commandMs);
  const jobsASecond = (databases * BUSY * 1_000 * JOBS_A_GROUP) / groupMs;
  const { requests, objectRequests, rowsRead, rowsWritten } = groupCosts;
  const kept = dollars({
    workerRequests: groups * requests,
    workerCpuMs: groups * requests * CPU_MS_A_REQUEST,
    objectRequests: groups * objectRequests,
    objectGbSeconds: groups * OBJECT_GB_SECONDS_A_GROUP,
    rowsWritten: groups * rowsWritten,
    rowsRead: groups * rowsRead,
    databaseBytes: databases * DATABASE_BYTES * FILLED,
  });
  const documents = dollars({
    bucketBytes: jobs * DOCUMENT_BYTES,
    bucketWrites: jobs,
    bucketReads: jobs,
  });
  return { groups, jobs, jobsASecond, dollars: SUBSCRIPTION + kept, documents };
}

const DATABASES = [1, 4, 16, 64];
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const counted = (value: number): string => short.format(value);

/** The table of the page, for 1, 4, 16 and 64 databases. */
export function capacity(measured: Measured): string {
  const columns = DATABASES.map((databases) => capacityOf(databases, measured));
  const row = (name: string, of: (column: (typeof columns)[number]) => string) => [
    name,
    ...columns.map(of),
  ];
  return table(
    [
      "",
      ...DATABASES.map((databases) => (databases === 1 ? "1 database" : `${databases} databases`)),
    ],
    [
      ["bytes", ...DATABASES.map((databases) => `${databases * 10} GB`)],
      row("jobs held, four fifths full", ({ jobs }) => counted(jobs)),
      row("groups of 100 jobs", ({ groups }) => counted(groups)),
      row("jobs a second, half busy", ({ jobsASecond }) => counted(jobsASecond)),
      row("jobs a day, half busy", ({ jobsASecond }) => counted(jobsASecond * 86_400)),
      row("jobs a day, each kept 30 days", ({ jobs }) => counted(jobs / DAYS_KEPT)),
      row("US dollars a month, each kept 30 days", ({ dollars }) => counted(dollars)),
      row("the same for a thousand jobs", ({ dollars, jobs }) =>
        ((dollars * 1e3) / jobs).toFixed(4),
      ),
      row("documents of 200 KB in R2 besides", ({ documents }) => counted(documents)),
    ],
  );
}
