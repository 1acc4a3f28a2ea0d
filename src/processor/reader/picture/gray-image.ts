/** One byte a pixel, 0 black to 255 white, rows from the top. */
export interface GrayImage {
  width: number;
  height: number;
  data: Uint8Array;
}
