"""What readers take away, one module a form; survey/exports.py is the door."""
