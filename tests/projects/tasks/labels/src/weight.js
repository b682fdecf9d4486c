/** A weight as people read it: 1.5 kg. */
export function formatWeight(grams) {
  return `${(grams / 1000).toFixed(1)} kg`;
}
