import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../src/http/problems/problems.ts";
import { BASE, call } from "../support/workers/api.ts";

const fetch = (path: string, init?: RequestInit) =>
  exports.default.fetch(`http://localhost${path}`, init);

test("answers its pages, its spec and its health to anyone, each with a request id", async () => {
  const pages = ["/", "/dashboard", "/dashboard/groups/1", "/docs", "/problems"];
  for (const path of [...pages, "/health", "/openapi.json", "/llms.txt"]) {
    const response = await fetch(path);
    expect(response.status, path).toBe(200);
    expect(response.headers.get("x-request-id")).toBeTruthy();
    await response.body?.cancel();
  }
});

test.each([
  "/",
  "/dashboard",
  "/docs",
  "/openapi.json",
  "/llms.txt",
  "/problems",
  "/problems/lease-lost",
])("%s is kept by caches and answered 304 while it has not changed", async (path) => {
  const first = await fetch(path);
  await first.body?.cancel();
  expect(first.headers.get("cache-control")).toBe("public, no-cache");
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[0-9a-f]+"$/);
  // A compressed answer reaches caches with the weak form of its tag.
  for (const tag of [etag, `W/${etag}`]) {
    const origin = "https://app.example";
    const again = await fetch(path, { headers: { "if-none-match": tag, origin } });
    expect({ status: again.status, text: await again.text() }).toEqual({ status: 304, text: "" });
    for (const name of ["x-request-id", "content-security-policy", "cache-control"]) {
      expect(again.headers.has(name), name).toBe(true);
    }
    expect(again.headers.get("access-control-allow-origin")).toBe(origin);
    expect(again.headers.get("etag")).toBe(etag);
  }
  const other = await fetch(path, { headers: { "if-none-match": '"other"' } });
  expect((await other.text()).length).toBeGreaterThan(0);
});

test("pages run scripts of this server alone, if any, and answers show nothing at all", async () => {
  const policyOf = async (path: string) =>
    (await fetch(path, { method: "HEAD" })).headers.get("content-security-policy");
  for (const path of ["/", "/dashboard", "/docs"]) {
    expect(await policyOf(path)).toMatch(/script-src 'self'(;|$)/);
  }
  expect(await policyOf("/")).not.toContain("unsafe");
  expect(await policyOf("/dashboard")).not.toContain("unsafe");
  for (const path of ["/problems", "/problems/lease-lost", "/health", BASE, "/nothing"]) {
    expect(await policyOf(path)).toMatch(/^default-src 'none'/);
    expect(await policyOf(path)).not.toMatch(/script|unsafe/);
  }
});

test.each(Object.entries(PROBLEMS))(
  "the page of problem %s says what to do",
  async (code, { title }) => {
    const name = code.toLowerCase().replaceAll("_", "-");
    const page = await (await fetch(`/problems/${name}`)).text();
    expect(page).toContain(`<h1>${title.replaceAll("'", "&#39;")}</h1>`);
    expect(page).toContain(code);
  },
);

test("the page of a problem shows an example answer and links the operations that answer it", async () => {
  const page = await (await fetch("/problems/lease-lost")).text();
  expect(page).toContain("&quot;code&quot;: &quot;LEASE_LOST&quot;");
  const links = Array.from(
    page.matchAll(/<a href="\/docs#tag\/processing\/(\w+)">/g),
    ([, id]) => id,
  );
  expect(links).toEqual(["completeJob", "failJob", "releaseJob"]);
  const unauthorized = await (await fetch("/problems/unauthorized")).text();
  expect(unauthorized).toContain("From every operation that asks for a key.");
  expect(await (await fetch("/problems/unavailable")).text()).toContain("From every operation.");
  expect(unauthorized).toContain("in the <code>api-key</code> header");
  expect(await (await fetch("/problems/not-found")).text()).toContain("From no operation");
});

test("a problem's code finds its page", async () => {
  const { status, headers } = await fetch("/problems/LEASE_LOST", { redirect: "manual" });
  expect({ status, to: headers.get("location") }).toEqual({
    status: 301,
    to: "/problems/lease-lost",
  });
});

test.each(["/nothing", "/problems/nothing"])(
  "%s answers a browser with a page and a program with the problem",
  async (path) => {
    const asBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const page = await fetch(path, { headers: { accept: asBrowser } });
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("style-src 'self'");
    expect(page.headers.get("x-request-id")).toBeTruthy();
    expect(await page.text()).toContain('<a href="/docs">');
    for (const accept of ["*/*", "application/json"]) {
      const answer = await fetch(path, { headers: { accept } });
      expect(answer.status).toBe(404);
      expect(answer.headers.get("vary")).toContain("Accept");
      expect(await answer.json()).toMatchObject({ code: "NOT_FOUND" });
    }
  },
);

test("a page of another origin may call the API and read its headers", async () => {
  const origin = "https://app.example";
  const preflight = await fetch(BASE, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "api-key, content-type",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("api-key");
  expect(preflight.headers.get("x-request-id")).toBeTruthy();
  const { headers } = await call("GET", BASE, { headers: { origin } });
  expect(headers.get("access-control-allow-origin")).toBe(origin);
  expect(headers.get("access-control-expose-headers")).toContain("ETag");
});

test("a page of an origin that CORS_ORIGINS does not name may not call", async () => {
  const { headers } = await call("GET", BASE, { headers: { origin: "https://other.example" } });
  expect(headers.has("access-control-allow-origin")).toBe(false);
});

test("every answer tells browsers not to guess its type, not to be framed by other sites, and to use https", async () => {
  for (const path of ["/health", "/docs", "/nowhere", BASE]) {
    const { headers } = await fetch(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
  }
});

test("no cache between keeps what a key was told, nor a key", async () => {
  const { headers } = await call("GET", BASE);
  expect(headers.get("cache-control")).toBe("private, no-cache");
  const created = await call("POST", "/api-key", { body: { name: "a", scopes: ["groups:read"] } });
  expect(created.headers.get("cache-control")).toBe("no-store");
});

test("a client's request id is answered when its characters are safe, else one is made", async () => {
  const idFor = async (sent: string) =>
    (await fetch("/health", { headers: { "x-request-id": sent } })).headers.get("x-request-id");
  expect(await idFor("order-7_a=")).toBe("order-7_a=");
  for (const unsafe of ["<script>", "a b", "a;b", "x".repeat(256)]) {
    expect(await idFor(unsafe)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("HEAD answers what GET does, without the body", async () => {
  const response = await fetch("/health", { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
