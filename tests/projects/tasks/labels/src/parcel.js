import { formatWeight } from "./weight.js";

export function parcelLabel(name, grams) {
  return `To ${name}, ${formatWeight(grams)}`;
}
