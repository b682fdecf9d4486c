export function quote(text) {
  return `"${text}"`;
}
