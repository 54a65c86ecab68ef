"""The directive {search-field}: the field in which a chapter lets its readers search the book; nothing on paper."""

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# _static/searchbox.js completes names in it; without scripts it leads to the search page, which says what to do.
_FORM = """<form class="start-search" action="search.html" role="search">
<input type="search" name="q" aria-label="Search papers, methods and data sets" placeholder="A paper, a method, a data set" autocomplete="off">
<button type="submit">Search</button>
</form>"""


class SearchField(SphinxDirective):
    """Show the field."""

    def run(self) -> list[Node]:
        """Return the form, for the site alone."""
        return [nodes.raw("", _FORM, format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("search-field", SearchField)
