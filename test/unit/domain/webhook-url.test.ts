import { expect, test } from "vitest";
import { isLocalhost, webhookUrlFault } from "../../../src/domain/webhook-url.ts";

const spaced = (text: string) => text.trim().split(/\s+/);

test.each(
  spaced(`
  https://example.com https://example.com/hooks?a=b https://example.com:443/a https://EXAMPLE.com
  https://hooks.example.co.uk/a%20b https://münchen.example/ https://1.example.com https://10.example.com
  https://localhost.example.com https://a.b.c.d.example https://example.com. https://v1-2-3.example.com
  https://nip.io.example.com https://feedface0.example.com https://192-168.example.com`),
)("accepts %s", (url) => expect(webhookUrlFault(url)).toBeNull());

test.each([
  ...spaced(`
    http://example.com ftp://example.com javascript:alert(1) //example.com example.com https:// https:///a
    https:example.com https://127.0.0.1 https://127.1 https://2130706433 https://0x7f000001 https://0x7f.1
    https://0177.0.0.1 https://10.0.0.1 https://169.254.169.254/latest https://0 https://1.1.1.1
    https://127.0.0.1. https://127.0.0.1.. https://localhost.. https://a.internal... https://host.localdomain
    https://127.0.0.1.nip.io https://10-0-0-1.sslip.io https://7f000001.nip.io https://nip.io. https://lvh.me
    https://app.localtest.me https://10.0.0.1.example.com https://app-169-254-169-254.example.com
    https://7f000001.example.com https://[::1] https://[::ffff:10.0.0.1] https://[fd00::1]:443
    https://１２７.０.０.１ https://127。0。0。1 https://localhost https://LOCALHOST https://localhost.
    https://a.localhost https://printer.local https://db.internal https://router.lan https://intranet
    https://nas.home.arpa https://user@example.com https://user:pass@example.com https://:p@example.com
    https://example.com:8443 https://example.com:80 https://example.com\\@10.0.0.1 http://localhost.example.com
    http://127.0.0.1:8080 http://user@localhost https://%6c%6f%63%61%6c%68%6f%73%74 https://1%32%37.0.0.1`),
  "https://exa\tmple.com",
  "https://example.com/\n",
  " https://example.com",
  "https://example.com/\0",
  "https://example.com/\uD800",
  `https://example.com/${"x".repeat(2_029)}`,
])("refuses %j", (url) => {
  expect(webhookUrlFault(url)).toMatch(/^must /);
});

test("accepts http://localhost, which isLocalhost recognises, and URLs of up to 2,048 characters", () => {
  expect(isLocalhost("http://localhost:8123/hook")).toBe(true);
  expect(isLocalhost("http://localhost")).toBe(true);
  expect(webhookUrlFault("http://localhost:8123/hook")).toBeNull();
  expect(webhookUrlFault(`https://example.com/${"x".repeat(2_028)}`)).toBeNull();
});
