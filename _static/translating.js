// @ts-check
// On a page in Chinese: translates what scripts write into it, as the build has translated what stands in it. On a page of a
// paper or data set, which stands in English alone, translates its frame for who comes from there or asks for ?lang=zh. The
// messages come as a script, since a page opened from disk may not fetch; data attributes say where they are. In them
// numbers are placeholders, {1}, {2}, …, and {a}, {b}, … any words; the rules by which a text is found come with them.
"use strict";

{
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const ROOT = new URL("..", own.src).href;
  const SHARED = /^(?:papers|datasets|benchmarks)\/[^/]+\.html$/; // in one language each, read in both
  const isChinese = document.documentElement.lang === "zh-CN";
  const LABELS = ["aria-label", "placeholder", "title", "label"];
  const UNREAD = "script, style, pre, code, textarea, [lang]:not(html, [lang=zh-CN])";
  /** @type {SurveyData["interface"]} */
  let words;
  /** @type {[pattern: RegExp, needed: string, groups: string[], chinese: string][]} */
  let templates;
  /** @type {Record<string, RegExp>} */
  let rules;

  /** @param {string} text @returns {string} */
  function found(text) {
    /** @type {string[]} */
    const numbers = [];
    const message = text.replace(/\s+/g, " ").replace(rules.number, (number) => `{${numbers.push(number)}}`);
    const asItWas = (/** @type {string} */ piece) => piece.replace(/\{(\d+)\}/g, (_, place) => numbers[Number(place) - 1]);
    const bare = (/** @type {string} */ number) => number.replace(rules.ending, "");
    if (Object.hasOwn(words.messages, message)) {
      return words.messages[message].replace(/\{(\d+)\}/g, (_, place) => bare(numbers[Number(place) - 1]));
    }
    for (const [pattern, needed, groups, said] of templates) {
      const match = message.includes(needed) && pattern.exec(message);
      if (match) {
        const values = Object.fromEntries(groups.map((name, i) => [name, asItWas(match[i + 1])]));
        const filled = said.replace(/\{(\w+)\}/g, (_, name) => (/\d/.test(name) ? bare(values[name]) : chinese(values[name]) || listed(values[name])));
        return filled.replace(rules.narrow, "").replace(rules.wide, " ");
      }
    }
    return "";
  }

  /** @param {string} text */
  function listed(text) {
    const names = text.split(rules.names);
    return names.some((name) => name.search(rules.word) >= 0) ? text : names.join("、");
  }

  /** @param {string} text */
  function foundInSentences(text) {
    const said = text.split(rules.sentence).map((sentence, _, all) => (all.length > 1 ? chinese(sentence) : ""));
    return said.every(Boolean) ? said.join("") : "";
  }

  /* A list of labels and names is translated piece by piece; a name stays as it is. */
  /** @param {string} text */
  function foundInPieces(text) {
    const pieces = text.replace(/\.$/, "").split(rules.between);
    const said = pieces.map((piece, i) => i % 2 ? words.between[piece] : found(piece) || (piece.search(rules.word) >= 0 ? "" : piece));
    const translated = said.every(Boolean) && said.some((piece, i) => i % 2 === 0 && piece !== pieces[i]);
    return translated ? said.join("") + (text.endsWith(".") ? "。" : "") : "";
  }

  /** @param {string} text @returns {string} */
  function chinese(text) {
    const own = text.trim();
    return found(own) || foundInSentences(own) || foundInPieces(own);
  }

  /** @param {string} text */
  function translated(text) {
    const said = /[A-Za-z]{2}/.test(text) ? chinese(text) : "";
    return said && text.replace(text.trim(), () => said);
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
      if (!isChinese && option) {
        option.lang = "zh-CN";
      }
    }
  }

  /** @param {Element} element */
  function translateElement(element) {
    translateLabels(element);
    if (element instanceof HTMLAnchorElement && !element.getAttribute("href")?.startsWith("#")) {
      lead(element);
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
        node instanceof Text ? translateText(node) : translateElement(/** @type {Element} */ (node));
      }
    }
  }

  /* Where a reader of Chinese is led: scripts write links as from the root, chapters are in Chinese or not, and what stands once is read in Chinese. */
  /** @param {HTMLAnchorElement} link */
  function lead(link) {
    if (!link.href.startsWith(ROOT) || link.classList.contains("other-language")) {
      return;
    }
    const address = new URL(link.href);
    const path = link.href.slice(ROOT.length).replace(/^zh\//, "").split(/[?#]/)[0];
    address.pathname = new URL((words.chapters.includes(path.replace(/\.html$/, "")) ? `zh/${path}` : path), ROOT).pathname;
    if (SHARED.test(path)) {
      address.searchParams.set("lang", "zh");
    }
    if (address.href !== link.href) {
      link.href = address.href;
    }
  }

  /* A page that stands in English alone: its frame in Chinese, its Chinese summary first, and a way back. */
  function readInChinese() {
    document.querySelectorAll(".paper-summary [lang=zh]").forEach((summary) => summary.parentElement?.prepend(summary));
    const english = new URL(location.href);
    english.searchParams.set("lang", "en");
    const back = document.createElement("a");
    Object.assign(back, { className: "btn btn-sm other-language", href: english.href, lang: "en", hreflang: "en", textContent: "English" });
    document.querySelector(".article-header-buttons")?.append(back);
  }

  const asked = new URLSearchParams(location.search).get("lang") ?? (document.referrer.startsWith(`${ROOT}zh/`) ? "zh" : "");
  if (isChinese || asked === "zh") {
    begin();
  }

  /** @param {string} address */
  async function loaded(address) {
    const script = document.createElement("script");
    script.src = new URL(address, own.src).href;
    await new Promise((resolve) => {
      ["load", "error"].forEach((event) => script.addEventListener(event, resolve));
      document.head.append(script);
    });
  }

  async function begin() {
    await Promise.all(Object.values(own.dataset).map((address) => loaded(String(address))));
    if (!survey.data.interface) {
      return; // all stays as it stands
    }
    words = survey.data.interface;
    Object.assign(words.messages, survey.data.summaries);
    templates = words.templates.map(([pattern, ...rest]) => [new RegExp(pattern), ...rest]);
    rules = Object.fromEntries(Object.entries(words.rules).map(([name, pattern]) => [name, new RegExp(pattern, "g")]));
    rules.between = new RegExp(`(${Object.keys(words.between).join("|")})`);
    isChinese || readInChinese();
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
  }
}
