import pytest

from peft_vlm_survey.read.folding import LETTERS, beginning, folded


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bałazy", "balazy"),
        ("ŁØĐÐẞÆŒİÞ", "loddssaeoeith"),
        ("Nguyễn García", "nguyen garcia"),
        ("Vision–Language — a ‑ b", "vision-language - a - b"),
        ("𝜋-Tuning", "π-tuning"),
        ("数据", "数据"),
    ],
)
def test_letters_lose_case_accents_and_strokes(text, said):
    assert folded(text) == said


def test_what_is_folded_stays_as_it_is_when_folded_again():
    text = "".join(map(chr, range(0x20, 0x250)))
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_with_a_stroke_is_folded_large_and_small(letter):
    assert folded(letter) == LETTERS[letter] and folded(letter.upper()).isascii()


@pytest.mark.parametrize(
    ("title", "name", "letters"),
    [
        ("ABBA-Adapters: Efficient", "ABBA", 4),
        ("Fedclip: Fast", "FedCLIP", 7),
        ("Seer", "Seer", 4),
        ("Łapa: A Study", "Lapa", 4),
        ("Scalable Bayesian", "ScalaBL", 0),
        ("Seers", "Seer", 0),
        ("A Seer", "Seer", 0),
        ("Any", "", 0),
        ("", "Seer", 0),
    ],
)
def test_a_title_begins_with_a_name_of_whole_words_alone(title, name, letters):
    assert beginning(title, name) == letters
