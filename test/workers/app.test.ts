import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../src/http/problems.ts";
import { BASE, call } from "./api.ts";

const fetch = (path: string, init?: RequestInit) =>
  exports.default.fetch(`http://localhost${path}`, init);

test("answers its health, its spec and its docs to anyone, each with a request id", async () => {
  for (const path of ["/health", "/openapi.json", "/docs", "/docs/start.js", "/problems"]) {
    const response = await fetch(path);
    expect(response.status, path).toBe(200);
    expect(response.headers.get("x-request-id")).toBeTruthy();
    await response.body?.cancel();
  }
});

test("the docs page names no other host", async () => {
  for (const path of ["/docs", "/docs/start.js"]) {
    expect(await (await fetch(path)).text()).not.toMatch(/https?:\/\/|src="\/\//);
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

test("HEAD answers what GET does, without the body", async () => {
  const response = await fetch("/health", { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});
