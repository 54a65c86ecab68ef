"""What the package answers with: MyST text and vector figures."""
