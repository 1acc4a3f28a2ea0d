/** So many numbers of processors, alike but for rounding. */
export const even = (workspaces: number, processors: number): number[] =>
  Array.from({ length: workspaces }, () => Math.round(processors / workspaces));

/** The second largest has half the processors of the largest, the third a third, and so on. They come in random order. */
export function skewed(workspaces: number, processors: number, random: () => number): number[] {
  const shares = Array.from({ length: workspaces }, (_, rank) => 1 / (rank + 1));
  const sum = shares.reduce((total, share) => total + share);
  return shares
    .map((share) => ({
      processors: Math.max(1, Math.round((processors * share) / sum)),
      at: random(),
    }))
    .toSorted((a, b) => a.at - b.at)
    .map((workspace) => workspace.processors);
}

/** One has half of all processors, the others share the rest. */
export const oneHot = (workspaces: number, processors: number): number[] => [
  Math.round(processors / 2),
  ...even(workspaces - 1, processors / 2),
];

/** The database of each workspace: it goes to the emptiest, in the order in which they come, and stays. */
export function place(sizes: readonly number[], databases: number): number[] {
  const held = Array.from({ length: databases }, () => 0);
  return sizes.map((size) => {
    const emptiest = held.indexOf(Math.min(...held));
    held[emptiest] = (held[emptiest] ?? 0) + size;
    return emptiest;
  });
}
