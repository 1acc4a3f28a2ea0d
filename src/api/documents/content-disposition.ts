/** Saves under this name (RFC 6266). `filename` is for clients that do not know `filename*`. */
export function contentDisposition(name: string): string {
  const plain = name.replaceAll(/[^ -~]|["\\%]/gu, "_");
  const escaped = encodeURIComponent(name).replaceAll(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${escaped}`;
}
