"""How many pages and megabytes each PDF has, behind the links to it."""

from peft_vlm_survey.site.files import MEASURE, PDFS
from peft_vlm_survey.site.pdf_sizes import fill, measured


def test_pages_are_counted_by_the_log_and_bytes_by_the_file(tmp_path):
    for name in PDFS:
        (tmp_path / name).write_bytes(b"%PDF" + bytes(1_999_996))
        log = (tmp_path / name).with_suffix(".log")
        log.write_text("Output written on a-long-name.xdv (1\n80 pages, 3 bytes).\n", encoding="utf-8")
    assert measured(tmp_path, tmp_path) == dict.fromkeys(PDFS, " (180 pages, 2.0 MB)")


def test_the_size_is_written_behind_each_link_that_has_a_place_for_it():
    link = '<a class="x" href="../peft-vlm-survey.pdf"><code>a</code></a>'
    sizes = {"peft-vlm-survey.pdf": " (9 pages)"}
    assert fill(f"{link}{MEASURE}, {link}", sizes) == f"{link} (9 pages), {link}"
