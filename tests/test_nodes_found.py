"""Searching a document with one stack finds what docutils finds, in its order."""

import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.nodes import NodeMatcher

from peft_vlm_survey.site.nodes_found import _findall, findall

LEAVES = st.sampled_from(["word", ""]).map(nodes.Text)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda kind, children: kind("", *children),
        st.sampled_from([nodes.paragraph, nodes.section, nodes.emphasis, nodes.literal]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)
CONDITIONS = {
    "all": None,
    "a class": nodes.emphasis,
    "texts": nodes.Text,
    "a base class": nodes.Element,
    "a function": lambda node: isinstance(node, nodes.literal),
    "a matcher": NodeMatcher(nodes.paragraph),
}


@given(tree=TREES)
def test_it_yields_the_same_nodes_in_the_same_order(tree):
    every = ({}, {"include_self": False}, {"descend": False}, {"siblings": True}, {"ascend": True})
    for name, condition in CONDITIONS.items():
        for options in every:
            expected = list(map(id, _findall(tree, condition, **options)))
            assert list(map(id, findall(tree, condition, **options))) == expected, (name, options)


@pytest.mark.parametrize("search", [findall, _findall])
def test_what_is_put_into_a_node_that_was_just_yielded_is_found(search):
    tree = nodes.section("", nodes.paragraph("", nodes.Text("old")), nodes.paragraph())
    found = []
    for node in search(tree, nodes.Node):
        found.append(node)
        if isinstance(node, nodes.paragraph) and not node.children:
            node += nodes.Text("new")
    assert [str(node) for node in found if isinstance(node, nodes.Text)] == ["old", "new"]
