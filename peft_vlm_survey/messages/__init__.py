"""The messages of the book and their translations: gettext catalogues below locale/, one for each chapter.

Two more catalogues serve all chapters: answers.po translates what the package says in tables and captions, interface.po
what templates and scripts say. In these, numbers and roles are placeholders, {1}, {2}, …, so that one message serves
every number, and {a}, {b}, … stand for any words, which are translated in turn.
"""
