// What is said to those who do not see it happen.
let said = $state("");

export function announcement(): string {
  return said;
}

/** The same words twice are said twice. */
export function announce(text: string): void {
  said = said === text ? `${text}\u00a0` : text;
}
