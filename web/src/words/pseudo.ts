// A language that nobody speaks: English half as long again, with marks that show what was cut off or is not translated.

/** Vowels with accents, doubled; in brackets. What stands in braces is not touched: Fluent hands over text alone. */
export function pseudo(text: string): string {
  const longer = text.replace(/[aeiou]/g, (vowel) => `${vowel}\u0301${vowel}`);
  return /\p{L}/u.test(text) ? `⟦${longer}⟧` : text;
}
