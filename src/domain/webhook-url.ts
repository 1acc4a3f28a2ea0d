import { LIMITS } from "./limits.ts";

const LOCAL_NAME =
  /(^|\.)(localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
/** Public names that resolve to loopback, or to the address that is written into the name. */
const RESOLVES_BY_PATTERN =
  /(^|\.)((nip|sslip|xip|backname)\.io|ip6?\.name|localtest\.me|lvh\.me|vcap\.me|traefik\.me|local\.gd|localho\.st|lacolhost\.com|rbndr\.us|1u\.ms)$/;
/** An IPv4 address in dots or dashes, or in eight hex digits as a label, before another name. */
const HOLDS_ADDRESS = /(^|[.-])(\d{1,3}[.-]){3}\d{1,3}[.-]|(^|\.)[0-9a-f]{8}\./;

/** `true` for http://localhost, the only address without TLS. WEBHOOKS_TO_LOCALHOST allows it in development. */
export const isLocalhost = (url: string): boolean =>
  URL.canParse(url) && /^http:\/\/localhost(:\d+)?$/.test(new URL(url).origin);

/** The reason why the URL cannot be called; `null` when it can. `http://localhost` passes: see `isLocalhost`. */
export function webhookUrlFault(text: string): string | null {
  if (text.length > LIMITS.url) return `must have at most ${LIMITS.url} characters.`;
  // The URL parser silently drops tabs and newlines and turns \ into /, so the text is checked first.
  if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(text) || !URL.canParse(text) || !text.isWellFormed()) {
    return "must be an https:// URL.";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "must not have a user or a password.";
  if (isLocalhost(text)) return null;
  if (url.protocol !== "https:") return "must be an https:// URL.";
  if (url.port !== "") return "must use the port of https, 443.";
  // The URL parser writes every spelling of an IPv4 address as four decimals.
  const host = url.hostname.replace(/\.+$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host))
    return "must have a host name, not an IP address.";
  const isLocal = [LOCAL_NAME, RESOLVES_BY_PATTERN, HOLDS_ADDRESS].some((name) => name.test(host));
  if (!host.includes(".") || isLocal) return "must have a public host name.";
  return null;
}
