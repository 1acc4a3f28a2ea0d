import { expect, test } from "vitest";
import { developmentServer } from "../../src/cli/development-server.ts";

test.each([
  [[], "8787"],
  [["--port", "9000"], "9000"],
  [["--ip", "0.0.0.0", "--port=9000"], "9000"],
])("with the arguments %j, links lead to port %s, where the server listens", (given, port) => {
  const { url, args } = developmentServer(given);
  expect(url).toBe(`http://localhost:${port}`);
  const all = args.join(" ");
  expect(all).toContain(`--var BASE_URL:${url}`);
  expect(all.match(/--port[ =]\d+/g)?.map((option) => option.slice(-4))).toEqual([port]);
});

test("a BASE_URL given by hand stands last: wrangler takes that one", () => {
  const { args } = developmentServer(["--var", "BASE_URL:https://tunnel.example"]);
  expect(args.at(-1)).toBe("BASE_URL:https://tunnel.example");
});
