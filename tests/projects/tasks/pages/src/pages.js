/** How many pages a list of items fills. */
export function pageCount(items, size) {
  if (size === 0) {
    return 0;
  }
  return Math.floor(items / size);
}
