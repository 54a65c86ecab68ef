import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peft_vlm_survey.export.json_text import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside) | st.tuples(inside, inside),
    max_leaves=20,
)


@given(VALUES)
def test_it_is_what_the_standard_library_writes(value):
    assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=1)


def test_a_name_that_is_no_text_is_refused():
    with pytest.raises(TypeError):
        json_text({1: "one"})
