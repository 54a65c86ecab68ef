// @ts-check
// What the address of a page asks: the words behind "#", where the page writes them, and those behind "?", where people do.
// For the calculator, the chooser and methods side by side, which answer nothing in the place of a word that they do not know.
"use strict";

{
  const ADDED = /^utm_|clid$/; // what others append to an address to follow who comes; nothing is asked by it

  /* The words of the address, in their order; a "#" without "=" leads to a section. */
  function addressWords() {
    const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    return [...new URLSearchParams(location.search), ...state].filter(([name, text]) => text.trim() && !ADDED.test(name));
  }

  /* The address without any word, behind which the page writes its own. */
  const bareAddress = () => location.href.replace(/[?#].*/, "");

  /**
   * What is wrong with words, in the words of the command line; null if nothing is.
   * @param {string[][]} words
   * @param {(name: string) => string[] | null | undefined} valuesOf the values of a word, null where any may stand, undefined if there is no such word
   * @param {(name: string) => [message: string, remedy: string]} unknown
   * @param {(name: string, text: string) => string} [remedyOf] the way out of another value, if it is not to name all
   * @returns {[message: string, remedy: string, name: string] | null}
   */
  function wrongWord(words, valuesOf, unknown, remedyOf) {
    for (const [i, [name, text]] of words.entries()) {
      const values = valuesOf(name);
      if (values === undefined) {
        return [...unknown(name), name];
      }
      if (words.slice(0, i).some(([before]) => before === name)) {
        return [`${name} stands twice.`, "Keep one of them.", name];
      }
      if (values && !values.includes(text)) {
        return values.join() === "yes,no" ? [`${name} '${text}' is neither yes nor no.`, "Write yes or no.", name]
          : [`${name} '${text}' is not known.`, remedyOf ? remedyOf(name, text) : `Use one of: ${values.join(", ")}.`, name];
      }
    }
    return null;
  }

  survey.share({ addressWords, bareAddress, wrongWord });
}
