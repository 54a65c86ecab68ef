"""sphinxcontrib-bibtex for thousands of entries: what it does for every list and citation anew is done once."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Sequence

from docutils import nodes
from pybtex.backends.plaintext import Backend
from pybtex.database import Entry
from pybtex.plugin import find_plugin, register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.labels.number import LabelStyle
from pybtex.style.names.plain import NameStyle
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.directives import BibliographyDirective, BibliographyKey
from sphinxcontrib.bibtex.domain import BibtexDomain, _FilterVisitor

from peft_vlm_survey.site.papers import catalogued

# The filter of a chapter's list: what the chapter cites itself.
_OWN = ast.dump(ast.parse("docname in docnames"))
# For a plugin that is not registered, pybtex searches every installed package, once per citation or list.
_PLUGINS = {
    ("pybtex.backends", "plaintext"): Backend,
    ("pybtex.style.labels", "number"): LabelStyle,
    ("pybtex.style.names", "plain"): NameStyle,
    ("pybtex.style.sorting", "author_year_title"): SortingStyle,
}


class Citations(BibtexDomain):
    """The domain of the citations and of their lists."""

    def get_filtered_entries(self, bibliography_key: BibliographyKey) -> Iterable[tuple[str, Entry]]:
        """Yield the entries of a list by key; where each is cited is looked up once per list, not once per entry."""
        cited = defaultdict(set)
        for reference in self.citation_refs:
            for target in reference.targets:
                cited[target.key].add(reference.docname)
        bibliography = self.bibliographies[bibliography_key]
        if ast.dump(bibliography.filter_) == _OWN:
            held = self.bibdata.data.entries
            for key, names in cited.items():
                if bibliography_key.docname in names and key in held:  # who cites what no file has is told elsewhere
                    yield key, held[key]
            return
        for entry in self.get_entries(bibliography.bibfiles):
            key = str(entry.key)
            if _FilterVisitor(entry, bibliography_key.docname, cited[key]).visit(bibliography.filter_):
                yield key, entry

    @property
    def texts(self) -> dict[str, tuple[str, Text]]:
        """What each entry said and how it was formatted for that, by key, kept from build to build."""
        return self.data.setdefault("texts", {})  # type: ignore[no-any-return]

    def get_formatted_entries(
        self, bibliography_key: BibliographyKey, docnames: list[str], tooltips: bool, tooltips_style: str
    ) -> Iterable[tuple[Entry, FormattedEntry, FormattedEntry | None]]:
        """Yield the formatted entries of a list in order; each entry is formatted once, for lists and tooltips alike."""
        style = find_plugin("pybtex.style.formatting", self.bibliographies[bibliography_key].style)()
        entries = style.sort(dict(self.get_sorted_entries(bibliography_key, docnames)).values())
        for label, entry in zip(style.format_labels(entries), entries, strict=True):
            content = repr((entry.type, entry.fields, entry.persons, entry.key in catalogued()))
            if self.texts.get(entry.key, ("",))[0] != content:
                self.texts[entry.key] = content, style.format_entry(label, entry).text
            formatted = FormattedEntry(entry.key, self.texts[entry.key][1], label)
            yield entry, formatted, formatted if tooltips else None


class Bibliography(BibliographyDirective):
    """The list of references, or a chapter's own list, to which no citation leads."""

    def run(self) -> Sequence[nodes.Node]:
        """Return the list; a chapter's own gets a place for what the chapter cites, not for every entry there is."""
        made = super().run()
        if "list" in self.options:
            lists = self.env.get_domain("cite").bibliographies  # type: ignore[attr-defined]
            key = next(reversed(lists))  # the one just made
            for item in lists[key].citation_nodes.values():
                for name in item["ids"]:
                    del self.state.document.ids[name]
            lists[key] = lists[key]._replace(citation_nodes=_Items())
        return made


class _Items(dict[str, nodes.list_item]):
    """The items of a list by key, made when they are asked for."""

    def __missing__(self, key: str) -> nodes.list_item:
        self[key] = nodes.list_item(ids=[f"listed-{key}"])
        return self[key]


def setup(app: Sphinx) -> None:
    """Put these in the place of sphinxcontrib-bibtex's own."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_domain(Citations, override=True)
    app.add_directive("bibliography", Bibliography, override=True)
    for (group, name), plugin in _PLUGINS.items():
        register_plugin(group, name, plugin, force=True)
