/** The part of Node's module that is used here: the Worker's own types do not know it. */
declare module "node:zlib" {
  export function deflateRawSync(
    bytes: Uint8Array,
    options: { readonly dictionary: Uint8Array },
  ): Uint8Array;
  export function inflateRawSync(
    bytes: Uint8Array,
    options: { readonly dictionary: Uint8Array },
  ): Uint8Array;
}
