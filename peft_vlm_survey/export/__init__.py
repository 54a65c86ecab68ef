"""What readers take away, one module per form; peft_vlm_survey/downloads.py is the door."""
