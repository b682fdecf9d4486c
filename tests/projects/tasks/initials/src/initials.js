/** For instance: initials("ann lee"), initials("bo", 2), initials("a b c d"). */
export function initials(name, most = 3) {
  const letters = name.split(" ").map((word) => word[0].toUpperCase());
  if (letters.length > most) {
    return letters.slice(0, most).join("") + "+";
  }
  return letters.join("");
}
