const MAX_LENGTH = 2_048;
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/** For development: the only address that is let through without TLS, where the configuration allows it. */
export const isLocalhost = (url: string): boolean =>
  URL.canParse(url) && /^http:\/\/localhost(:\d+)?$/.test(new URL(url).origin);

/** Why the URL cannot be called; `null` when it can. `http://localhost` passes: see `isLocalhost`. */
export function webhookUrlFault(text: string): string | null {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters.`;
  // The parser drops tabs and newlines without a word, and turns \ into /.
  if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(text) || !URL.canParse(text) || !text.isWellFormed()) {
    return "must be an https:// URL.";
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "must not have a user or a password.";
  if (isLocalhost(text)) return null;
  if (url.protocol !== "https:") return "must be an https:// URL.";
  if (url.port !== "") return "must use the port of https, 443.";
  // The parser has brought every spelling of an IPv4 address to four decimals.
  const host = url.hostname.replace(/\.$/, "");
  if (host.startsWith("[") || /^[\d.]+$/.test(host))
    return "must have a host name, not an IP address.";
  if (!host.includes(".") || LOCAL_NAME.test(host)) return "must have a public host name.";
  return null;
}
