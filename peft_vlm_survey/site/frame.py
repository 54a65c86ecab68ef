"""The frame around pages that are collected from data: the theme renders it once, and every page is filled in.

Rendering the theme for each of some 2,000 pages was most of what a build cost. Only a page's name, title, head,
contents and article differ within a folder, so a page of marks is rendered, and marks are replaced. The navigation is
the same on all of them and a third of what surrounds the article, so they load it as one script.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from markupsafe import escape
from sphinx.builders.html import StandaloneHTMLBuilder

from peft_vlm_survey.show.facts import Part
from peft_vlm_survey.site import files

# Characters for private use: they stand in no data, and no step of the theme changes them.
_NAME, _TITLE, _DESCRIPTION, _HEAD, _ADDRESS, _SECTION, _ARTICLE = map(chr, range(0xE100, 0xE107))
_DESCRIBED = re.compile(r'<meta name="description" content="([^"]*)" />\n')
_FRAME = "collected.html"
_NAVIGATION = re.compile(r'(<div id="pst-primary-sidebar"[^>]*>)(.*?)(</div>\s*<main )', re.DOTALL)
_SCRIPT = "_static/navigation.js"


class Frames:
    """The frames of one folder's pages: one for each set of scripts and styles that its pages load."""

    def __init__(self, builder: StandaloneHTMLBuilder, folder: str, template: str) -> None:
        self._builder = builder
        self._folder = folder
        self._article = _trusted(builder.templates.environment).get_template(template)
        self._frames: dict[tuple[str, ...], str] = {}

    def filled(self, name: str, content: Mapping[str, Any], around: Mapping[str, Any]) -> str:
        """Return a page: `around` has its title, the tags of its head, and the sections that its contents list."""
        loads = tuple(sorted(key for key, value in around.items() if key.startswith("has_") and value))
        if loads not in self._frames:
            self._frames[loads] = self._rendered({key: around[key] for key in around if key.startswith("has_")})
        tags = str(around["metatags"])
        described = _DESCRIBED.match(tags)
        if described is None:
            raise ValueError(f"the tags of {name} do not begin with its description")
        marks = {
            _NAME: name.rpartition("/")[2],
            _TITLE: str(escape(around["title"])),
            _DESCRIPTION: described.group(1),
            _HEAD: tags[described.end() :],
            _ARTICLE: self._article.render({**content, **around}),
        }
        page = _with_sections(self._frames[loads], around["sections"])
        return re.sub("|".join(marks), lambda mark: marks[mark.group()], page)

    def _rendered(self, loads: Mapping[str, Any]) -> str:
        name = f"{self._folder}/{_NAME}"
        context = {
            **loads,
            "title": _TITLE,
            "metatags": f'<meta name="description" content="{_DESCRIPTION}" />\n{_HEAD}',
            "toc": f'<ul><li><a class="reference internal" href="#">{_TITLE}</a><ul><li>'
            f'<a class="reference internal" href="#{_ADDRESS}">{_SECTION}</a></li></ul></li></ul>',
            "article": _ARTICLE,
        }
        self._builder.handle_page(name, context, _FRAME)
        path = Path(self._builder.get_outfilename(name))
        frame = path.read_text(encoding="utf-8")
        path.unlink()
        frame = re.sub(r"\n\s+", "\n", frame)  # what indents thousands of pages is many megabytes
        return _NAVIGATION.sub(self._shared, frame)

    def _shared(self, sidebar: re.Match[str]) -> str:
        """Write the navigation as a script, which a page opened from disk may load too, and return what loads it."""
        text = (
            f'document.currentScript.insertAdjacentHTML("beforebegin", {json.dumps(sidebar[2], ensure_ascii=False)});\n'
        )
        files.write(Path(self._builder.outdir, _SCRIPT), text)
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        loads = f'<script src="../{_SCRIPT}?v={digest}"></script>'
        links = '<a href="../index.html">All chapters</a> <a href="../licences.html">Licences</a>'
        return f"{sidebar[1]}{loads}<noscript>{links}</noscript>{sidebar[3]}"


def _trusted(guarded: Environment) -> Environment:
    """Return the environment for templates of ours: Sphinx guards each look at a thing, which was a third of filling them in."""
    trusted = Environment(
        loader=guarded.loader,
        extensions=list(guarded.extensions),
        autoescape=guarded.autoescape,  # noqa: S701 (Sphinx leaves it to the templates to escape)
    )
    trusted.filters, trusted.tests, trusted.globals = guarded.filters, guarded.tests, guarded.globals
    if isinstance(guarded.bytecode_cache, FileSystemBytecodeCache):
        # What is compiled for the one cannot be run in the other.
        trusted.bytecode_cache = FileSystemBytecodeCache(guarded.bytecode_cache.directory, "trusted-%s.cache")
    return trusted


def _with_sections(frame: str, sections: Sequence[Part]) -> str:
    """Return the frame with one entry of the contents for each section in the place of the entry of marks."""

    def entries(entry: re.Match[str]) -> str:
        return "".join(
            entry.group().replace(_ADDRESS, part.address).replace(_SECTION, _text(part.text)) for part in sections
        )

    return re.sub(rf"<li[^>]*>\s*<a[^>]*#{_ADDRESS}[^>]*>.*?</a>\s*</li>", entries, frame, flags=re.DOTALL)


def _text(text: str) -> str:
    """Return text of the contents as the theme writes it there: without a quotation mark escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
