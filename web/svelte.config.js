// Runes everywhere, so that what is reactive can be read off the text.
export default { compilerOptions: { runes: true } };
