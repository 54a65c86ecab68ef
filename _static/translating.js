// @ts-check
// On a page in Chinese: translates what scripts write into it, as the build has translated what stands in it. The
// messages come as a script, since a page opened from disk may not fetch; data-messages says where they are. In them
// numbers are placeholders, {1}, {2}, …; what a number is comes with them.
"use strict";

{
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const LABELS = ["aria-label", "placeholder", "title", "label"];
  const UNREAD = "script, style, pre, code, textarea, [lang]:not(html)";
  /** @type {Record<string, string>} */
  let messages = {};
  /** @type {Record<string, string>} */
  let between = {};
  let number = new RegExp("");
  let word = number;
  let marks = number;

  /** @param {string} text */
  function found(text) {
    /** @type {string[]} */
    const numbers = [];
    const message = text.replace(/\s+/g, " ").replace(number, (found) => `{${numbers.push(found)}}`);
    const said = Object.hasOwn(messages, message) ? messages[message] : "";
    return said.replace(/\{(\d+)\}/g, (_, place) => numbers[Number(place) - 1]);
  }

  /* A list of labels and names is translated piece by piece; a name stays as it is. */
  /** @param {string} text */
  function foundInPieces(text) {
    const pieces = text.replace(/\.$/, "").split(marks);
    const said = pieces.map((piece, i) => i % 2 ? between[piece] : found(piece) || (word.test(piece) ? "" : piece));
    const translated = said.every(Boolean) && said.some((piece, i) => i % 2 === 0 && piece !== pieces[i]);
    return translated ? said.join("") + (text.endsWith(".") ? "。" : "") : "";
  }

  /** @param {string} text */
  function translated(text) {
    const words = text.trim();
    const said = /[A-Za-z]{2}/.test(words) ? found(words) || foundInPieces(words) : "";
    return said && text.replace(words, () => said);
  }

  /** @param {Text} node */
  function translateText(node) {
    const said = node.parentElement?.closest(UNREAD) ? "" : translated(node.data);
    if (said) {
      const option = node.parentElement;
      if (option instanceof HTMLOptionElement && !option.hasAttribute("value")) {
        option.value = option.text; // what a script reads stays
      }
      node.data = said;
    }
  }

  /** @param {Element} element */
  function translateLabels(element) {
    for (const name of LABELS) {
      const said = translated(element.getAttribute(name) ?? "");
      if (said) {
        element.setAttribute(name, said);
      }
    }
  }

  /** @param {Node} root */
  function translateBelow(root) {
    if (root instanceof Text) {
      translateText(root);
    } else if (root instanceof Element && !root.closest(UNREAD)) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let node = /** @type {Node | null} */ (root); node; node = walker.nextNode()) {
        node instanceof Text ? translateText(node) : translateLabels(/** @type {Element} */ (node));
      }
    }
  }

  const script = document.createElement("script");
  script.src = new URL(String(own.dataset.messages), own.src).href;
  script.addEventListener("load", () => {
    ({ messages, between } = survey.data.interface);
    number = new RegExp(survey.data.interface.number, "g");
    word = new RegExp(survey.data.interface.word);
    marks = new RegExp(`(${Object.keys(between).join("|")})`);
    translateBelow(document.body);
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "childList") {
          addedNodes.forEach(translateBelow);
        } else if (type === "characterData") {
          translateText(/** @type {Text} */ (target));
        } else {
          translateLabels(/** @type {Element} */ (target));
        }
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: LABELS });
  });
  document.head.append(script);
}
