import { now } from "../data/clock.ts";
import { ago, clock, exact, moment, until } from "./format.ts";

interface Props {
  readonly at: string;
}

/** The exact time is made when it is looked for: a list shows a hundred times, and anew each second. */
const Time = ({ at, text }: Props & { text: string }) => (
  <time dateTime={at} onPointerEnter={({ currentTarget }) => (currentTarget.title = exact(at))}>
    {text}
  </time>
);

/** `4 min ago`, with the exact time on hover. */
export const Ago = ({ at }: Props) => <Time at={at} text={ago(at, now.value)} />;

/** `in 4 min`, with the exact time on hover. */
export const Until = ({ at }: Props) => <Time at={at} text={until(at, now.value)} />;

/** The time of day, or the day when it is another one. */
export const Clock = ({ at }: Props) => <Time at={at} text={clock(at, now.value)} />;

export const Moment = ({ at }: Props) => <Time at={at} text={moment(at)} />;
