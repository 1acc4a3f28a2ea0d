/** A place in a body: keys of objects and indices of arrays, from the outside in. */
export type Path = readonly string[];

interface Container {
  readonly isArray: boolean;
  /** The number of commas before, in an array. */
  index: number;
  /** The last key as JSON, in an object. */
  key: string;
}

/**
 * JSON's parser rounds numbers to doubles without a word. Answers where the JSON text, which must be valid,
 * has a number that would be written out as another one.
 */
export function alteredNumbers(json: string): Path[] {
  if (!MAY_BE_ALTERED.test(json)) return [];
  const altered: Path[] = [];
  const open: Container[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at] ?? "";
    const inner = open.at(-1);
    if (character === '"') {
      const end = endOfString(json, at);
      if (inner !== undefined) inner.key = json.slice(at, end);
      at = end - 1;
    } else if (character === "{" || character === "[") {
      open.push({ isArray: character === "[", index: 0, key: "" });
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === ",") {
      if (inner !== undefined) inner.index++;
    } else if (DIGIT_OR_SIGN.test(character)) {
      NUMBER.lastIndex = at;
      const [literal = character] = NUMBER.exec(json) ?? [];
      if (isAltered(literal)) altered.push(open.map(step));
      at += literal.length - 1;
    }
  }
  return altered;
}

const NUMBER = /-?[\d.]+(?:[eE][+-]?\d+)?/y;
const DIGIT_OR_SIGN = /[-\d]/;
/** A double keeps 15 digits. Text in strings may look like such a number, which costs time only. */
const MAY_BE_ALTERED = /[\d.]{16}|\d[eE]/;

function endOfString(json: string, start: number): number {
  let end = start + 1;
  while (end < json.length && json[end] !== '"') end += json[end] === "\\" ? 2 : 1;
  return end + 1;
}

const step = ({ isArray, index, key }: Container): string =>
  isArray ? String(index) : (JSON.parse(key) as string);

/** A double is written with the fewest digits that tell it from others. */
const isAltered = (literal: string): boolean =>
  MAY_BE_ALTERED.test(literal) && canonical(literal) !== canonical(String(Number(literal)));

/** One text for all spellings of a decimal number: its digits without zeros at either end, and their exponent. */
function canonical(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = whole + fraction;
  const first = digits.search(/[1-9]/);
  if (first === -1) return literal.endsWith("Infinity") ? literal : "0";
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${sign}${digits.slice(first, end)}e${power}`;
}
